"""Decisions on identity policies, boundaries and session policies, each with the AWS page that defines it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from iam_policy_evaluator import Decision, Policy, Principal, Request, Verdict, evaluate, parse_policy

ALLOWED, EXPLICIT, IMPLICIT = Verdict.ALLOWED, Verdict.DENIED_EXPLICITLY, Verdict.DENIED_IMPLICITLY

# Pages below https://docs.aws.amazon.com/.
LOGIC = "IAM/latest/UserGuide/reference_policies_evaluation-logic.html"
BOUNDARIES = "IAM/latest/UserGuide/access_policies_boundaries.html"
NOT_ACTION = "IAM/latest/UserGuide/reference_policies_elements_notaction.html"
NOT_RESOURCE = "IAM/latest/UserGuide/reference_policies_elements_notresource.html"
FUNCTION_ROLE = "lambda/latest/dg/permissions-source-function-arn.html"

OBJECT = "arn:aws:s3:::carlossalazar/photo.png"
LOG = "arn:aws:s3:::carlossalazar-logs/one"
SERVICE = Principal("Service", "sns.amazonaws.com")
FUNCTION = {"lambda:SourceFunctionArn": "arn:aws:lambda:us-east-1:111122223333:function:f"}


def policy(name: str, *statements: Mapping[str, Any]) -> Policy:
    return parse_policy({"Version": "2012-10-17", "Statement": list(statements)}, name=name)


def statement(effect: str = "Allow", **elements: object) -> dict[str, Any]:
    """Build a statement about every S3 action on every resource, except for the elements given."""
    default = {} if "NotAction" in elements else {"Action": "s3:*"}
    if "NotResource" not in elements:
        default["Resource"] = "*"
    return {"Effect": effect, **default, **elements}


ALLOW = policy("allow", statement())
DENY = policy("deny", statement("Deny"))
READ = policy("read", statement(Action="s3:GetObject"))
LOGS_DENIED = policy("carlos", statement(Resource="arn:aws:s3:::carlossalazar*"), statement("Deny", Resource="*log*"))


@dataclass(frozen=True, kw_only=True)
class Case:
    """One row: the policies, the request, and what AWS decides."""

    page: str
    verdict: Verdict
    identity: tuple[Policy, ...] = ()
    boundary: Policy | None = None
    session: Policy | None = None
    on: str = OBJECT
    by: Principal | None = None
    context: dict[str, str] = field(default_factory=dict)


CASES: Mapping[str, Case] = {
    "a request without any policy is denied implicitly": Case(page=LOGIC, verdict=IMPLICIT),
    "an identity policy allows": Case(page=LOGIC, verdict=ALLOWED, identity=(ALLOW,)),
    "one of several identity policies is enough": Case(page=LOGIC, verdict=ALLOWED, identity=(READ, ALLOW)),
    "an explicit deny wins over an allow": Case(page=LOGIC, verdict=EXPLICIT, identity=(ALLOW, DENY)),
    "the order of the policies does not matter": Case(page=LOGIC, verdict=EXPLICIT, identity=(DENY, ALLOW)),
    "the documented deny of *log* denies the log bucket": Case(
        page=LOGIC, verdict=EXPLICIT, identity=(LOGS_DENIED,), on=LOG
    ),
    "the documented deny of *log* leaves the other bucket": Case(page=LOGIC, verdict=ALLOWED, identity=(LOGS_DENIED,)),
    "the boundary must allow too": Case(page=BOUNDARIES, verdict=IMPLICIT, identity=(ALLOW,), boundary=READ),
    "a boundary grants nothing": Case(page=BOUNDARIES, verdict=IMPLICIT, boundary=ALLOW),
    "identity policy and boundary both allow": Case(
        page=BOUNDARIES, verdict=ALLOWED, identity=(ALLOW,), boundary=ALLOW
    ),
    "a boundary can deny explicitly": Case(page=BOUNDARIES, verdict=EXPLICIT, identity=(ALLOW,), boundary=DENY),
    "the session policy must allow too": Case(page=LOGIC, verdict=IMPLICIT, identity=(ALLOW,), session=READ),
    "identity policy, boundary and session policy allow": Case(
        page=LOGIC, verdict=ALLOWED, identity=(ALLOW,), boundary=ALLOW, session=ALLOW
    ),
    "NotAction allows every other action": Case(
        page=NOT_ACTION, verdict=ALLOWED, identity=(policy("p", statement(NotAction="s3:DeleteBucket")),)
    ),
    "NotAction does not allow its own action": Case(
        page=NOT_ACTION,
        verdict=IMPLICIT,
        identity=(policy("p", statement(NotAction=["s3:DeleteBucket", "s3:Put*"])),),
    ),
    "a Deny with NotAction denies another action": Case(
        page=NOT_ACTION,
        verdict=EXPLICIT,
        identity=(
            ALLOW,
            policy(
                "mfa",
                statement(
                    "Deny", NotAction="iam:*", Condition={"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}
                ),
            ),
        ),
    ),
    "a Deny with NotResource denies another resource": Case(
        page=NOT_RESOURCE,
        verdict=EXPLICIT,
        identity=(ALLOW, policy("p", statement("Deny", NotResource="arn:aws:s3:::HRBucket/Payroll/*"))),
        on="arn:aws:s3:::HRBucket/x",
    ),
    "a Deny with NotResource does not deny its own resource": Case(
        page=NOT_RESOURCE,
        verdict=ALLOWED,
        identity=(ALLOW, policy("p", statement("Deny", NotResource="arn:aws:s3:::HRBucket/Payroll/*"))),
        on="arn:aws:s3:::HRBucket/Payroll/x",
    ),
    "a denial of the function's code denies the code": Case(
        page=FUNCTION_ROLE,
        verdict=EXPLICIT,
        identity=(ALLOW, policy("p", statement("Deny", Condition={"ArnEquals": FUNCTION}))),
        context=FUNCTION,
    ),
    "a denial of the function's code leaves Lambda's own calls": Case(
        page=FUNCTION_ROLE,
        verdict=ALLOWED,
        identity=(ALLOW, policy("p", statement("Deny", Condition={"ArnEquals": FUNCTION}))),
    ),
    "an identity statement without a resource allows nothing": Case(
        page=LOGIC, verdict=IMPLICIT, identity=(policy("p", {"Effect": "Allow", "Action": "s3:*"}),)
    ),
}


def decide(case: Case) -> Decision:
    request = Request(action="s3:PutObject", resource=case.on, principal=case.by, context=case.context)
    return evaluate(request, identity=case.identity, boundary=case.boundary, session=case.session)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_decides_as_documented(case: Case) -> None:
    decision = decide(case)

    assert (decision.verdict, decision.allowed) == (case.verdict, case.verdict is ALLOWED)
    assert (decision.statement is None) is (case.verdict is IMPLICIT)


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        (
            Case(page=LOGIC, verdict=ALLOWED, identity=(policy("write", statement(Sid="Put")),)),
            f"Statement 'Put' of the identity policy 'write' allows s3:PutObject on {OBJECT}.",
        ),
        (
            Case(page=LOGIC, verdict=EXPLICIT, identity=(LOGS_DENIED,), on=LOG),
            f"Statement number 2 of the identity policy 'carlos' denies s3:PutObject on {LOG}.",
        ),
        (
            Case(page=LOGIC, verdict=IMPLICIT),
            f"No identity policy or resource policy allows s3:PutObject on {OBJECT}.",
        ),
        (
            Case(page=LOGIC, verdict=IMPLICIT, identity=(ALLOW,), boundary=READ),
            f"The permissions boundary does not allow s3:PutObject on {OBJECT}.",
        ),
        (
            Case(page=LOGIC, verdict=IMPLICIT, identity=(ALLOW,), session=READ),
            f"The session policy does not allow s3:PutObject on {OBJECT}.",
        ),
        (
            Case(page=LOGIC, verdict=IMPLICIT, by=SERVICE),
            f"The resource policy does not allow s3:PutObject on {OBJECT}.",
        ),
    ],
    ids=["an allow", "an explicit deny", "no allow", "the boundary", "the session policy", "a service"],
)
def test_the_reason_names_what_decided(case: Case, reason: str) -> None:
    decision = decide(case)

    assert (decision.verdict, decision.reason) == (case.verdict, reason)


def test_a_decision_has_the_deciding_statement_and_policy() -> None:
    decision = decide(CASES["the documented deny of *log* denies the log bucket"])

    assert (decision.policy, decision.statement) == (LOGS_DENIED, LOGS_DENIED.statements[1])
