"""Plans are read with their modules, instances and unknown values."""

import json
from pathlib import Path
from typing import Any

import pytest

from terraform_guardrails import check
from terraform_guardrails.errors import InputError
from terraform_guardrails.terraform.plan.document import stack_from
from terraform_guardrails.terraform.values import Reference, Unknown

DATA = Path(__file__).parents[3] / "data"
# Written by Terraform 1.11.4 with the AWS provider 5.100.0.
PLAN = DATA / "plan-with-modules.json"


@pytest.fixture
def plan() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(PLAN.read_text())
    return content


def test_a_plan_is_checked_with_its_modules_and_unknown_values() -> None:
    report = check([PLAN])

    assert [(finding.rule, finding.address) for finding in report.findings] == [
        ("alarm-delivery", "aws_cloudwatch_metric_alarm.errors"),
        ("alarm-metric", "aws_cloudwatch_metric_alarm.errors"),
        ("account-singleton", "aws_guardduty_detector.two[0]"),
        ("account-singleton", "aws_guardduty_detector.two[1]"),
        ("key-policy-principal", "aws_kms_key.by_name"),
    ]
    assert [(each.rule, each.address, each.reason) for each in report.inconclusive] == [
        ("key-policy-principal", "aws_kms_key.by_document", "local.role_arns is not known before apply")
    ]
    assert report.resources == 10


def test_a_reference_is_followed_through_the_output_of_a_module(plan: dict[str, Any]) -> None:
    stack = stack_from(PLAN, plan, None)

    (alarm,) = stack.of_type("aws_cloudwatch_metric_alarm")
    assert alarm.value("alarm_actions") == Reference('module.orders["a"].aws_sns_topic.this', ("arn",))


def test_a_reference_is_followed_through_the_variable_of_a_module(plan: dict[str, Any]) -> None:
    stack = stack_from(PLAN, plan, None)

    topics = list(stack.of_type("aws_sns_topic"))
    assert [topic.address for topic in topics] == [
        'module.orders["a"].aws_sns_topic.this',
        'module.orders["b"].aws_sns_topic.this',
    ]
    assert {topic.value("kms_master_key_id") for topic in topics} == {Reference("aws_kms_key.by_name", ("arn",))}


def test_an_unconfigured_attribute_is_absent(plan: dict[str, Any]) -> None:
    stack = stack_from(PLAN, plan, None)

    (role,) = stack.of_type("aws_iam_role")
    assert [role.value(name) for name in ("arn", "inline_policy", "name")] == [None, None, "processor-dev"]


def test_a_value_with_several_references_is_unknown() -> None:
    document = {
        "format_version": "1.2",
        "resource_changes": [
            {
                "address": "aws_a.a",
                "type": "aws_a",
                "mode": "managed",
                "change": {"after": {"x": None}, "after_unknown": {"x": True}},
            }
        ],
        "configuration": {
            "root_module": {
                "resources": [
                    {
                        "address": "aws_a.a",
                        "expressions": {"x": {"references": ["aws_b.b.id", "aws_b.b", "aws_c.c.id"]}},
                    }
                ]
            }
        },
    }

    (resource,) = stack_from(Path("plan.json"), document, None).resources

    assert resource.value("x") == Unknown(
        "aws_b.b.id, aws_b.b, aws_c.c.id", (Reference("aws_b.b", ("id",)), Reference("aws_c.c", ("id",)))
    )


def test_a_destroyed_resource_is_not_checked() -> None:
    change: dict[str, Any] = {"actions": ["delete"], "before": {}, "after": None}
    entry = {"address": "aws_guardduty_detector.d", "type": "aws_guardduty_detector", "mode": "managed"}

    stack = stack_from(
        Path("plan.json"), {"format_version": "1.2", "resource_changes": [{**entry, "change": change}]}, None
    )

    assert stack.resources == []


def test_text_in_a_plan_is_literal() -> None:
    entry = {"address": "aws_a.a", "type": "aws_a", "mode": "managed", "values": {"policy": "${aws:username}"}}
    document = {"format_version": "1.0", "values": {"root_module": {"resources": [entry]}}}

    (resource,) = stack_from(Path("state.json"), document, None).resources

    assert resource.value("policy") == "${aws:username}"


def test_default_tags_come_from_the_provider_or_all_resources(plan: dict[str, Any]) -> None:
    """Without constant default tags, the tags that all resources share count as default tags."""
    assert stack_from(PLAN, plan, None).default_tags.value("Environment") == "dev"

    constant = {"aws": {"expressions": {"default_tags": [{"tags": {"constant_value": {"Environment": "prod"}}}]}}}
    plan["configuration"]["provider_config"] = constant
    assert stack_from(PLAN, plan, None).default_tags.value("Environment") == "prod"


@pytest.mark.parametrize(
    "change",
    [
        {"resource_changes": [1]},
        {"resource_changes": {"a": 1}},
        {"planned_values": {"root_module": []}},
        {"planned_values": {"root_module": {"resources": [{"type": "aws_a"}]}}},
        {"configuration": {"root_module": {"resources": [{}]}}},
        {"configuration": [1]},
    ],
    ids=json.dumps,
)
def test_an_invalid_plan_is_rejected(plan: dict[str, Any], change: dict[str, Any]) -> None:
    with pytest.raises(InputError) as error:
        stack_from(Path("plan.json"), {**plan, **change}, None)

    assert str(error.value) == (
        "plan.json: the file has a format_version, but not the structure of 'terraform show -json'. "
        "Pass a *.tf.json file, a folder with such files, or the output of 'terraform show -json'."
    )
