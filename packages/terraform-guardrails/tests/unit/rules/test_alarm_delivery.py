"""Alarms that send no notification."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from terraform_guardrails import Finding

type Found = Callable[[str, dict[str, Any]], list[Finding]]
type Change = Callable[[dict[str, Any]], object]

NAME = "alarm-delivery"
SOURCE = "arn:aws:cloudwatch:us-east-1:${data.aws_caller_identity.current.account_id}:alarm:"


def statement(principal: object, *actions: str, effect: str = "Allow", **condition: object) -> dict[str, Any]:
    conditions = {"Condition": condition} if condition else {}
    return {"Effect": effect, "Principal": principal, "Action": list(actions), "Resource": "*", **conditions}


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


CLOUDWATCH = {"Service": "cloudwatch.amazonaws.com"}
ROOT = statement({"AWS": "arn:aws:iam::123456789012:root"}, "kms:*")
USES_KEY = statement(CLOUDWATCH, "kms:Decrypt", "kms:GenerateDataKey*")
PUBLISHES = statement(
    CLOUDWATCH,
    "sns:Publish",
    StringEquals={"aws:SourceAccount": "123456789012"},
    ArnLike={"aws:SourceArn": f"{SOURCE}*-dev"},
)


def stack() -> dict[str, Any]:
    """Return a valid alarm: its topic is encrypted, and the key and topic policies allow CloudWatch."""
    return {
        "aws_cloudwatch_metric_alarm": {"a": {"alarm_name": "errors-dev", "alarm_actions": ["${aws_sns_topic.t.arn}"]}},
        "aws_kms_key": {"k": {"policy": policy(ROOT, USES_KEY)}},
        "aws_sns_topic": {"t": {"name": "alarms-dev", "kms_master_key_id": "${aws_kms_key.k.arn}"}},
        "aws_sns_topic_policy": {"p": {"arn": "${aws_sns_topic.t.arn}", "policy": policy(PUBLISHES)}},
    }


def alarm(**change: object) -> Change:
    return lambda resources: resources["aws_cloudwatch_metric_alarm"]["a"].update(change)


def topic(**change: object) -> Change:
    return lambda resources: resources["aws_sns_topic"]["t"].update(change)


def key_policy(*statements: dict[str, Any]) -> Change:
    return lambda resources: resources["aws_kms_key"]["k"].update(policy=policy(*statements))


def topic_policy(*statements: dict[str, Any]) -> Change:
    return lambda resources: resources["aws_sns_topic_policy"]["p"].update(policy=policy(*statements))


def without(*types: str) -> Change:
    return lambda resources: [resources.pop(type_) for type_ in types]


def beside(**resources: dict[str, Any]) -> Change:
    return lambda others: others.update(resources)


def both(*changes: Change) -> Change:
    return lambda resources: [change(resources) for change in changes]


INVALID: dict[str, Change] = {
    "no action": alarm(alarm_actions=[]),
    "disabled actions": alarm(actions_enabled=False),
    "the AWS managed key": topic(kms_master_key_id="alias/aws/sns"),
    "the AWS managed key by ARN": topic(kms_master_key_id="arn:aws:kms:us-east-1:123456789012:alias/aws/sns"),
    "a key that allows only the account": key_policy(ROOT),
    "a key without a policy": lambda resources: resources["aws_kms_key"]["k"].pop("policy"),
    "a key for decryption only": key_policy(ROOT, statement(CLOUDWATCH, "kms:Decrypt")),
    "a key for another service": key_policy(ROOT, statement({"Service": "logs.amazonaws.com"}, "kms:*")),
    "a key for callers of the account only": key_policy(
        statement(CLOUDWATCH, "kms:*", StringEquals={"kms:CallerAccount": "123456789012"})
    ),
    "a key for another alarm": key_policy(
        statement(CLOUDWATCH, "kms:*", ArnLike={"aws:SourceArn": f"{SOURCE}throttles-*"})
    ),
    "a key with a Deny statement": key_policy(USES_KEY, statement("*", "kms:Decrypt", effect="Deny")),
    "a topic for another service": topic_policy(statement({"Service": "events.amazonaws.com"}, "sns:Publish")),
    "a topic for another alarm": topic_policy(
        statement(CLOUDWATCH, "sns:Publish", ArnLike={"aws:SourceArn": f"{SOURCE}*-prod"})
    ),
    "a topic that allows another action": topic_policy(statement(CLOUDWATCH, "sns:Subscribe")),
    "a topic with an inline policy": both(
        without("aws_sns_topic_policy"), topic(policy=policy(statement({"AWS": "123456789012"}, "sns:Publish")))
    ),
    "a key behind an alias": both(
        beside(aws_kms_alias={"l": {"name": "alias/ours", "target_key_id": "${aws_kms_key.k.key_id}"}}),
        topic(kms_master_key_id="${aws_kms_alias.l.arn}"),
        lambda resources: resources["aws_kms_alias"]["l"].update(target_key_id="${aws_kms_key.k.key_id}"),
        key_policy(ROOT),
    ),
    "a separate key policy": both(
        beside(aws_kms_key_policy={"q": {"key_id": "${aws_kms_key.k.id}", "policy": policy(ROOT)}}),
    ),
    "the only child without actions": both(
        alarm(alarm_actions=[]),
        beside(
            aws_cloudwatch_composite_alarm={
                "c": {
                    "alarm_rule": "ALARM(${aws_cloudwatch_metric_alarm.a.arn}) OR "
                    "ALARM(${aws_cloudwatch_metric_alarm.b.arn})",
                    "alarm_actions": ["${aws_sns_topic.t.arn}"],
                    "alarm_name": "all-dev",
                }
            }
        ),
        lambda resources: resources["aws_cloudwatch_metric_alarm"].update(
            b={"alarm_name": "throttles-dev", "alarm_actions": ["${aws_sns_topic.t.arn}"]}
        ),
    ),
}

VALID: dict[str, Change] = {
    "the valid alarm": both(),
    "a topic without a key": topic(kms_master_key_id=None),
    "a topic without a policy": without("aws_sns_topic_policy"),
    "a key for the alarms of the account": key_policy(
        ROOT,
        statement(
            CLOUDWATCH,
            "kms:Decrypt",
            "kms:GenerateDataKey*",
            StringEquals={"aws:SourceAccount": "123456789012"},
            ArnLike={"aws:SourceArn": f"{SOURCE}errors-*"},
        ),
    ),
    "a key that allows all actions": key_policy(statement(CLOUDWATCH, "kms:*")),
    "a topic that denies requests without TLS": topic_policy(
        PUBLISHES, statement("*", "sns:Publish", effect="Deny", Bool={"aws:SecureTransport": "false"})
    ),
    "the default policy of a topic": topic_policy(
        statement({"AWS": "*"}, "SNS:Publish", StringEquals={"AWS:SourceOwner": "123456789012"})
    ),
    "a topic of another stack": alarm(alarm_actions=["arn:aws:sns:us-east-1:123456789012:pager"]),
    "an action that is not a topic": alarm(alarm_actions=["arn:aws:automate:us-east-1:ec2:recover"]),
    "a key behind an alias": both(
        beside(aws_kms_alias={"l": {"name": "alias/ours", "target_key_id": "${aws_kms_key.k.key_id}"}}),
        topic(kms_master_key_id="alias/ours"),
    ),
    "an alarm with a composite alarm": both(
        alarm(alarm_actions=None),
        beside(
            aws_cloudwatch_composite_alarm={
                "c": {
                    "alarm_rule": "ALARM(${aws_cloudwatch_metric_alarm.a.arn})",
                    "alarm_actions": ["${aws_sns_topic.t.arn}"],
                    "alarm_name": "all-dev",
                }
            }
        ),
    ),
    "an alarm of a deployment group": both(
        alarm(alarm_actions=None),
        beside(
            aws_codedeploy_deployment_group={
                "g": {"alarm_configuration": [{"alarms": ["${aws_cloudwatch_metric_alarm.a.alarm_name}"]}]}
            }
        ),
    ),
}


@pytest.mark.parametrize("change", INVALID.values(), ids=INVALID)
def test_an_alarm_without_notification_is_found(found: Found, change: Change) -> None:
    resources = stack()
    change(resources)

    (finding,) = found(NAME, {"resource": resources})

    assert finding.address == "aws_cloudwatch_metric_alarm.a"


@pytest.mark.parametrize("change", VALID.values(), ids=VALID)
def test_an_alarm_with_notification_is_not_a_finding(found: Found, change: Change) -> None:
    resources = stack()
    change(resources)

    assert found(NAME, {"resource": resources}) == []


def test_the_finding_names_the_key_and_the_missing_actions(found: Found) -> None:
    resources = stack()
    key_policy(ROOT)(resources)

    (finding,) = found(NAME, {"resource": resources})

    assert finding == Finding(
        rule=NAME,
        severity="error",
        address="aws_cloudwatch_metric_alarm.a",
        problem="aws_sns_topic.t is encrypted with aws_kms_key.k, whose policy does not allow cloudwatch.amazonaws.com "
        "to call kms:Decrypt and kms:GenerateDataKey for this alarm, so notifications are lost.",
        remedy="Allow kms:Decrypt and kms:GenerateDataKey* for cloudwatch.amazonaws.com in aws_kms_key.k.",
    )


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (alarm(alarm_actions=[]), "The alarm has no alarm_actions: it sends no notification."),
        (alarm(actions_enabled=False), "The actions of the alarm are disabled."),
        (
            topic(kms_master_key_id="alias/aws/sns"),
            (
                "aws_sns_topic.t is encrypted with alias/aws/sns. The policy of this key does not allow CloudWatch "
                "to use it, so notifications are lost."
            ),
        ),
        (
            topic_policy(statement(CLOUDWATCH, "sns:Subscribe")),
            "The policy of aws_sns_topic.t does not allow cloudwatch.amazonaws.com to publish for this alarm.",
        ),
    ],
    ids=["no action", "disabled actions", "the AWS managed key", "the topic policy"],
)
def test_the_problem_names_the_place_where_delivery_stops(found: Found, change: Change, problem: str) -> None:
    resources = stack()
    change(resources)

    (finding,) = found(NAME, {"resource": resources})

    assert finding.problem == problem


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (topic(kms_master_key_id="${var.key}"), "var.key is not known before apply"),
        (
            key_policy(statement(CLOUDWATCH, "kms:*", StringEquals={"kms:EncryptionContext:x": "y"})),
            "kms:EncryptionContext:x is not known before apply",
        ),
        (
            topic_policy(statement(CLOUDWATCH, "sns:Publish", ArnLike={"aws:SourceArn": SOURCE + "${var.prefix}*"})),
            "alarm:${var.prefix}* is not known before apply",
        ),
        (alarm(alarm_actions="${var.actions}"), "alarm_actions is not known before apply"),
    ],
    ids=["the key", "a condition", "a pattern", "the actions"],
)
def test_an_unknown_value_makes_the_check_inconclusive(
    inconclusive: Callable[[str, dict[str, Any]], list[tuple[str, str]]], change: Change, reason: str
) -> None:
    resources = stack()
    change(resources)

    assert inconclusive(NAME, {"resource": resources}) == [("aws_cloudwatch_metric_alarm.a", reason)]
