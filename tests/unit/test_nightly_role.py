"""The permissions of the nightly role: enough for the stack of a test, and nothing on other environments."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from iam_policy_evaluator import Condition, Effect
from operations.cost import fixed
from operations.prices import HOURS_A_MONTH
from terraform_guardrails.iam import actions
from terraform_harness.synthesis import Synthesis
from terraform_harness.template import Template
from tests.nightly_role import (
    ACCOUNT,
    BOUNDARY,
    GLOBAL,
    GRANTED,
    PARTITION,
    REGION,
    REGIONAL,
    allows,
    document,
    placed,
    statements,
)

PROJECT = Path(__file__).parents[2]
# The largest size of an IAM policy in characters, without white space.
MAX_SIZE = 6144

# For each type of resource with a name: the action that creates it, the attribute with the name, and the ARN.
CREATED = {
    "aws_cloudwatch_composite_alarm": (
        "cloudwatch:PutCompositeAlarm",
        "alarm_name",
        REGIONAL.format("cloudwatch", "alarm:{}"),
    ),
    "aws_cloudwatch_dashboard": (
        "cloudwatch:PutDashboard",
        "dashboard_name",
        f"arn:{PARTITION}:cloudwatch::{ACCOUNT}:dashboard/{{}}",
    ),
    "aws_cloudwatch_event_rule": ("events:PutRule", "name", REGIONAL.format("events", "rule/{}")),
    "aws_cloudwatch_log_group": ("logs:CreateLogGroup", "name", REGIONAL.format("logs", "log-group:{}")),
    "aws_cloudwatch_metric_alarm": (
        "cloudwatch:PutMetricAlarm",
        "alarm_name",
        REGIONAL.format("cloudwatch", "alarm:{}"),
    ),
    "aws_dynamodb_table": ("dynamodb:CreateTable", "name", REGIONAL.format("dynamodb", "table/{}")),
    "aws_iam_role": ("iam:CreateRole", "name", GLOBAL.format("role/{}")),
    "aws_kinesis_stream": ("kinesis:CreateStream", "name", REGIONAL.format("kinesis", "stream/{}")),
    "aws_kms_alias": ("kms:CreateAlias", "name", REGIONAL.format("kms", "{}")),
    "aws_lambda_function": ("lambda:CreateFunction", "function_name", REGIONAL.format("lambda", "function:{}")),
    "aws_s3_bucket": ("s3:CreateBucket", "bucket", f"arn:{PARTITION}:s3:::{{}}"),
    "aws_sns_topic": ("sns:CreateTopic", "name", REGIONAL.format("sns", "{}")),
    "aws_sqs_queue": ("sqs:CreateQueue", "name", REGIONAL.format("sqs", "{}")),
}
# Types of resources without a name: they have the tag Environment, or belong to a resource with a name.
UNNAMED = {
    "aws_cloudwatch_event_target",
    "aws_default_security_group",
    "aws_flow_log",
    "aws_iam_role_policy",
    "aws_kms_key",
    "aws_lambda_alias",
    "aws_lambda_event_source_mapping",
    "aws_route_table",
    "aws_route_table_association",
    "aws_s3_bucket_notification",
    "aws_s3_bucket_policy",
    "aws_s3_bucket_public_access_block",
    "aws_s3_bucket_server_side_encryption_configuration",
    "aws_s3_bucket_versioning",
    "aws_security_group",
    "aws_sns_topic_policy",
    "aws_subnet",
    "aws_vpc",
    "aws_vpc_endpoint",
    "aws_vpc_security_group_egress_rule",
    "aws_vpc_security_group_ingress_rule",
}
# CloudWatch requires these permissions on every resource for composite alarms:
# docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html, API_DescribeAlarmHistory.html
# and API_DescribeAlarms.html
ON_EVERYTHING = ("cloudwatch:DescribeAlarmHistory", "cloudwatch:DescribeAlarms", "cloudwatch:PutCompositeAlarm")
# The permissions of a caller that selects a customer managed key for a table, besides a grant:
# docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
SELECTS_A_KEY = {
    "kms:Decrypt",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
}
READS_ONLY = re.compile(r"[\w-]+:(Describe|Get|List)")

NEW_OR_TAGGED = Condition(operator="StringLikeIfExists", key="aws:ResourceTag/Environment", values=("t-*",))
TAGGED = Condition(operator="StringLike", key="aws:ResourceTag/Environment", values=("t-*",))


@pytest.fixture(scope="session")
def pipeline(syntheses: Mapping[str, Synthesis]) -> Template:
    return syntheses["nightly"].template()


@pytest.mark.parametrize("name", [*GRANTED, BOUNDARY])
def test_a_policy_is_not_too_large(name: str) -> None:
    assert len(json.dumps(document(name), separators=(",", ":"))) <= MAX_SIZE


@pytest.mark.parametrize("name", [*GRANTED, BOUNDARY])
def test_a_policy_lists_its_actions_and_resources(name: str) -> None:
    """The other tests read Action and Resource only, so NotAction and NotResource would escape them."""
    assert [each.label for each in statements(name) if not (each.actions and each.resources)] == []


@pytest.mark.parametrize("name", [*GRANTED, BOUNDARY])
def test_every_action_exists(name: str) -> None:
    assert [action for each in statements(name) for action in each.actions if not actions.exists(action)] == []


@pytest.mark.parametrize("name", GRANTED)
def test_every_action_that_changes_something_is_limited(name: str) -> None:
    wide = [
        action
        for each in statements(name)
        if each.effect is Effect.ALLOW and each.resources == ("*",) and not each.conditions
        for action in each.actions
        if actions.has_resource_level_permissions(action) and not READS_ONLY.match(action)
    ]

    assert wide == []


@pytest.mark.parametrize("name", [*GRANTED, BOUNDARY])
def test_every_resource_has_the_suffix_of_a_test(name: str) -> None:
    arns = {arn for each in statements(name) for arn in each.resources}
    # The tag Environment, or their function, identifies these resources.
    unnamed = re.compile(r"\*|arn:aws:(ec2|kms):.*/\*|.*:event-source-mapping:\*|arn:aws:route53:::hostedzone/\*")

    assert [arn for arn in arns if "-t-*" not in arn and not unnamed.fullmatch(arn)] == []


@pytest.mark.parametrize("name", [*GRANTED, BOUNDARY])
def test_changes_of_resources_without_a_name_require_the_tag(name: str) -> None:
    loose = [
        each.sid
        for each in statements(name)
        for arn in each.resources
        if re.fullmatch(r"arn:aws:(ec2|kms):.*/\*", arn)
        and not each.conditions
        and not all(READS_ONLY.match(action) for action in each.actions)
    ]

    # Lambda does not tag its interfaces. AWS does not delete an interface in use.
    assert loose == (["RemoveInterfacesOfLambda"] if name == "network" else [])


def test_an_interface_of_an_instance_cannot_be_detached() -> None:
    """Before Terraform deletes a subnet or a security group, it detaches and deletes interfaces of Lambda.

    AWS checks the permission on the interface and on the instance:
    docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
    """
    decisions = {
        resource: allows(GRANTED, "ec2:DetachNetworkInterface", REGIONAL.format("ec2", resource))
        for resource in ("network-interface/eni-1", "instance/i-1")
    }

    assert decisions == {"network-interface/eni-1": True, "instance/i-1": False}


def test_every_type_of_resource_in_the_stack_is_in_a_table(pipeline: Template) -> None:
    assert set(pipeline.terraform["resource"]) == {*CREATED, *UNNAMED}


@pytest.mark.parametrize("kind", CREATED)
def test_every_resource_with_a_name_can_be_created(pipeline: Template, kind: str) -> None:
    action, attribute, arn = CREATED[kind]
    names = [placed(one[attribute]) for one in pipeline.terraform["resource"][kind].values()]

    assert [name for name in names if not allows(GRANTED, action, arn.format(name))] == []


@pytest.mark.parametrize("kind", [kind for kind in CREATED if CREATED[kind][0] not in ON_EVERYTHING])
def test_no_resource_of_another_environment_can_be_created(pipeline: Template, kind: str) -> None:
    action, attribute, arn = CREATED[kind]
    names = [placed(one[attribute]) for one in pipeline.terraform["resource"][kind].values()]
    productive = [name.replace("t-0123abcd", "prod") for name in names]

    assert [name for name in productive if allows(GRANTED, action, arn.format(name))] == []


@pytest.mark.parametrize("action", ["CreateAlias", "DeleteAlias", "GetAlias", "PublishVersion", "UpdateAlias"])
def test_only_a_function_of_a_test_is_published_and_rolled_back(pipeline: Template, action: str) -> None:
    (function,) = pipeline.terraform["resource"]["aws_lambda_function"].values()
    names = [function["function_name"], function["function_name"].replace("t-0123abcd", "prod")]

    assert [allows(GRANTED, f"lambda:{action}", REGIONAL.format("lambda", f"function:{name}")) for name in names] == [
        True,
        False,
    ]


@pytest.mark.parametrize("action", ON_EVERYTHING)
def test_composite_alarms_have_their_permissions_on_every_resource(action: str) -> None:
    granting = [each.resources for each in statements(*GRANTED) if action in each.actions]

    assert granting == [("*",)]


def test_a_composite_alarm_can_be_created_in_one_region_only() -> None:
    (granting,) = (each for each in statements(*GRANTED) if "cloudwatch:PutCompositeAlarm" in each.actions)

    assert granting.conditions == (Condition(operator="StringEquals", key="aws:RequestedRegion", values=(REGION,)),)


def test_the_queue_of_the_integration_tests_can_be_created() -> None:
    source = (PROJECT / "tests" / "integration" / "conftest.py").read_text()
    (written,) = re.findall(r'name ?= ?f"(test-[^"]+)"', source)

    name = re.sub(r"\{.*?}", "any", written.replace("{deployment.run.suffix}", "t-0123abcd"))

    assert allows(GRANTED, "sqs:CreateQueue", REGIONAL.format("sqs", name))


def conditions_on_keys(action: str) -> list[tuple[Condition, ...]]:
    """Return the conditions of each statement that grants an action on keys."""
    return [
        each.conditions
        for each in statements(*GRANTED)
        if action in each.actions and REGIONAL.format("kms", "key/*") in each.resources
    ]


@pytest.mark.parametrize(
    "action", sorted({"kms:CreateAlias", "kms:EnableKeyRotation", "kms:GetKeyPolicy", *SELECTS_A_KEY})
)
def test_a_new_key_can_be_used_before_its_tag_takes_effect(action: str) -> None:
    assert conditions_on_keys(action) == [(NEW_OR_TAGGED,)]


def test_services_get_a_grant_on_a_new_key_before_its_tag_takes_effect() -> None:
    for_services = Condition(operator="Bool", key="kms:GrantIsForAWSResource", values=("true",))

    assert conditions_on_keys("kms:CreateGrant") == [(NEW_OR_TAGGED, for_services)]


@pytest.mark.parametrize("action", ["kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:UntagResource"])
def test_a_key_can_be_changed_and_deleted_only_with_its_tag(action: str) -> None:
    assert conditions_on_keys(action) == [(TAGGED,)]


def test_the_page_has_the_cost_of_the_deployed_stack(pipeline: Template) -> None:
    month = sum(cost.dollars for cost in fixed(pipeline.terraform["resource"]))

    page = (PROJECT / "docs" / "nightly.md").read_text()

    assert f"cost ${month:.2f} for a month" in page
    assert f"which is {100 * month / HOURS_A_MONTH:.0f} cents an hour" in page
