"""The key and its policy."""

from collections.abc import Mapping
from typing import Any

import pytest

from iam_policy_evaluator import Policy
from terraform_harness.synthesis import Synthesis
from terraform_harness.template import Template, attribute
from tests.unit.modules.decisions import (
    ACCOUNT,
    ANOTHER_ACCOUNT,
    REGION,
    Context,
    arn,
    policy_of,
    service_allowed,
)

ALARM = {"aws:SourceAccount": ACCOUNT, "aws:SourceArn": arn("cloudwatch", "alarm:lambda-errors-dev")}


def encryption_context(group: str) -> Context:
    return {"kms:EncryptionContext:aws:logs:arn": arn("logs", f"log-group:{group}")}


@pytest.fixture(scope="session")
def policy(pipeline: Template) -> Policy:
    return policy_of(pipeline, pipeline.only("aws_kms_key"))


def test_only_key_is_rotated(any_pipeline: Template) -> None:
    any_pipeline.count("aws_kms_key", 1)
    any_pipeline.has("aws_kms_key", {"enable_key_rotation": True})


def test_key_has_its_alias(pipeline: Template) -> None:
    pipeline.count("aws_kms_alias", 1)
    pipeline.has(
        "aws_kms_alias",
        {"name": "alias/transaction-key-dev", "target_key_id": attribute("aws_kms_key", "key_id")},
    )


def test_deletion_window_is_7_days_if_ephemeral_else_30(ephemeral: Template, pipeline: Template) -> None:
    ephemeral.has("aws_kms_key", {"deletion_window_in_days": 7})
    pipeline.has("aws_kms_key", {"deletion_window_in_days": 30})


def test_iam_policies_of_the_account_control_the_key(any_pipeline: Template) -> None:
    """Without this statement no role could use the key, and the account could lose control of it."""
    account = any_pipeline.only("data.aws_caller_identity").address
    partition = any_pipeline.only("data.aws_partition").address

    statements = any_pipeline.only("aws_kms_key").decoded("policy")["Statement"]

    for_account = [statement for statement in statements if "AWS" in statement["Principal"]]
    assert [(each["Effect"], each["Principal"], each["Action"], "Condition" in each) for each in for_account] == [
        ("Allow", {"AWS": f"arn:${{{partition}.partition}}:iam::${{{account}.account_id}}:root"}, ["kms:*"], False)
    ]


def test_other_principals_are_five_services(any_pipeline: Template) -> None:
    region = any_pipeline.only("data.aws_region").address
    statements = any_pipeline.only("aws_kms_key").statements().values()

    services = [service for each in statements for service in as_list(each["Principal"].get("Service", []))]

    assert sorted(services) == [
        "cloudwatch.amazonaws.com",
        "dynamodb.amazonaws.com",
        "events.amazonaws.com",
        "kinesis.amazonaws.com",
        f"logs.${{{region}.name}}.amazonaws.com",
    ]


