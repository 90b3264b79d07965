"""Decisions within an account and across accounts, and on role trust policies, each with its AWS page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from iam_policy_evaluator import Policy, PolicyKind, Principal, Request, Verdict, evaluate, parse_policy

ALLOWED, EXPLICIT, IMPLICIT = Verdict.ALLOWED, Verdict.DENIED_EXPLICITLY, Verdict.DENIED_IMPLICITLY

# Pages below https://docs.aws.amazon.com/IAM/latest/UserGuide/.
LOGIC = "reference_policies_evaluation-logic.html"
CROSS_ACCOUNT = "reference_policies_evaluation-logic-cross-account.html"
PRINCIPAL = "reference_policies_elements_principal.html"
TRUST = "id_roles_compare-resource-policies.html"
BOUNDARIES = "access_policies_boundaries.html"

QUEUE = "arn:aws:sqs:us-east-1:111122223333:q"
OBJECT = "arn:aws:s3:::b/x"
TARGET = "arn:aws:iam::111122223333:role/target"
ROOT, THEIR_ROOT = (Principal("AWS", f"arn:aws:iam::{account}:root") for account in ("111122223333", "444455556666"))
ANN = Principal("AWS", "arn:aws:iam::111122223333:user/Ann")
CARLOS = Principal("AWS", "arn:aws:iam::444455556666:user/carlossalazar")
THEIR_SESSION = Principal("AWS", "arn:aws:sts::444455556666:assumed-role/writer/one")
THEIR_ROLE = Principal("AWS", "arn:aws:iam::444455556666:role/writer")
FEDERATED = Principal("AWS", "arn:aws:sts::111122223333:federated-user/Ann")
EVERYONE = Principal("AWS", "*")
LAMBDA = Principal("Service", "lambda.amazonaws.com")
LOGIN = Principal("Federated", "arn:aws:iam::111122223333:saml-provider/login")


def policy(*statements: Mapping[str, Any]) -> Policy:
    return parse_policy({"Version": "2012-10-17", "Statement": list(statements)})


def statement(effect: str = "Allow", **elements: object) -> dict[str, Any]:
    return {"Effect": effect, "Action": "*", "Resource": "*", **elements}


def naming(principal: Principal) -> Policy:
    return policy(statement(Principal={principal.type: principal.id}))


def trusting(principal: Principal) -> Policy:
    trust = {"Effect": "Allow", "Action": "sts:*", "Principal": {principal.type: principal.id}}
    return policy(trust)


ALLOW, DENY, NOTHING = policy(statement()), policy(statement("Deny")), policy()
READ = policy(statement(Action="sqs:ReceiveMessage"))
NOT_ANN = policy(statement("Deny", NotPrincipal={"AWS": [ANN.id, ROOT.id]}))


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row: a request, what AWS decides, and the kind of the policy that decides."""

    page: str
    verdict: Verdict
    kind: PolicyKind | None = None
    does: str = "sqs:SendMessage"
    on: str = QUEUE
    of: str | None = None
    by: Principal = CARLOS
    identity: tuple[Policy, ...] = ()
    resource: Policy | None = None
    boundary: Policy | None = None
    session: Policy | None = None


def assuming(verdict: Verdict, kind: PolicyKind, trust: Policy, by: Principal, *identity: Policy) -> Row:
    return Row(
        page=TRUST,
        verdict=verdict,
        kind=kind,
        does="sts:AssumeRole",
        on=TARGET,
        by=by,
        resource=trust,
        identity=identity,
    )


