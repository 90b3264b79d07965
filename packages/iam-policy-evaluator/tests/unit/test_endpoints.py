"""VPC endpoint policies: https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html."""

from collections.abc import Mapping
from typing import Any

import pytest

from iam_policy_evaluator import Endpoint, Policy, PolicyKind, Principal, Request, Verdict, evaluate, parse_policy

OBJECT = "arn:aws:s3:::b/x"
ROOT = Principal("AWS", "arn:aws:iam::111122223333:root")
ROLE = Principal("AWS", "arn:aws:iam::111122223333:role/writer")
SESSION = Principal("AWS", "arn:aws:sts::111122223333:assumed-role/writer/one")
OTHER_ROLE = "arn:aws:iam::111122223333:role/reader"
ALLOWED = (Verdict.ALLOWED, PolicyKind.IDENTITY)
LACKING = (Verdict.DENIED_IMPLICITLY, PolicyKind.ENDPOINT)
DENIED = (Verdict.DENIED_EXPLICITLY, PolicyKind.ENDPOINT)
OF_WRITER = {"ArnEquals": {"aws:PrincipalArn": ROLE.id}}


def policy(*statements: Mapping[str, Any]) -> Policy:
    return parse_policy({"Version": "2012-10-17", "Statement": list(statements)}, name="vpce-1")


def statement(effect: str = "Allow", **elements: object) -> dict[str, Any]:
    return {"Effect": effect, "Action": "s3:*", "Resource": "*", **elements}


ALLOW = policy(statement())

BOTH_TYPES: Mapping[str, tuple[Policy, tuple[Verdict, PolicyKind]]] = {
    "* lets every caller through": (policy(statement(Principal="*")), ALLOWED),
    "the endpoint policy lacks the action": (policy(statement(Principal="*", Action="s3:GetObject")), LACKING),
    "the endpoint policy lacks the resource": (
        policy(statement(Principal="*", Resource="arn:aws:s3:::other/*")),
        LACKING,
    ),
    "the endpoint policy has no statement": (policy(), LACKING),
    "a statement without Principal does not apply": (policy(statement()), LACKING),
    "the endpoint policy denies": (
        policy(statement(Principal="*"), statement("Deny", Principal="*", Resource=OBJECT)),
        DENIED,
    ),
    "a condition names the role": (policy(statement(Principal="*", Condition=OF_WRITER)), ALLOWED),
}
BY_PRINCIPAL = {
    "an account is each of its callers": (ROOT.id, ALLOWED, LACKING),
    "a role is its sessions": (ROLE.id, ALLOWED, LACKING),
    "another role is not the caller": (OTHER_ROLE, LACKING, LACKING),
}
REQUEST = Request(action="s3:PutObject", resource=OBJECT, principal=SESSION, context={"aws:PrincipalArn": ROLE.id})


@pytest.mark.parametrize("is_gateway", [False, True], ids=["interface", "gateway"])
@pytest.mark.parametrize(("of_endpoint", "expected"), BOTH_TYPES.values(), ids=BOTH_TYPES)
def test_an_endpoint_policy_must_allow(
    of_endpoint: Policy, expected: tuple[Verdict, PolicyKind], *, is_gateway: bool
) -> None:
    decision = evaluate(REQUEST, identity=[ALLOW], endpoint=Endpoint(policy=of_endpoint, is_gateway=is_gateway))

    assert (decision.verdict, decision.kind) == expected


@pytest.mark.parametrize(("arn", "interface", "gateway"), BY_PRINCIPAL.values(), ids=BY_PRINCIPAL)
def test_a_gateway_endpoint_does_not_support_users_and_roles(
    arn: str, interface: tuple[Verdict, PolicyKind], gateway: tuple[Verdict, PolicyKind]
) -> None:
    of_endpoint = policy(statement(Principal={"AWS": arn}))

    decisions = [
        evaluate(REQUEST, identity=[ALLOW], endpoint=Endpoint(policy=of_endpoint, is_gateway=is_gateway))
        for is_gateway in (False, True)
    ]

    assert [(each.verdict, each.kind) for each in decisions] == [interface, gateway]


def test_an_account_in_a_gateway_endpoint_policy_is_its_root_user() -> None:
    endpoint = Endpoint(policy=policy(statement(Principal={"AWS": ROOT.id})), is_gateway=True)

    decision = evaluate(Request(action="s3:PutObject", resource=OBJECT, principal=ROOT), endpoint=endpoint)

    assert decision.allowed


def test_an_endpoint_policy_limits_what_a_resource_policy_grants() -> None:
    granting = policy(statement(Principal={"AWS": SESSION.id}))

    decision = evaluate(REQUEST, resource=granting, endpoint=Endpoint(policy=policy()))

    assert (decision.verdict, decision.kind, decision.reason) == (
        *LACKING,
        f"The VPC endpoint policy does not allow s3:PutObject on {OBJECT}.",
    )


def test_another_lacking_policy_is_named_before_the_endpoint() -> None:
    decision = evaluate(REQUEST, endpoint=Endpoint(policy=policy()))

    assert (decision.verdict, decision.kind) == (Verdict.DENIED_IMPLICITLY, PolicyKind.IDENTITY)