def as_list(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def test_key_policy_names_no_role(any_pipeline: Template) -> None:
    """Neither by name, nor by ARN, nor by reference: each would be a dependency cycle."""
    policy = any_pipeline.only("aws_kms_key")["policy"]

    for role in any_pipeline.resources("aws_iam_role"):
        assert role["name"] not in policy
        assert role.name not in policy
    assert ":role/" not in policy
    assert "aws_iam" not in policy


def test_key_depends_on_no_resource(any_pipeline: Template) -> None:
    found = any_pipeline.dependencies(any_pipeline.only("aws_kms_key"))

    assert {address.split(".")[1] for address in found} == {"aws_caller_identity", "aws_partition", "aws_region"}
    assert all(address.startswith("data.") for address in found)


@pytest.mark.parametrize("action", ["kms:Encrypt", "kms:Decrypt", "kms:ReEncryptTo", "kms:GenerateDataKey"])
def test_logs_can_encrypt_every_log_group(any_pipeline: Template, action: str) -> None:
    policy = policy_of(any_pipeline, any_pipeline.only("aws_kms_key"))

    for group in any_pipeline.resources("aws_cloudwatch_log_group"):
        assert service_allowed(policy, f"logs.{REGION}", action, "*", encryption_context(group["name"]))


@pytest.mark.parametrize(
    ("combination", "group"),
    [
        ("default", "/aws/lambda/transaction-processor-prod"),
        ("minimal cost", "/aws/vpc/transaction-flow-logs-dev"),
    ],
    ids=["of another environment", "of flow logs that are off"],
)
def test_logs_cannot_encrypt_other_log_groups(syntheses: Mapping[str, Synthesis], combination: str, group: str) -> None:
    template = syntheses[combination].template()

    policy = policy_of(template, template.only("aws_kms_key"))

    assert not service_allowed(policy, f"logs.{REGION}", "kms:Encrypt", "*", encryption_context(group))


@pytest.mark.parametrize(
    ("context", "allowed"),
    [
        pytest.param(ALARM, True, id="an alarm of this environment"),
        pytest.param(
            ALARM | {"aws:SourceArn": arn("cloudwatch", "alarm:lambda-errors-prod")}, False, id="another environment"
        ),
        pytest.param(ALARM | {"aws:SourceAccount": ANOTHER_ACCOUNT}, False, id="another account"),
    ],
)
@pytest.mark.parametrize("action", ["kms:Decrypt", "kms:GenerateDataKey"])
def test_only_own_alarms_use_the_key(
    policy: Policy,
    action: str,
    context: Context,
    allowed: bool,  # noqa: FBT001 - a column of the table
) -> None:
    assert service_allowed(policy, "cloudwatch", action, "*", context) is allowed


@pytest.mark.parametrize("action", ["kms:Decrypt", "kms:GenerateDataKey"])
def test_eventbridge_uses_the_key_without_a_condition(policy: Policy, action: str) -> None:
    """AWS's pages contradict each other about conditions here. An unsupported one would lose every message."""
    assert service_allowed(policy, "events", action, "*", {})


@pytest.mark.parametrize("service", ["dynamodb", "kinesis"])
def test_stores_can_only_describe_the_key(policy: Policy, service: str) -> None:
    """AWS's page for DynamoDB has no condition on this, and no page of AWS has one for Kinesis."""
    assert service_allowed(policy, service, "kms:DescribeKey", "*", {})
    assert not service_allowed(policy, service, "kms:Decrypt", "*", {})


@pytest.mark.parametrize(
    "service", ["cloudwatch", "dynamodb", "events", "kinesis", f"logs.{REGION}", "lambda", "s3", "sns", "sqs"]
)
@pytest.mark.parametrize("action", ["kms:CreateGrant", "kms:PutKeyPolicy", "kms:ScheduleKeyDeletion"])
def test_services_cannot_administer_the_key(policy: Policy, service: str, action: str) -> None:
    context = {**ALARM, **encryption_context("/aws/lambda/transaction-processor-dev")}

    assert not service_allowed(policy, service, action, "*", context)


@pytest.mark.parametrize(
    ("type_", "encrypted"),
    [
        ("aws_kinesis_stream", {"kms_key_id": attribute("aws_kms_key", "arn"), "encryption_type": "KMS"}),
        (
            "aws_dynamodb_table",
            {"server_side_encryption": {"enabled": True, "kms_key_arn": attribute("aws_kms_key", "arn")}},
        ),
        ("aws_cloudwatch_log_group", {"kms_key_id": attribute("aws_kms_key", "arn")}),
        ("aws_sns_topic", {"kms_master_key_id": attribute("aws_kms_key", "arn")}),
        ("aws_sqs_queue", {"kms_master_key_id": attribute("aws_kms_key", "arn")}),
        ("aws_lambda_function", {"kms_key_arn": attribute("aws_kms_key", "arn")}),
        (
            "aws_s3_bucket_server_side_encryption_configuration",
            {
                "rule": [
                    {
                        "bucket_key_enabled": True,
                        "apply_server_side_encryption_by_default": {
                            "sse_algorithm": "aws:kms",
                            "kms_master_key_id": attribute("aws_kms_key", "arn"),
                        },
                    }
                ]
            },
        ),
    ],
)
def test_key_encrypts_every(any_pipeline: Template, type_: str, encrypted: dict[str, Any]) -> None:
    any_pipeline.every(type_, encrypted)
