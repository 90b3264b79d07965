"""Decisions on resource policies and their principals, each with the AWS page that defines it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from iam_policy_evaluator import Policy, Principal, Request, Verdict, evaluate, parse_policy

ALLOWED, EXPLICIT, IMPLICIT = Verdict.ALLOWED, Verdict.DENIED_EXPLICITLY, Verdict.DENIED_IMPLICITLY

# Pages below https://docs.aws.amazon.com/IAM/latest/UserGuide/.
LOGIC = "reference_policies_evaluation-logic.html"
BOUNDARIES = "access_policies_boundaries.html"
NOT_PRINCIPAL = "reference_policies_elements_notprincipal.html"
PRINCIPAL = "reference_policies_elements_principal.html"
ROLE_TRUST = "id_roles_terms-and-concepts.html"

ROLE = Principal("AWS", "arn:aws:iam::111122223333:role/team/writer")
SESSION = Principal("AWS", "arn:aws:sts::111122223333:assumed-role/writer/one")
BOB = Principal("AWS", "arn:aws:iam::111122223333:user/Bob")
ANN = Principal("AWS", "arn:aws:iam::111122223333:user/Ann")
ROOT = Principal("AWS", "arn:aws:iam::111122223333:root")
SNS = Principal("Service", "sns.amazonaws.com")


def policy(name: str, *statements: Mapping[str, Any]) -> Policy:
    return parse_policy({"Version": "2012-10-17", "Statement": list(statements)}, name=name)


def statement(effect: str = "Allow", **elements: object) -> dict[str, Any]:
    """Build a statement about every S3 action on every resource, except for the elements given."""
    return {"Effect": effect, "Action": "s3:*", "Resource": "*", **elements}


def granting(*principals: object) -> Policy:
    return policy("bucket", *(statement(Principal=principal) for principal in principals))


def denying_all_but(*arns: str) -> Policy:
    return policy("bucket", statement("Deny", NotPrincipal={"AWS": list(arns)}))


ALLOW = policy("allow", statement())
READ = policy("read", statement(Action="s3:GetObject"))


@dataclass(frozen=True, kw_only=True)
class Case:
    """One row: the policies, the caller, and what AWS decides."""

    page: str
    verdict: Verdict
    resource: Policy
    identity: tuple[Policy, ...] = ()
    boundary: Policy | None = None
    session: Policy | None = None
    action: str = "s3:PutObject"
    on: str = "arn:aws:s3:::reports/may"
    by: Principal | None = ROLE


CASES: Mapping[str, Case] = {
    "a resource policy allows a user without identity policy": Case(
        page=LOGIC, verdict=ALLOWED, resource=granting({"AWS": BOB.id}), by=BOB
    ),
    "a resource policy does not allow another user": Case(
        page=LOGIC, verdict=IMPLICIT, resource=granting({"AWS": BOB.id}), by=ANN
    ),
    "a resource policy allows the sessions of a role": Case(
        page=PRINCIPAL, verdict=ALLOWED, resource=granting({"AWS": ROLE.id}), by=SESSION
    ),
    "a boundary limits what a resource policy grants to a role": Case(
        page=BOUNDARIES, verdict=IMPLICIT, resource=granting({"AWS": ROLE.id}), boundary=READ, by=SESSION
    ),
    "a boundary does not limit what a resource policy grants to a session": Case(
        page=BOUNDARIES, verdict=ALLOWED, resource=granting({"AWS": SESSION.id}), boundary=READ, by=SESSION
    ),
    "a boundary does not limit what a resource policy grants to a user": Case(
        page=BOUNDARIES, verdict=ALLOWED, resource=granting({"AWS": BOB.id}), boundary=READ, by=BOB
    ),
    "the most exact grant of a resource policy counts": Case(
        page=BOUNDARIES,
        verdict=ALLOWED,
        resource=granting({"AWS": ROLE.id}, {"AWS": SESSION.id}),
        boundary=READ,
        by=SESSION,
    ),
    "a session policy limits what a resource policy grants to a role": Case(
        page=LOGIC, verdict=IMPLICIT, resource=granting({"AWS": ROLE.id}), session=READ
    ),
    "an account as principal only delegates": Case(
        page=PRINCIPAL, verdict=IMPLICIT, resource=granting({"AWS": ROOT.id}), by=BOB
    ),
    "an account id as principal only delegates": Case(
        page=PRINCIPAL, verdict=IMPLICIT, resource=granting({"AWS": "111122223333"}), by=BOB
    ),
    "an account as principal allows its root user": Case(
        page=PRINCIPAL, verdict=ALLOWED, resource=granting({"AWS": "111122223333"}), by=ROOT
    ),
    "a delegation and an identity policy allow": Case(
        page=PRINCIPAL, verdict=ALLOWED, identity=(ALLOW,), resource=granting({"AWS": ROOT.id}), by=BOB
    ),
    "the principal * includes anonymous callers": Case(
        page=PRINCIPAL, verdict=ALLOWED, resource=granting("*"), by=None
    ),
    "an anonymous caller needs the principal *": Case(
        page=PRINCIPAL, verdict=IMPLICIT, resource=granting({"AWS": BOB.id}), by=None
    ),
    "a service needs only the resource policy": Case(
        page=PRINCIPAL, verdict=ALLOWED, resource=granting({"Service": SNS.id}), by=SNS
    ),
    "another service is not allowed": Case(
        page=PRINCIPAL, verdict=IMPLICIT, resource=granting({"Service": "events.amazonaws.com"}), by=SNS
    ),
    "a principal of another type is not allowed": Case(
        page=PRINCIPAL, verdict=IMPLICIT, resource=granting({"Federated": SNS.id}), by=SNS
    ),
    "an identity policy does not count for a service": Case(
        page=PRINCIPAL, verdict=IMPLICIT, identity=(ALLOW,), resource=granting({"AWS": BOB.id}), by=SNS
    ),
    "a principal cannot have a wildcard inside": Case(
        page=PRINCIPAL, verdict=IMPLICIT, resource=granting({"AWS": "arn:aws:iam::111122223333:user/*"}), by=BOB
    ),
    "a resource policy can deny an account": Case(
        page=LOGIC,
        verdict=EXPLICIT,
        identity=(ALLOW,),
        resource=policy("bucket", statement("Deny", Principal={"AWS": ROOT.id})),
        by=BOB,
    ),
    "NotPrincipal exempts a user named with the account": Case(
        page=NOT_PRINCIPAL, verdict=ALLOWED, identity=(ALLOW,), resource=denying_all_but(BOB.id, ROOT.id), by=BOB
    ),
    "NotPrincipal denies a user named without the account": Case(
        page=NOT_PRINCIPAL, verdict=EXPLICIT, identity=(ALLOW,), resource=denying_all_but(BOB.id), by=BOB
    ),
    "NotPrincipal denies another user of the account": Case(
        page=NOT_PRINCIPAL, verdict=EXPLICIT, identity=(ALLOW,), resource=denying_all_but(BOB.id, ROOT.id), by=ANN
    ),
    "NotPrincipal exempts a session named with role and account": Case(
        page=NOT_PRINCIPAL,
        verdict=ALLOWED,
        identity=(ALLOW,),
        resource=denying_all_but(SESSION.id, ROLE.id, ROOT.id),
        by=SESSION,
    ),
    "NotPrincipal denies a session whose role is not named": Case(
        page=NOT_PRINCIPAL,
        verdict=EXPLICIT,
        identity=(ALLOW,),
        resource=denying_all_but(SESSION.id, ROOT.id),
        by=SESSION,
    ),
    "NotPrincipal denies a session that is not named itself": Case(
        page=NOT_PRINCIPAL,
        verdict=EXPLICIT,
        identity=(ALLOW,),
        resource=denying_all_but(ROLE.id, ROOT.id),
        by=SESSION,
    ),
    "NotPrincipal exempts a role named with the account": Case(
        page=NOT_PRINCIPAL, verdict=ALLOWED, identity=(ALLOW,), resource=denying_all_but(ROLE.id, ROOT.id)
    ),
    "NotPrincipal exempts the root user": Case(
        page=NOT_PRINCIPAL, verdict=ALLOWED, identity=(ALLOW,), resource=denying_all_but(ROOT.id), by=ROOT
    ),
    "NotPrincipal * exempts every caller": Case(
        page=NOT_PRINCIPAL, verdict=ALLOWED, identity=(ALLOW,), resource=denying_all_but("*")
    ),
    "an Allow with NotPrincipal does not allow an account that it names": Case(
        page=NOT_PRINCIPAL,
        verdict=IMPLICIT,
        resource=policy("bucket", statement(NotPrincipal={"AWS": ROOT.id})),
        by=BOB,
    ),
    "an Allow with NotPrincipal allows another user": Case(
        page=NOT_PRINCIPAL,
        verdict=ALLOWED,
        resource=policy("bucket", statement(NotPrincipal={"AWS": ANN.id})),
        by=BOB,
    ),
    "a trust policy applies to its own role": Case(
        page=ROLE_TRUST,
        verdict=ALLOWED,
        resource=policy("trust", {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": SNS.id}}),
        action="sts:AssumeRole",
        on=ROLE.id,
        by=SNS,
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_decides_as_documented(case: Case) -> None:
    request = Request(action=case.action, resource=case.on, principal=case.by)

    decision = evaluate(
        request, identity=case.identity, resource=case.resource, boundary=case.boundary, session=case.session
    )

    assert decision.verdict is case.verdict, case.page


def test_the_reason_names_the_resource_policy() -> None:
    request = Request(action="s3:PutObject", resource="arn:aws:s3:::reports/may", principal=BOB)

    decision = evaluate(request, resource=granting({"AWS": BOB.id}))

    assert decision.reason == (
        "Statement number 1 of the resource policy 'bucket' allows s3:PutObject on arn:aws:s3:::reports/may."
    )
