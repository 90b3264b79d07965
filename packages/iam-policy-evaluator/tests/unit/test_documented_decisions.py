"""Decisions that AWS documents with an example, each with its page. The numbers are those of our table of examples."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from iam_policy_evaluator import Endpoint, Policy, Principal, Request, Verdict, evaluate, parse_policy

ALLOWED, EXPLICIT, IMPLICIT = Verdict.ALLOWED, Verdict.DENIED_EXPLICITLY, Verdict.DENIED_IMPLICITLY

# Pages below https://docs.aws.amazon.com/.
IAM = "IAM/latest/UserGuide/reference_policies_"
LOGIC = IAM + "evaluation-logic.html"
CROSS_ACCOUNT = IAM + "evaluation-logic-cross-account.html"
NOT_ACTION = IAM + "elements_notaction.html"
NOT_RESOURCE = IAM + "elements_notresource.html"
NOT_PRINCIPAL = IAM + "elements_notprincipal.html"
OPERATORS = IAM + "elements_condition_operators.html"
KEY_ACCESS = "kms/latest/developerguide/policy-evaluation.html"
KEY_POLICY = "kms/latest/developerguide/key-policy-default.html"
KEY_CONDITIONS = "kms/latest/developerguide/conditions-kms.html"
SOURCE_FUNCTION = "lambda/latest/dg/permissions-source-function-arn.html"
ENDPOINTS = "vpc/latest/privatelink/vpc-endpoints-access.html"

ACCOUNT = "111122223333"
ROOT = f"arn:aws:iam::{ACCOUNT}:root"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/examplerole"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/examplerole/examplerolesessionname"
USER = f"arn:aws:iam::{ACCOUNT}:user/exampleuser"
BOB, BOBS_ROOT = "arn:aws:iam::444455556666:user/Bob", "arn:aws:iam::444455556666:root"
KEY = f"arn:aws:kms:us-west-2:{ACCOUNT}:key/1234abcd"
INSTANCE, IMAGE = "arn:aws:ec2:us-east-1:111122223333:instance/*", "arn:aws:ec2:us-east-1::image/ami-1"
FUNCTION = {"lambda:SourceFunctionArn": f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:source_lambda"}


def policy(*statements: Mapping[str, Any]) -> Policy:
    return parse_policy({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action: str = "*", **elements: object) -> Policy:
    return policy({"Effect": "Allow", "Action": action, "Resource": "*", **elements})


def deny(**elements: object) -> Policy:
    action = {} if "NotAction" in elements else {"Action": "*"}
    resource = {} if "NotResource" in elements else {"Resource": "*"}
    return policy({"Effect": "Deny", **action, **resource, **elements})


def granting(arn: str, action: str = "*", **elements: object) -> Policy:
    return allow(action, Principal={"AWS": arn}, **elements)


READ = allow("s3:GetObject")
CARLOS = policy(
    {"Effect": "Allow", "Action": "s3:*", "Resource": ["arn:aws:s3:::carlossalazar", "arn:aws:s3:::carlossalazar/*"]},
    {"Effect": "Deny", "Action": "s3:*", "Resource": ["arn:aws:s3:::*log*", "arn:aws:s3:::*log*/*"]},
)
MFA = deny(NotAction="iam:*", Condition={"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}})
PAYROLL = deny(NotResource=["arn:aws:s3:::HRBucket/Payroll", "arn:aws:s3:::HRBucket/Payroll/*"])
NOT_BOB = deny(NotPrincipal={"AWS": [BOB, BOBS_ROOT]})
DELEGATING = granting(ROOT, "kms:*")
GRANTING_SERVICES = granting(USER, "kms:CreateGrant", Condition={"Bool": {"kms:GrantIsForAWSResource": True}})
VIA_EC2 = granting(USER, "kms:*", Condition={"StringEquals": {"kms:ViaService": "ec2.us-west-2.amazonaws.com"}})


def instances(operator: str) -> Policy:
    return allow("ec2:RunInstances", Condition={operator: {"ec2:InstanceType": ["t1.*", "t2.*", "m3.*"]}})


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row: the request, its policies, and what AWS decides."""

    page: str
    verdict: Verdict
    does: str = "s3:PutObject"
    on: str = "arn:aws:s3:::bucket/x"
    of: str | None = ACCOUNT
    by: str = SESSION
    context: dict[str, str | list[str]] = field(default_factory=dict)
    identity: tuple[Policy, ...] = ()
    resource: Policy | None = None
    boundary: Policy | None = None
    session: Policy | None = None
    endpoint: Endpoint | None = None


def bob(verdict: Verdict, by: str) -> Row:
    return Row(page=NOT_PRINCIPAL, verdict=verdict, resource=NOT_BOB, by=by, identity=(allow(),), of=None)


def key(page: str, verdict: Verdict, resource: Policy, *identity: Policy, does: str = "kms:Decrypt") -> Row:
    return Row(page=page, verdict=verdict, does=does, on=KEY, by=USER, resource=resource, identity=identity)


def run(verdict: Verdict, operator: str, on: str) -> Row:
    context: dict[str, str | list[str]] = {"ec2:InstanceType": "t2.micro"} if on == INSTANCE else {}
    policies = (instances(operator),)
    return Row(page=OPERATORS, verdict=verdict, does="ec2:RunInstances", on=on, context=context, identity=policies)