ROWS: Mapping[str, Row] = {
    "the resource names the other account, and that account allows": Row(
        page=CROSS_ACCOUNT, verdict=ALLOWED, kind=PolicyKind.RESOURCE, resource=naming(THEIR_ROOT), identity=(ALLOW,)
    ),
    "the resource does not name the other account": Row(
        page=CROSS_ACCOUNT, verdict=IMPLICIT, kind=PolicyKind.RESOURCE, resource=naming(ROOT), identity=(ALLOW,)
    ),
    "the resource has no policy": Row(
        page=CROSS_ACCOUNT, verdict=IMPLICIT, kind=PolicyKind.RESOURCE, identity=(ALLOW,)
    ),
    "the principal * does not replace another account's policy": Row(
        page=PRINCIPAL, verdict=IMPLICIT, kind=PolicyKind.IDENTITY, resource=naming(EVERYONE)
    ),
    "a session's ARN does not replace another account's policy": Row(
        page=CROSS_ACCOUNT,
        verdict=IMPLICIT,
        kind=PolicyKind.IDENTITY,
        resource=naming(THEIR_SESSION),
        by=THEIR_SESSION,
    ),
    "the boundary limits a caller of another account": Row(
        page=CROSS_ACCOUNT,
        verdict=IMPLICIT,
        kind=PolicyKind.BOUNDARY,
        resource=naming(THEIR_ROLE),
        identity=(ALLOW,),
        boundary=READ,
        by=THEIR_SESSION,
    ),
    "the root user of another account needs the resource policy": Row(
        page=CROSS_ACCOUNT, verdict=IMPLICIT, kind=PolicyKind.RESOURCE, by=THEIR_ROOT
    ),
    "the resource policy allows the root user of another account": Row(
        page=CROSS_ACCOUNT, verdict=ALLOWED, kind=PolicyKind.RESOURCE, resource=naming(THEIR_ROOT), by=THEIR_ROOT
    ),
    "the request has the account of a bucket": Row(
        page=CROSS_ACCOUNT,
        verdict=IMPLICIT,
        kind=PolicyKind.RESOURCE,
        on=OBJECT,
        of="111122223333",
        identity=(ALLOW,),
    ),
    "a bucket without an account is the caller's": Row(
        page=LOGIC, verdict=ALLOWED, kind=PolicyKind.IDENTITY, on=OBJECT, identity=(ALLOW,)
    ),
    "the account of the request comes before that of the ARN": Row(
        page=LOGIC, verdict=ALLOWED, kind=PolicyKind.IDENTITY, of="444455556666", identity=(ALLOW,)
    ),
    "the root user needs no policy": Row(page=LOGIC, verdict=ALLOWED, by=ROOT),
    "a policy can deny the root user": Row(
        page=LOGIC,
        verdict=EXPLICIT,
        kind=PolicyKind.RESOURCE,
        by=ROOT,
        resource=policy(statement("Deny", Principal="*")),
    ),
    "a federated user needs a session policy": Row(
        page=LOGIC, verdict=IMPLICIT, kind=PolicyKind.SESSION, by=FEDERATED, identity=(ALLOW,)
    ),
    "a federated user and its session policy": Row(
        page=LOGIC, verdict=ALLOWED, kind=PolicyKind.IDENTITY, by=FEDERATED, identity=(ALLOW,), session=ALLOW
    ),
    "a resource policy names a federated user": Row(
        page=LOGIC, verdict=ALLOWED, kind=PolicyKind.RESOURCE, by=FEDERATED, resource=naming(FEDERATED)
    ),
    "NotPrincipal denies each caller with a boundary": Row(
        page=BOUNDARIES,
        verdict=EXPLICIT,
        kind=PolicyKind.RESOURCE,
        by=ANN,
        resource=NOT_ANN,
        identity=(ALLOW,),
        boundary=ALLOW,
    ),
    "NotPrincipal exempts a caller without a boundary": Row(
        page=BOUNDARIES, verdict=ALLOWED, kind=PolicyKind.IDENTITY, by=ANN, resource=NOT_ANN, identity=(ALLOW,)
    ),
    "a trust policy names the user": assuming(ALLOWED, PolicyKind.TRUST, trusting(ANN), ANN),
    "a trust policy delegates": assuming(ALLOWED, PolicyKind.IDENTITY, trusting(ROOT), ANN, ALLOW),
    "a trust policy delegates to nothing": assuming(IMPLICIT, PolicyKind.IDENTITY, trusting(ROOT), ANN),
    "an identity policy does not replace a trust policy": assuming(IMPLICIT, PolicyKind.TRUST, NOTHING, ANN, ALLOW),
    "a trust policy trusts a service": assuming(ALLOWED, PolicyKind.TRUST, trusting(LAMBDA), LAMBDA),
    "a trust policy trusts another service": assuming(IMPLICIT, PolicyKind.TRUST, trusting(LOGIN), LAMBDA),
    "a trust policy trusts an identity provider": assuming(ALLOWED, PolicyKind.TRUST, trusting(LOGIN), LOGIN),
    "a trust policy can deny": assuming(
        EXPLICIT, PolicyKind.TRUST, policy(statement("Deny", Principal="*")), ANN, ALLOW
    ),
    "another account and the trust policy allow": assuming(
        ALLOWED, PolicyKind.TRUST, trusting(THEIR_ROOT), CARLOS, ALLOW
    ),
}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_decides_as_documented(row: Row) -> None:
    request = Request(action=row.does, resource=row.on, principal=row.by, resource_account=row.of)

    decision = evaluate(
        request, identity=row.identity, resource=row.resource, boundary=row.boundary, session=row.session
    )

    assert (decision.verdict, decision.kind) == (row.verdict, row.kind), row.page


def test_the_reason_names_the_root_user() -> None:
    decision = evaluate(Request(action="sqs:SendMessage", resource=QUEUE, principal=ROOT))

    assert decision.reason == f"No policy denies the root user sqs:SendMessage on {QUEUE}."
