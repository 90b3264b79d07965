"""What the nightly role may do: enough for the stack under a test's suffix, and nothing to anybody else."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

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
# An IAM policy may have so many characters, without white space.
ROOM = 6144

# How each kind of resource with a name is created: the action, the attribute with the name, and the ARN.
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
# What has no name of its own but the tag Environment, or belongs to something that has a name.
UNNAMED = {
    "aws_cloudwatch_event_target",
    "aws_default_security_group",
    "aws_flow_log",
    "aws_iam_role_policy",
    "aws_kms_key",
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
# CloudWatch does these with composite alarms only for who may do them with everything, so no name narrows them:
# docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html, API_DescribeAlarmHistory.html
# and API_DescribeAlarms.html
ON_EVERYTHING = ("cloudwatch:DescribeAlarmHistory", "cloudwatch:DescribeAlarms", "cloudwatch:PutCompositeAlarm")
# DynamoDB needs at least these of who chooses a key of the account for a table, besides a grant:
# docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
CHOOSES_A_KEY = {
    "kms:Decrypt",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
}


@pytest.fixture(scope="session")
def pipeline(syntheses: Mapping[str, Synthesis]) -> Template:
    return syntheses["nightly"].template()


@pytest.mark.parametrize("name", [*GRANTED, BOUNDARY])
def test_a_policy_fits_into_its_room(name: str) -> None:
    assert len(json.dumps(document(name), separators=(",", ":"))) <= ROOM


@pytest.mark.parametrize("name", [*GRANTED, BOUNDARY])
def test_every_action_exists(name: str) -> None:
    assert [action for each in statements(name) for action in each["Action"] if not actions.exists(action)] == []


@pytest.mark.parametrize("name", GRANTED)
def test_whatever_could_be_narrowed_is_or_only_looks(name: str) -> None:
    wide = [
        action
        for each in statements(name)
        if each["Effect"] == "Allow" and each["Resource"] == ["*"] and "Condition" not in each
        for action in each["Action"]
        if actions.is_narrowable(action) and not re.match(r"[\w-]+:(Describe|Get|List)", action)
    ]

    assert wide == []


@pytest.mark.parametrize("name", [*GRANTED, BOUNDARY])
def test_every_name_is_one_that_only_a_test_has(name: str) -> None:
    arns = {arn for each in statements(name) for arn in each["Resource"]}
    # These are told apart by the tag Environment, or by the function that they belong to.
    unnamed = re.compile(r"\*|arn:aws:(ec2|kms):.*/\*|.*:event-source-mapping:\*|arn:aws:route53:::hostedzone/\*")

    assert [arn for arn in arns if "-t-*" not in arn and not unnamed.fullmatch(arn)] == []


@pytest.mark.parametrize("name", [*GRANTED, BOUNDARY])
def test_what_changes_something_without_a_name_asks_for_its_tag(name: str) -> None:
    loose = [
        each["Sid"]
        for each in statements(name)
        for arn in each["Resource"]
        if re.fullmatch(r"arn:aws:(ec2|kms):.*/\*", arn)
        and "Condition" not in each
        and not all(re.match(r"[\w-]+:(Describe|Get|List)", action) for action in each["Action"])
    ]

    # Lambda tags its interfaces with nothing, and one in use cannot be deleted.
    assert loose == (["DeleteInterfacesThatLambdaLeft"] if name == "network" else [])


def test_every_kind_of_resource_in_the_stack_is_thought_of(pipeline: Template) -> None:
    assert set(pipeline.terraform["resource"]) == {*CREATED, *UNNAMED}


@pytest.mark.parametrize("kind", CREATED)
def test_whatever_the_stack_names_can_be_created(pipeline: Template, kind: str) -> None:
    action, attribute, arn = CREATED[kind]
    names = [placed(one[attribute]) for one in pipeline.terraform["resource"][kind].values()]

    assert [name for name in names if not allows(GRANTED, action, arn.format(name))] == []


@pytest.mark.parametrize("kind", [kind for kind in CREATED if CREATED[kind][0] not in ON_EVERYTHING])
def test_nothing_of_another_environment_can_be_created(pipeline: Template, kind: str) -> None:
    action, attribute, arn = CREATED[kind]
    names = [placed(one[attribute]) for one in pipeline.terraform["resource"][kind].values()]
    productive = [name.replace("t-0123abcd", "prod") for name in names]

    assert [name for name in productive if allows(GRANTED, action, arn.format(name))] == []


@pytest.mark.parametrize("action", ON_EVERYTHING)
def test_what_cloudwatch_wants_on_everything_is_granted_on_everything(action: str) -> None:
    granting = [each["Resource"] for each in statements(*GRANTED) if action in each["Action"]]

    assert granting == [["*"]]


def test_a_composite_alarm_is_put_in_the_one_region_only() -> None:
    (granting,) = (each for each in statements(*GRANTED) if "cloudwatch:PutCompositeAlarm" in each["Action"])

    assert granting["Condition"] == {"StringEquals": {"aws:RequestedRegion": REGION}}


def test_the_queue_that_the_tests_make_for_themselves_can_be_made() -> None:
    source = (PROJECT / "tests" / "integration" / "conftest.py").read_text()
    (written,) = re.findall(r'name ?= ?f"(test-[^"]+)"', source)

    name = re.sub(r"\{.*?}", "any", written.replace("{deployment.run.suffix}", "t-0123abcd"))

    assert allows(GRANTED, "sqs:CreateQueue", REGIONAL.format("sqs", name))


def keys_condition(action: str) -> list[dict[str, Any]]:
    """The conditions under which a role may do something to a key."""
    return [
        each["Condition"]
        for each in statements(*GRANTED)
        if action in each["Action"] and REGIONAL.format("kms", "key/*") in each["Resource"]
    ]


@pytest.mark.parametrize(
    "action", sorted({"kms:CreateAlias", "kms:EnableKeyRotation", "kms:GetKeyPolicy", *CHOOSES_A_KEY})
)
def test_a_new_key_is_of_use_before_its_tag_counts(action: str) -> None:
    assert keys_condition(action) == [{"StringLikeIfExists": {"aws:ResourceTag/Environment": "t-*"}}]


def test_services_keep_using_a_new_key_before_its_tag_counts() -> None:
    assert keys_condition("kms:CreateGrant") == [
        {
            "StringLikeIfExists": {"aws:ResourceTag/Environment": "t-*"},
            "Bool": {"kms:GrantIsForAWSResource": "true"},
        }
    ]


@pytest.mark.parametrize("action", ["kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:UntagResource"])
def test_a_key_is_changed_and_deleted_only_by_its_tag(action: str) -> None:
    assert keys_condition(action) == [{"StringLike": {"aws:ResourceTag/Environment": "t-*"}}]


def test_the_page_says_what_the_deployed_stack_costs(pipeline: Template) -> None:
    month = sum(cost.dollars for cost in fixed(pipeline.terraform["resource"]))

    page = (PROJECT / "docs" / "nightly.md").read_text()

    assert f"cost ${month:.2f} for a month" in page
    assert f"which is {100 * month / HOURS_A_MONTH:.0f} cents an hour" in page