ROWS: Mapping[str, Row] = {
    "1 Carlos cannot write to his log bucket": Row(
        page=LOGIC, verdict=EXPLICIT, on="arn:aws:s3:::carlossalazar-logs/x", identity=(CARLOS,)
    ),
    "1 Carlos can write to his other bucket": Row(
        page=LOGIC, verdict=ALLOWED, on="arn:aws:s3:::carlossalazar/x", identity=(CARLOS,)
    ),
    "2 only the identity policy allows": Row(page=LOGIC, verdict=ALLOWED, identity=(allow(),), resource=granting(USER)),
    "2 only the bucket policy allows": Row(page=LOGIC, verdict=ALLOWED, resource=granting(ROLE)),
    "3 the boundary limits a role ARN": Row(page=LOGIC, verdict=IMPLICIT, resource=granting(ROLE), boundary=READ),
    "4 the boundary does not limit a session ARN": Row(
        page=LOGIC, verdict=ALLOWED, resource=granting(SESSION), boundary=READ
    ),
    "4 the boundary does not limit a user ARN": Row(
        page=LOGIC, verdict=ALLOWED, resource=granting(USER), boundary=READ, by=USER
    ),
    "5 the session policy lacks the action": Row(page=LOGIC, verdict=IMPLICIT, identity=(allow(),), session=READ),
    "6 another account's identity policy does not allow": Row(
        page=CROSS_ACCOUNT, verdict=IMPLICIT, resource=granting(BOB), by=BOB
    ),
    "6 another account's identity policy allows too": Row(
        page=CROSS_ACCOUNT, verdict=ALLOWED, resource=granting(BOB), identity=(allow(),), by=BOB
    ),
    "7 NotAction does not allow DeleteBucket": Row(
        page=NOT_ACTION,
        verdict=IMPLICIT,
        does="s3:DeleteBucket",
        on="arn:aws:s3:::bucket",
        identity=(policy({"Effect": "Allow", "NotAction": "s3:DeleteBucket", "Resource": "arn:aws:s3:::*"}),),
    ),
    "8 without MFA, only IAM actions are allowed": Row(
        page=NOT_ACTION, verdict=EXPLICIT, does="s3:GetObject", identity=(allow(), MFA)
    ),
    "8 an IAM action needs no MFA": Row(
        page=NOT_ACTION, verdict=ALLOWED, does="iam:GetUser", on=USER, identity=(allow(), MFA)
    ),
    "9 NotResource denies another folder": Row(
        page=NOT_RESOURCE, verdict=EXPLICIT, on="arn:aws:s3:::HRBucket/x", identity=(allow(), PAYROLL)
    ),
    "9 NotResource leaves its own folder": Row(
        page=NOT_RESOURCE, verdict=ALLOWED, on="arn:aws:s3:::HRBucket/Payroll/x", identity=(allow(), PAYROLL)
    ),
    "14 StringLike does not hold for the image": run(IMPLICIT, "StringLike", IMAGE),
    "14 StringLike holds for the instance": run(ALLOWED, "StringLike", INSTANCE),
    "14 StringLikeIfExists holds for the image": run(ALLOWED, "StringLikeIfExists", IMAGE),
    "21 NotPrincipal exempts Bob": bob(ALLOWED, BOB),
    "21 NotPrincipal denies another user": bob(EXPLICIT, USER),
    "22 a default key policy needs an identity policy": key(KEY_ACCESS, IMPLICIT, DELEGATING),
    "22 a default key policy and an identity policy allow": key(KEY_ACCESS, ALLOWED, DELEGATING, allow("kms:*")),
    "23 an identity policy alone does not allow a key": key(KEY_POLICY, IMPLICIT, granting(ROLE), allow("kms:*")),
    "23 an identity policy can deny a key": key(KEY_POLICY, EXPLICIT, granting(USER), deny()),
    "26 a user cannot create a grant for a service": key(
        KEY_CONDITIONS, IMPLICIT, GRANTING_SERVICES, allow("kms:*"), does="kms:CreateGrant"
    ),
    "27 a direct call is not made through a service": key(KEY_CONDITIONS, IMPLICIT, VIA_EC2, allow("kms:*")),
    "28 the function's code is denied": Row(
        page=SOURCE_FUNCTION,
        verdict=EXPLICIT,
        identity=(allow(), deny(Condition={"ArnEquals": FUNCTION})),
        context={**FUNCTION},
    ),
    "28 Lambda's own call is not denied": Row(
        page=SOURCE_FUNCTION, verdict=ALLOWED, identity=(allow(), deny(Condition={"ArnEquals": FUNCTION}))
    ),
    "29 an account in a gateway endpoint policy is its root user": Row(
        page=ENDPOINTS,
        verdict=IMPLICIT,
        identity=(allow(),),
        endpoint=Endpoint(policy=granting(ROOT), is_gateway=True),
    ),
}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_decides_as_documented(row: Row) -> None:
    caller = Principal("AWS", row.by)
    request = Request(action=row.does, resource=row.on, principal=caller, context=row.context, resource_account=row.of)

    decision = evaluate(
        request,
        identity=row.identity,
        resource=row.resource,
        boundary=row.boundary,
        session=row.session,
        endpoint=row.endpoint,
    )

    assert decision.verdict is row.verdict, row.page
