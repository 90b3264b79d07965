"""What the nightly role may do: enough for the stack under a test's suffix, and nothing to anybody else."""

import json
import re
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from string import Template as Placeholders
from typing import Any

import pytest

from guardrails import actions
from harness.synthesis import Synthesis
from harness.template import Template
from operations.cost import fixed
from operations.prices import HOURS_A_MONTH

PROJECT = Path(__file__).parents[2]
POLICIES = PROJECT / "ci" / "aws" / "policies"
GRANTED = ("compute", "data", "network", "roles")
BOUNDARY = "boundary"
# An IAM policy may have so many characters, without white space.
ROOM = 6144

PARTITION, REGION, ACCOUNT = "aws", "ap-southeast-2", "123456789012"
HERE = {"partition": PARTITION, "region": REGION, "account": ACCOUNT, "boundary": "nightly-boundary"}
REGIONAL = f"arn:{PARTITION}:{{}}:{REGION}:{ACCOUNT}:{{}}"
GLOBAL = f"arn:{PARTITION}:iam::{ACCOUNT}:{{}}"

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


def document(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(Placeholders((POLICIES / f"{name}.json").read_text()).substitute(HERE))
    return content


def statements(*names: str) -> Iterator[dict[str, Any]]:
    for name in names:
        yield from document(name)["Statement"]


def allows(names: tuple[str, ...], action: str, arn: str) -> bool:
    return any(
        action in statement["Action"] and any(fnmatchcase(arn, pattern) for pattern in statement["Resource"])
        for statement in statements(*names)
        if statement["Effect"] == "Allow"
    )


def placed(value: str) -> str:
    """What a value of the template is in the account, as far as this file needs it."""
    value = re.sub(r"\$\{data\.aws_partition\.\w+\.partition}", PARTITION, value)
    value = re.sub(r"\$\{data\.aws_region\.\w+\.name}", REGION, value)
    value = re.sub(r"\$\{data\.aws_caller_identity\.\w+\.account_id}", ACCOUNT, value)
    return re.sub(r"\$\{aws_kms_key\.\w+\.arn}", REGIONAL.format("kms", "key/ours"), value)


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


@pytest.mark.parametrize("kind", CREATED)
def test_nothing_of_another_environment_can_be_created(pipeline: Template, kind: str) -> None:
    action, attribute, arn = CREATED[kind]
    names = [placed(one[attribute]) for one in pipeline.terraform["resource"][kind].values()]
    productive = [name.replace("t-0123abcd", "prod") for name in names]

    assert [name for name in productive if allows(GRANTED, action, arn.format(name))] == []


def test_the_boundary_leaves_the_roles_of_the_stack_all_that_they_need(pipeline: Template) -> None:
    policies: Mapping[str, Mapping[str, str]] = pipeline.terraform["resource"]["aws_iam_role_policy"]
    needed = [
        (action, placed(resource).replace("*", "any"))
        for one in policies.values()
        for statement in json.loads(one["policy"])["Statement"]
        if statement["Effect"] == "Allow"
        for action in statement["Action"]
        for resource in statement["Resource"]
    ]

    assert needed
    assert [(action, arn) for action, arn in needed if not allows((BOUNDARY,), action, arn)] == []


def test_a_role_is_created_and_filled_only_with_the_boundary() -> None:
    granting = [each for each in statements(*GRANTED) if {"iam:CreateRole", "iam:PutRolePolicy"} & set(each["Action"])]

    assert [(each["Action"], each["Condition"]) for each in granting] == [
        (
            ["iam:CreateRole", "iam:PutRolePolicy"],
            {"StringEquals": {"iam:PermissionsBoundary": GLOBAL.format("policy/nightly-boundary")}},
        )
    ]


def test_a_role_goes_only_to_the_service_that_it_is_for() -> None:
    passing = {
        each["Resource"][0]: each["Condition"]["StringEquals"]["iam:PassedToService"]
        for each in statements(*GRANTED)
        if each["Action"] == ["iam:PassRole"]
    }

    assert passing == {
        GLOBAL.format("role/lambda-transaction-processor-role-t-*"): "lambda.amazonaws.com",
        GLOBAL.format("role/transaction-flow-logs-role-t-*"): "vpc-flow-logs.amazonaws.com",
    }


def test_nothing_can_be_attached_to_a_role_nor_its_boundary_or_trust_changed() -> None:
    loosening = {
        "iam:AttachRolePolicy",
        "iam:CreatePolicyVersion",
        "iam:DeleteRolePermissionsBoundary",
        "iam:PutRolePermissionsBoundary",
        "iam:UpdateAssumeRolePolicy",
    }
    allowed = {action for each in statements(*GRANTED) if each["Effect"] == "Allow" for action in each["Action"]}

    assert allowed & loosening == set()


def test_the_page_says_what_the_deployed_stack_costs(pipeline: Template) -> None:
    month = sum(cost.dollars for cost in fixed(pipeline.terraform["resource"]))

    page = (PROJECT / "docs" / "nightly.md").read_text()

    assert f"cost ${month:.2f} for a month" in page
    assert f"which is {100 * month / HOURS_A_MONTH:.0f} cents an hour" in page


def test_the_boundary_lets_no_role_touch_identities() -> None:
    services = {action.partition(":")[0] for each in statements(BOUNDARY) for action in each["Action"]}

    assert services == {"dynamodb", "ec2", "kinesis", "kms", "logs", "s3"}
