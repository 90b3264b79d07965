"""Decisions on KMS keys: key policies, identity policies and grants."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from iam_policy_evaluator import Grant, Policy, PolicyKind, Principal, Request, Verdict, evaluate, parse_policy

ALLOWED, EXPLICIT, IMPLICIT = Verdict.ALLOWED, Verdict.DENIED_EXPLICITLY, Verdict.DENIED_IMPLICITLY

# Pages below https://docs.aws.amazon.com/kms/latest/developerguide/.
ACCESS = "policy-evaluation.html"
DEFAULT = "key-policy-default.html"
GRANTS = "grants.html"
CONSTRAINTS = "create-grant-overview.html#grant-constraints"
OTHER_ACCOUNTS = "key-policy-modifying-external-accounts.html"

KEY = "arn:aws:kms:us-west-2:111122223333:key/1234abcd"
ROOT = Principal("AWS", "arn:aws:iam::111122223333:root")
USER = Principal("AWS", "arn:aws:iam::111122223333:user/exampleUser")
ROLE = Principal("AWS", "arn:aws:iam::111122223333:role/writer")
SESSION = Principal("AWS", "arn:aws:sts::111122223333:assumed-role/writer/one")
STRANGER = Principal("AWS", "arn:aws:iam::444455556666:user/stranger")
THEIR_ROOT = Principal("AWS", "arn:aws:iam::444455556666:root")
LOGS = Principal("Service", "logs.us-west-2.amazonaws.com")


def policy(*statements: Mapping[str, Any]) -> Policy:
    return parse_policy({"Version": "2012-10-17", "Statement": list(statements)}, name="p")


def statement(effect: str = "Allow", **elements: object) -> dict[str, Any]:
    return {"Effect": effect, "Action": "kms:*", "Resource": "*", **elements}


def naming(principal: Principal) -> Policy:
    return policy(statement(Principal={principal.type: principal.id}))


def grant(
    grantee: Principal = USER, *, equals: Mapping[str, str] | None = None, subset: Mapping[str, str] | None = None
) -> Grant:
    operations = ("Decrypt", "DescribeKey")
    return Grant(grantee=grantee, operations=operations, context_equals=equals, context_subset=subset)


ALLOW, DENY = policy(statement()), policy(statement("Deny"))
DELEGATING, NOTHING = naming(ROOT), policy()
DESCRIBE = policy(statement(Action="kms:DescribeKey"))
EXACT = grant(equals={"Department": "IT"})
AT_LEAST = grant(subset={"Department": "IT"})


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row: a request to use the key, what AWS decides, and the kind of the policy that decides."""

    page: str
    verdict: Verdict
    kind: PolicyKind | None = None
    does: str = "kms:Decrypt"
    by: Principal = USER
    key_policy: Policy | None = DELEGATING
    identity: tuple[Policy, ...] = ()
    boundary: Policy | None = None
    grants: tuple[Grant, ...] = ()
    context: dict[str, str] = field(default_factory=dict)


def constrained(given: Grant, *, verdict: Verdict, kind: PolicyKind | None = None, **pairs: str) -> Row:
    context = {f"kms:EncryptionContext:{key}": value for key, value in pairs.items()}
    return Row(page=CONSTRAINTS, verdict=verdict, kind=kind, grants=(given,), context=context)


