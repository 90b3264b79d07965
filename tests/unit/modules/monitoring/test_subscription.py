"""The subscriptions of the alarm topic."""

from collections.abc import Mapping
from typing import Any

import pytest

from modules.monitoring.subscription import construct_id
from terraform_harness.synthesis import Synthesis
from terraform_harness.template import ABSENT, Template, attribute

SUBSCRIPTION, PERMISSION = "aws_sns_topic_subscription", "aws_lambda_permission"
TOPIC = attribute("aws_sns_topic", "arn")
FUNCTION = "arn:aws:lambda:eu-central-1:111122223333:function"


@pytest.mark.parametrize(
    ("endpoint", "protocol", "auto_confirms"),
    [
        ("on-call@example.com", "email", ABSENT),
        ("https://example.com/alarms", "https", True),
        ("arn:aws:sqs:eu-central-1:111122223333:alarms", "sqs", ABSENT),
        (f"{FUNCTION}:notify", "lambda", ABSENT),
        (f"{FUNCTION}:page:live", "lambda", ABSENT),
    ],
)
def test_subscriber_has_a_subscription(
    in_test_run: Template, endpoint: str, protocol: str, auto_confirms: object
) -> None:
    in_test_run.has(
        SUBSCRIPTION,
        {
            "topic_arn": TOPIC,
            "protocol": protocol,
            "endpoint": endpoint,
            "endpoint_auto_confirms": auto_confirms,
        },
    )


def test_every_alarm_reaches_every_subscriber(in_test_run: Template) -> None:
    """With a filter for the composite alarm, a second cause during an incident would not notify."""
    in_test_run.every(SUBSCRIPTION, {"filter_policy": ABSENT, "filter_policy_scope": ABSENT})


@pytest.mark.parametrize(("function", "qualifier"), [("notify", ABSENT), ("page", "live")])
def test_topic_may_invoke_a_subscribed_function(in_test_run: Template, function: str, qualifier: object) -> None:
    in_test_run.has(
        PERMISSION,
        {
            "statement_id": "transaction-alarms-dev",
            "action": "lambda:InvokeFunction",
            "function_name": f"{FUNCTION}:{function}",
            "qualifier": qualifier,
            "principal": "sns.amazonaws.com",
            "source_arn": TOPIC,
        },
    )


def test_function_is_subscribed_after_it_may_be_invoked(in_test_run: Template) -> None:
    permissions = {permission.address: permission["function_name"] for permission in in_test_run.resources(PERMISSION)}

    awaited = {
        subscription["endpoint"]: [permissions[address] for address in subscription.get("depends_on", [])]
        for subscription in in_test_run.resources(SUBSCRIPTION)
    }

    assert {endpoint: names for endpoint, names in awaited.items() if names} == {
        f"{FUNCTION}:notify": [f"{FUNCTION}:notify"],
        f"{FUNCTION}:page:live": [f"{FUNCTION}:page"],
    }


@pytest.mark.parametrize(
    ("combination", "endpoints"),
    [
        ("default", {"on-call@example.com"}),
        ("production", {"on-call@example.com"}),
        ("ephemeral", set()),
        ("the longest suffix, not ephemeral", {"https://example.com/alarms"}),
    ],
)
def test_subscribers_are_those_of_the_setting(
    syntheses: Mapping[str, Synthesis], combination: str, endpoints: set[str]
) -> None:
    resources: dict[str, dict[str, Any]] = syntheses[combination].terraform()["resource"]

    assert {each["endpoint"] for each in resources.get(SUBSCRIPTION, {}).values()} == endpoints
    assert PERMISSION not in resources


@pytest.mark.parametrize(
    ("subscriber", "id_"),
    [
        ("on-call@example.com", "email-c63654f3"),
        ("https://example.com/alarms", "https-f52f075f"),
    ],
)
def test_construct_id_depends_only_on_the_subscriber(subscriber: str, id_: str) -> None:
    """A different id would replace the subscription, and an email address would have to be confirmed again."""
    assert construct_id(subscriber) == id_
