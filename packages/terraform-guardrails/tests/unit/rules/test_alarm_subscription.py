"""Topics that alarms notify, and that have no subscription."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from terraform_guardrails import Finding, check

type Found = Callable[[str, dict[str, Any]], list[Finding]]
type Inconclusive = Callable[[str, dict[str, Any]], list[tuple[str, str]]]
type Change = Callable[[dict[str, Any]], object]

NAME = "alarm-subscription"
# Written by Terraform. An alarm of the root module notifies the topic of a module.
PLAN = Path(__file__).parents[2] / "data" / "plan-with-modules.json"
TOPIC = "${aws_sns_topic.t.arn}"
CHATBOT = {"configuration_name": "on-call", "sns_topic_arns": [TOPIC]}


def configuration() -> dict[str, Any]:
    """Return an alarm that notifies a topic without a subscription."""
    return {
        "resource": {
            "aws_cloudwatch_metric_alarm": {"a": {"alarm_name": "errors", "alarm_actions": [TOPIC]}},
            "aws_sns_topic": {"t": {"name": "alarms"}},
        }
    }


def alarm(**change: object) -> Change:
    return lambda document: document["resource"]["aws_cloudwatch_metric_alarm"]["a"].update(change)


def resource(type_: str, **body: object) -> Change:
    return lambda document: document["resource"].setdefault(type_, {}).update(one=body)


def subscription(topic_arn: object, **more: object) -> Change:
    return resource("aws_sns_topic_subscription", topic_arn=topic_arn, protocol="email", endpoint="a@b.c", **more)


def block(kind: str, **named: object) -> Change:
    return lambda document: document.update({kind: named})


def both(*changes: Change) -> Change:
    return lambda document: [change(document) for change in changes]


INVALID: dict[str, Change] = {
    "no subscription": both(),
    "a subscription of another topic": both(
        resource("aws_sns_topic", name="orders"), subscription("${aws_sns_topic.one.arn}")
    ),
    "a subscription of a topic of another stack": subscription("arn:aws:sns:us-east-1:123456789012:orders"),
    "a topic of another stack in an unknown Region": subscription("arn:aws:sns:${var.region}:123456789012:orders"),
    "a subscription with count = 0": subscription(TOPIC, count=0),
    "the ARN of the topic as text": alarm(alarm_actions=["arn:aws:sns:us-east-1:123456789012:alarms"]),
    "only a notification on OK": alarm(alarm_actions=None, ok_actions=[TOPIC]),
    "only a notification on missing data": alarm(alarm_actions=None, insufficient_data_actions=[TOPIC]),
    "an output with the topic": block("output", topic={"value": TOPIC}),
    "a policy of the topic": resource("aws_sns_topic_policy", arn=TOPIC, policy="{}"),
    "another publisher": resource("aws_cloudwatch_event_target", arn=TOPIC, rule="r"),
    "a module for another purpose": block("module", vpc={"source": "vpc/aws", "cidr": "10.0.0.0/16"}),
    "a stack that is not ephemeral": block("provider", aws=[{"default_tags": [{"tags": {"Ephemeral": "false"}}]}]),
}

VALID: dict[str, Change] = {
    "a subscription": subscription(TOPIC),
    "a subscription by the id of the topic": subscription("${aws_sns_topic.t.id}"),
    "a subscription by the ARN": subscription("arn:aws:sns:us-east-1:123456789012:alarms"),
    "a subscription by the name": both(
        lambda document: document["resource"]["aws_sns_topic"]["t"].update(name="alarms-${var.environment}"),
        subscription("arn:aws:sns:us-east-1:123456789012:alarms-${var.environment}"),
    ),
    "a subscription by a local value": both(block("locals", topic=TOPIC), subscription("${local.topic}")),
    "a subscription for each address": subscription(TOPIC, for_each="${var.addresses}"),
    "a subscription beside an unknown one": both(
        subscription(TOPIC),
        lambda document: document["resource"]["aws_sns_topic_subscription"].update(two={"topic_arn": "${var.topic}"}),
    ),
    "a chatbot": resource("aws_chatbot_slack_channel_configuration", **CHATBOT),
    "a topic without an alarm": alarm(alarm_actions=["arn:aws:sns:us-east-1:123456789012:pager"]),
    "a topic of a variable": alarm(alarm_actions=["${var.topic}"]),
    "actions of a variable": alarm(alarm_actions="${var.topics}"),
    "a topic of a data source": both(
        block("data", aws_sns_topic={"pager": {"name": "pager"}}),
        alarm(alarm_actions=["${data.aws_sns_topic.pager.arn}"]),
    ),
    "a topic of a module": alarm(alarm_actions=["${module.pager.topic_arn}"]),
    "an ephemeral stack": block("provider", aws=[{"default_tags": [{"tags": {"Ephemeral": "true"}}]}]),
}

INCONCLUSIVE: dict[str, tuple[Change, str]] = {
    "an alarm with a condition": (
        alarm(alarm_actions=["${var.on ? aws_sns_topic.t.arn : var.topic}"]),
        "whether aws_cloudwatch_metric_alarm.a notifies the topic is not known before apply",
    ),
    **{
        name: (change, f"whether {address} subscribes to the topic is not known before apply")
        for name, change, address in (
            ("a topic of a variable", subscription("${var.topic}"), "aws_sns_topic_subscription.one"),
            ("each of several topics", subscription("${each.value}"), "aws_sns_topic_subscription.one"),
            (
                "a name with an unknown start",
                subscription("arn:aws:sns:${var.region}:123456789012:${var.team}-alarms"),
                "aws_sns_topic_subscription.one",
            ),
            ("a name with an unknown end", subscription("arn:aws:sns:${var.end}"), "aws_sns_topic_subscription.one"),
            (
                "a topic of a data source",
                both(
                    block("data", aws_sns_topic={"t": {"name": "alarms"}}), subscription("${data.aws_sns_topic.t.arn}")
                ),
                "aws_sns_topic_subscription.one",
            ),
            ("a topic of a module", subscription("${module.m.topic_arn}"), "aws_sns_topic_subscription.one"),
            ("a module", block("module", pager={"source": "pager/aws", "topics": [TOPIC]}), "module.pager"),
            (
                "a module with a local value",
                both(
                    block("locals", topic=TOPIC, topics=["${local.topic}"]),
                    block("module", pager={"source": "pager/aws", "topics": "${local.topics}"}),
                ),
                "module.pager",
            ),
            (
                "a CloudFormation stack",
                resource("aws_cloudformation_stack", name="s", parameters={"Topic": TOPIC}),
                "aws_cloudformation_stack.one",
            ),
            (
                "a command",
                resource("terraform_data", provisioner={"local-exec": {"command": f"subscribe {TOPIC}"}}),
                "terraform_data.one",
            ),
        )
    },
}


@pytest.mark.parametrize("change", INVALID.values(), ids=INVALID)
def test_an_alarm_topic_without_a_subscription_is_a_warning(found: Found, change: Change) -> None:
    document = configuration()
    change(document)

    findings = found(NAME, document)

    assert [(finding.severity, finding.address) for finding in findings] == [("warning", "aws_sns_topic.t")]


@pytest.mark.parametrize("change", VALID.values(), ids=VALID)
def test_another_topic_is_not_a_finding(found: Found, change: Change) -> None:
    document = configuration()
    change(document)

    assert found(NAME, document) == []


@pytest.mark.parametrize(("change", "reason"), INCONCLUSIVE.values(), ids=INCONCLUSIVE)
def test_a_possible_subscription_makes_the_check_inconclusive(
    inconclusive: Inconclusive, change: Change, reason: str
) -> None:
    document = configuration()
    change(document)

    assert inconclusive(NAME, document) == [("aws_sns_topic.t", reason)]


@pytest.mark.parametrize(
    ("composites", "subject"),
    [
        (0, "aws_cloudwatch_metric_alarm.a notifies"),
        (1, "aws_cloudwatch_metric_alarm.a and 1 other alarm notify"),
        (2, "aws_cloudwatch_metric_alarm.a and 2 other alarms notify"),
    ],
)
def test_the_finding_names_the_first_alarm(found: Found, composites: int, subject: str) -> None:
    document = configuration()
    document["resource"]["aws_cloudwatch_composite_alarm"] = {
        f"c{number}": {"alarm_name": f"all-{number}", "alarm_rule": "ALARM(errors)", "ok_actions": [TOPIC]}
        for number in range(composites)
    }

    assert found(NAME, document) == [
        Finding(
            rule=NAME,
            severity="warning",
            address="aws_sns_topic.t",
            problem=f"{subject} this topic, but the stack has no subscription to it: "
            "the notifications have no recipient.",
            remedy="Add an aws_sns_topic_subscription. "
            "If the topic has a subscription elsewhere, suppress this finding.",
        )
    ]


@pytest.fixture
def found_in_plan(tmp_path: Path) -> Callable[[dict[str, Any]], list[str]]:
    def run(plan: dict[str, Any]) -> list[str]:
        (tmp_path / "plan.json").write_text(json.dumps(plan))
        report = check([tmp_path / "plan.json"], lifetime="production")
        assert [each for each in report.inconclusive if each.rule == NAME] == []
        return [finding.address for finding in report.findings if finding.rule == NAME]

    return run


def test_a_plan_is_checked_across_modules(found_in_plan: Callable[[dict[str, Any]], list[str]]) -> None:
    plan = json.loads(PLAN.read_text())

    assert found_in_plan(plan) == ['module.orders["a"].aws_sns_topic.this']


@pytest.mark.parametrize(("instance", "unsubscribed"), [("a", []), ("b", ['module.orders["a"].aws_sns_topic.this'])])
def test_a_subscription_in_a_plan_counts_for_its_instance(
    found_in_plan: Callable[[dict[str, Any]], list[str]], instance: str, unsubscribed: list[str]
) -> None:
    plan = json.loads(PLAN.read_text())
    alarm = next(each for each in plan["configuration"]["root_module"]["resources"] if each["name"] == "errors")
    address = "aws_sns_topic_subscription.s"
    references = [
        reference.replace('["a"]', f'["{instance}"]')
        for reference in alarm["expressions"]["alarm_actions"]["references"]
    ]
    plan["configuration"]["root_module"]["resources"].append(
        {"address": address, "expressions": {"topic_arn": {"references": references}}}
    )
    change = {"after": {"protocol": "email"}, "after_unknown": {"topic_arn": True}}
    plan["resource_changes"].append(
        {"address": address, "type": "aws_sns_topic_subscription", "mode": "managed", "change": change}
    )

    assert found_in_plan(plan) == unsubscribed