ROWS: Mapping[str, Row] = {
    "the key policy names the user": Row(page=ACCESS, verdict=ALLOWED, kind=PolicyKind.KEY, key_policy=naming(USER)),
    "the key policy delegates and the identity policy allows": Row(
        page=ACCESS, verdict=ALLOWED, kind=PolicyKind.IDENTITY, identity=(ALLOW,)
    ),
    "the key policy delegates and no identity policy allows": Row(
        page=ACCESS, verdict=IMPLICIT, kind=PolicyKind.IDENTITY
    ),
    "the key policy does not delegate": Row(
        page=DEFAULT, verdict=IMPLICIT, kind=PolicyKind.KEY, key_policy=NOTHING, identity=(ALLOW,)
    ),
    "the identity policy denies": Row(
        page=DEFAULT, verdict=EXPLICIT, kind=PolicyKind.IDENTITY, key_policy=naming(USER), identity=(DENY,)
    ),
    "the root user needs the key policy": Row(
        page=DEFAULT, verdict=IMPLICIT, kind=PolicyKind.KEY, key_policy=NOTHING, by=ROOT
    ),
    "the default key policy allows the root user": Row(page=DEFAULT, verdict=ALLOWED, kind=PolicyKind.KEY, by=ROOT),
    "an account id in the key policy allows the root user": Row(
        page=DEFAULT, verdict=ALLOWED, kind=PolicyKind.KEY, key_policy=naming(Principal("AWS", "111122223333")), by=ROOT
    ),
    "the boundary limits a role in the key policy": Row(
        page=DEFAULT,
        verdict=IMPLICIT,
        kind=PolicyKind.BOUNDARY,
        by=SESSION,
        key_policy=naming(ROLE),
        boundary=DESCRIBE,
    ),
    "an action without a key needs only the identity policy": Row(
        page=ACCESS,
        verdict=ALLOWED,
        kind=PolicyKind.IDENTITY,
        does="kms:ListKeys",
        key_policy=None,
        identity=(ALLOW,),
    ),
    "the key policy allows a service": Row(
        page=ACCESS, verdict=ALLOWED, kind=PolicyKind.KEY, key_policy=naming(LOGS), by=LOGS
    ),
    "a delegation is not for services": Row(
        page=ACCESS, verdict=IMPLICIT, kind=PolicyKind.KEY, by=LOGS, identity=(ALLOW,)
    ),
    "another account's policy must allow too": Row(
        page=OTHER_ACCOUNTS, verdict=IMPLICIT, kind=PolicyKind.IDENTITY, key_policy=naming(STRANGER), by=STRANGER
    ),
    "the key's and the caller's account allow": Row(
        page=OTHER_ACCOUNTS,
        verdict=ALLOWED,
        kind=PolicyKind.KEY,
        key_policy=naming(THEIR_ROOT),
        by=STRANGER,
        identity=(ALLOW,),
    ),
    "the key policy does not name the other account": Row(
        page=OTHER_ACCOUNTS, verdict=IMPLICIT, kind=PolicyKind.KEY, by=STRANGER, identity=(ALLOW,)
    ),
    "a grant allows beside the key policy": Row(
        page=GRANTS, verdict=ALLOWED, key_policy=NOTHING, grants=(grant(STRANGER), grant())
    ),
    "a grant allows another account": Row(
        page=OTHER_ACCOUNTS, verdict=ALLOWED, key_policy=NOTHING, grants=(grant(STRANGER),), by=STRANGER
    ),
    "a grant counts before the key policy for another account": Row(
        page=OTHER_ACCOUNTS, verdict=ALLOWED, key_policy=naming(STRANGER), grants=(grant(STRANGER),), by=STRANGER
    ),
    "a grant to an account delegates": Row(
        page=GRANTS, verdict=IMPLICIT, kind=PolicyKind.IDENTITY, key_policy=NOTHING, grants=(grant(ROOT),)
    ),
    "a grant to a role is for its sessions": Row(
        page=GRANTS, verdict=ALLOWED, key_policy=NOTHING, grants=(grant(ROLE),), by=SESSION
    ),
    "a grant has only its operations": Row(
        page=GRANTS, verdict=IMPLICIT, kind=PolicyKind.KEY, key_policy=NOTHING, does="kms:Encrypt", grants=(grant(),)
    ),
    "a grant is for no other service": Row(
        page=GRANTS, verdict=IMPLICIT, kind=PolicyKind.IDENTITY, does="k:Decrypt", grants=(grant(),)
    ),
    "a grant is for no other user": Row(
        page=GRANTS, verdict=IMPLICIT, kind=PolicyKind.KEY, key_policy=NOTHING, grants=(grant(STRANGER),)
    ),
    "a denial wins over a grant": Row(
        page=GRANTS, verdict=EXPLICIT, kind=PolicyKind.IDENTITY, identity=(DENY,), grants=(grant(),)
    ),
    "an exact context allows its pairs": constrained(EXACT, verdict=ALLOWED, Department="IT"),
    "an exact context has no other pair": constrained(
        EXACT, verdict=IMPLICIT, kind=PolicyKind.IDENTITY, Department="IT", Purpose="Test"
    ),
    "an exact context has case": constrained(EXACT, verdict=IMPLICIT, kind=PolicyKind.IDENTITY, department="IT"),
    "a part of the context allows other pairs": constrained(AT_LEAST, verdict=ALLOWED, Department="IT", Purpose="Test"),
    "a part of the context needs its pairs": constrained(
        AT_LEAST, verdict=IMPLICIT, kind=PolicyKind.IDENTITY, Purpose="Test"
    ),
    "DescribeKey has no encryption context": Row(
        page=CONSTRAINTS, verdict=ALLOWED, does="kms:DescribeKey", grants=(EXACT,)
    ),
}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_decides_on_a_key_as_documented(row: Row) -> None:
    request = Request(action=row.does, resource=KEY, principal=row.by, context=row.context)

    decision = evaluate(
        request, identity=row.identity, resource=row.key_policy, boundary=row.boundary, grants=row.grants
    )

    assert (decision.verdict, decision.kind) == (row.verdict, row.kind), row.page
    assert (decision.grant in row.grants) is (row.verdict is ALLOWED and row.kind is None)


def test_the_reason_names_the_grant() -> None:
    given = Grant(grantee=USER, operations=("Decrypt",), id="abcde1237f76")

    decision = evaluate(Request(action="kms:Decrypt", resource=KEY, principal=USER), resource=NOTHING, grants=[given])

    assert (decision.reason, decision.grant) == (f"Grant 'abcde1237f76' allows kms:Decrypt on {KEY}.", given)
