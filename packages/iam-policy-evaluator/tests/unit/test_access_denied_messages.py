"""AWS's messages for denied requests.

https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
"""

from collections.abc import Mapping
from typing import Any

import pytest

from iam_policy_evaluator import Decision, Endpoint, Policy, Principal, Request, evaluate, parse_policy

JOHN = Principal("AWS", "arn:aws:iam::123456789012:user/John")
ROLE = Principal("AWS", "arn:aws:iam::123456789012:role/target")
SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:s-AbCdEf"
KEY = "arn:aws:kms:us-east-1:123456789012:key/1"
QUEUE = "arn:aws:sqs:us-east-1:999999999999:q"
SNS = Principal("Service", "sns.amazonaws.com")
NOT_AUTHORIZED = f"User: {JOHN.id} is not authorized to perform:"
ON_SECRET = f"{NOT_AUTHORIZED} secretsmanager:GetSecretValue on resource: {SECRET}"
ASSUMING = f"{NOT_AUTHORIZED} sts:AssumeRole on resource: {ROLE.id}"
MANAGED = "arn:aws:iam::123456789012:policy/Managed"


def policy(effect: str | None = None, *, name: str = "inline", **elements: object) -> Policy:
    statement: dict[str, Any] = {"Effect": effect, "Action": "*", "Resource": "*", **elements}
    return parse_policy({"Statement": [statement] if effect else []}, name=name)


ALLOW, DENY, NOTHING = policy("Allow"), policy("Deny"), policy()
DENY_ALL = policy("Deny", Principal="*")


def read(**policies: Any) -> Decision:  # noqa: ANN401 - the policies of each kind
    return evaluate(Request(action="secretsmanager:GetSecretValue", resource=SECRET, principal=JOHN), **policies)


def assume(**policies: Any) -> Decision:  # noqa: ANN401 - the policies of each kind
    return evaluate(Request(action="sts:AssumeRole", resource=ROLE.id, principal=JOHN), **policies)


def decrypt(**policies: Any) -> Decision:  # noqa: ANN401 - the policies of each kind
    return evaluate(Request(action="kms:Decrypt", resource=KEY, principal=JOHN), **policies)


def send(by: Principal | None, **policies: Any) -> Decision:  # noqa: ANN401 - the policies of each kind
    return evaluate(Request(action="sqs:SendMessage", resource=QUEUE, principal=by), **policies)


MESSAGES: Mapping[str, tuple[Decision, str]] = {
    "no identity policy": (
        read(),
        f"{ON_SECRET} because no identity-based policy allows the secretsmanager:GetSecretValue action",
    ),
    "an identity policy denies": (
        read(identity=[ALLOW, DENY]),
        f"{ON_SECRET} with an explicit deny in an identity-based policy",
    ),
    "a managed policy denies": (
        read(identity=[policy("Deny", name=MANAGED)]),
        f"{ON_SECRET} with an explicit deny in an identity-based policy: {MANAGED}",
    ),
    "no boundary": (
        read(identity=[ALLOW], boundary=NOTHING),
        f"{ON_SECRET} because no permissions boundary allows the secretsmanager:GetSecretValue action",
    ),
    "a boundary denies": (
        read(identity=[ALLOW], boundary=policy("Deny", name=MANAGED)),
        f"{ON_SECRET} with an explicit deny in a permissions boundary: {MANAGED}",
    ),
    "no session policy": (
        read(identity=[ALLOW], session=NOTHING),
        f"{ON_SECRET} because no session policy allows the secretsmanager:GetSecretValue action",
    ),
    "a session policy denies": (
        read(identity=[ALLOW], session=DENY),
        f"{ON_SECRET} with an explicit deny in a session policy",
    ),
    "no endpoint policy": (
        read(identity=[ALLOW], endpoint=Endpoint(policy=NOTHING)),
        f"{ON_SECRET} because no VPC endpoint policy allows the secretsmanager:GetSecretValue action",
    ),
    "an endpoint policy denies": (
        read(identity=[ALLOW], endpoint=Endpoint(policy=policy("Deny", name=MANAGED, Principal="*"))),
        f"{ON_SECRET} with an explicit deny in a VPC endpoint policy",
    ),
    "a resource policy denies": (
        read(identity=[ALLOW], resource=policy("Deny", name=MANAGED, Principal="*")),
        f"{ON_SECRET} with an explicit deny in a resource-based policy",
    ),
    "no resource policy of another account": (
        send(JOHN, identity=[ALLOW]),
        (
            f"{NOT_AUTHORIZED} sqs:SendMessage on resource: {QUEUE} "
            "because no resource-based policy allows the sqs:SendMessage action"
        ),
    ),
    "no resource policy for a service": (
        send(SNS),
        (
            f"User: sns.amazonaws.com is not authorized to perform: sqs:SendMessage on resource: {QUEUE} "
            "because no resource-based policy allows the sqs:SendMessage action"
        ),
    ),
    "an anonymous caller": (
        send(None),
        (
            f"User: anonymous is not authorized to perform: sqs:SendMessage on resource: {QUEUE} "
            "because no identity-based policy allows the sqs:SendMessage action"
        ),
    ),
    "no key policy": (
        decrypt(identity=[ALLOW], resource=NOTHING),
        (
            f"{NOT_AUTHORIZED} kms:Decrypt on resource: {KEY} "
            "because no resource-based policy allows the kms:Decrypt action"
        ),
    ),
    "a key policy denies": (
        decrypt(identity=[ALLOW], resource=DENY_ALL),
        f"{NOT_AUTHORIZED} kms:Decrypt on resource: {KEY} with an explicit deny in a resource-based policy",
    ),
    "no trust policy": (
        assume(identity=[ALLOW], resource=NOTHING),
        f"{ASSUMING} because no role trust policy allows the sts:AssumeRole action",
    ),
    "a trust policy denies": (
        assume(identity=[ALLOW], resource=DENY_ALL),
        f"{ASSUMING} with an explicit deny in the role trust policy",
    ),
    "an action without a resource": (
        evaluate(Request(action="codecommit:ListRepositories", principal=JOHN)),
        (
            f"{NOT_AUTHORIZED} codecommit:ListRepositories "
            "because no identity-based policy allows the codecommit:ListRepositories action"
        ),
    ),
}


@pytest.mark.parametrize(("decision", "message"), MESSAGES.values(), ids=MESSAGES)
def test_the_message_is_that_of_aws(decision: Decision, message: str) -> None:
    assert decision.access_denied_message() == message


def test_an_allowed_request_has_no_message() -> None:
    assert read(identity=[ALLOW]).access_denied_message() == ""


def test_a_service_writes_action_and_resource_in_its_own_way() -> None:
    message = send(JOHN, identity=[DENY]).access_denied_message(action="SQS:SendMessage", resource=f'"{QUEUE}"')

    assert message == (
        f'{NOT_AUTHORIZED} SQS:SendMessage on resource: "{QUEUE}" with an explicit deny in an identity-based policy'
    )


def test_a_service_can_write_every_resource() -> None:
    decision = evaluate(Request(action="lambda:ListFunctions", principal=JOHN))

    assert decision.access_denied_message(resource="*") == (
        f"{NOT_AUTHORIZED} lambda:ListFunctions on resource: * "
        "because no identity-based policy allows the lambda:ListFunctions action"
    )
