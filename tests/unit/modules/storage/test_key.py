"""The key, and the policy that names no role."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from terraform_harness.synthesis import Synthesis
from terraform_harness.template import Template, attribute


@pytest.fixture(scope="session")
def statements(pipeline: Template) -> dict[str, dict[str, Any]]:
    return pipeline.only("aws_kms_key").statements()


@pytest.fixture(scope="session")
def here(pipeline: Template) -> dict[str, str]:
    return {
        "account": f"${{{pipeline.only('data.aws_caller_identity').address}.account_id}}",
        "region": f"${{{pipeline.only('data.aws_region').address}.name}}",
        "partition": f"${{{pipeline.only('data.aws_partition').address}.partition}}",
    }


def test_there_is_one_key_and_it_is_rotated(any_pipeline: Template) -> None:
    any_pipeline.count("aws_kms_key", 1)
    any_pipeline.has("aws_kms_key", {"enable_key_rotation": True})


def test_the_key_has_its_alias(pipeline: Template) -> None:
    pipeline.count("aws_kms_alias", 1)
    pipeline.has(
        "aws_kms_alias",
        {"name": "alias/transaction-key-dev", "target_key_id": attribute("aws_kms_key", "key_id")},
    )


def test_an_ephemeral_key_goes_after_7_days_and_a_lasting_one_after_30(
    pipeline: Template, production: Template
) -> None:
    pipeline.has("aws_kms_key", {"deletion_window_in_days": 7})
    production.has("aws_kms_key", {"deletion_window_in_days": 30})


def test_the_account_decides_by_its_own_policies(statements: dict[str, dict[str, Any]], here: dict[str, str]) -> None:
    assert statements["AccountPoliciesDecide"] == {
        "Sid": "AccountPoliciesDecide",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:{here['partition']}:iam::{here['account']}:root"},
        "Action": ["kms:*"],
        "Resource": ["*"],
    }


def test_the_principals_are_the_account_and_services_only(any_pipeline: Template) -> None:
    region = any_pipeline.only("data.aws_region").address
    policy = any_pipeline.only("aws_kms_key").statements()

    services = {
        service for statement in policy.values() for service in as_list(statement["Principal"].get("Service", []))
    }
    accounts = {arn for statement in policy.values() for arn in as_list(statement["Principal"].get("AWS", []))}

    assert services == {
        f"logs.${{{region}.name}}.amazonaws.com",
        "cloudwatch.amazonaws.com",
        "dynamodb.amazonaws.com",
        "events.amazonaws.com",
        "kinesis.amazonaws.com",
    }
    assert [arn.rpartition(":")[2] for arn in accounts] == ["root"]


def as_list(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def test_no_role_is_in_the_key_policy_in_any_spelling(any_pipeline: Template) -> None:
    policy = any_pipeline.only("aws_kms_key")["policy"]

    for role in any_pipeline.resources("aws_iam_role"):
        assert role["name"] not in policy
        assert role.name not in policy
    assert ":role/" not in policy
    assert "aws_iam" not in policy


def test_the_key_waits_for_nothing_but_the_account(any_pipeline: Template) -> None:
    found = any_pipeline.dependencies(any_pipeline.only("aws_kms_key"))

    assert {address.split(".")[1] for address in found} == {"aws_caller_identity", "aws_partition", "aws_region"}
    assert all(address.startswith("data.") for address in found)


@pytest.mark.parametrize(
    ("combination", "groups"),
    [
        ("default", ["/aws/lambda/transaction-processor-dev", "/aws/vpc/transaction-flow-logs-dev"]),
        ("minimal cost", ["/aws/lambda/transaction-processor-dev"]),
    ],
    ids=["with flow logs", "without flow logs"],
)
def test_logs_may_use_the_key_for_exactly_our_groups(
    syntheses: Mapping[str, Synthesis], here: dict[str, str], combination: str, groups: list[str]
) -> None:
    prefix = f"arn:{here['partition']}:logs:{here['region']}:{here['account']}:log-group:"

    statements = syntheses[combination].template().only("aws_kms_key").statements()

    assert statements["CloudWatchLogsEncryptsItsGroups"] == {
        "Sid": "CloudWatchLogsEncryptsItsGroups",
        "Effect": "Allow",
        "Principal": {"Service": f"logs.{here['region']}.amazonaws.com"},
        "Action": ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
        "Resource": ["*"],
        "Condition": {
            "ArnEquals": {"kms:EncryptionContext:aws:logs:arn": [f"{prefix}{group}" for group in groups]},
        },
    }


def test_alarms_of_this_environment_may_use_the_key_for_their_messages(
    statements: dict[str, dict[str, Any]], here: dict[str, str]
) -> None:
    assert statements["AlarmsPublishToTheTopic"] == {
        "Sid": "AlarmsPublishToTheTopic",
        "Effect": "Allow",
        "Principal": {"Service": "cloudwatch.amazonaws.com"},
        "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
        "Resource": ["*"],
        "Condition": {
            "StringEquals": {"aws:SourceAccount": here["account"]},
            "ArnLike": {
                "aws:SourceArn": f"arn:{here['partition']}:cloudwatch:{here['region']}:{here['account']}:alarm:*-dev"
            },
        },
    }


def test_eventbridge_has_no_condition_that_would_lose_its_messages(statements: dict[str, dict[str, Any]]) -> None:
    assert statements["EventBridgeSendsToTheQueue"] == {
        "Sid": "EventBridgeSendsToTheQueue",
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
        "Resource": ["*"],
    }


def test_dynamodb_and_kinesis_may_only_look_the_key_up(
    statements: dict[str, dict[str, Any]], here: dict[str, str]
) -> None:
    assert statements["StoresDescribeTheKey"] == {
        "Sid": "StoresDescribeTheKey",
        "Effect": "Allow",
        "Principal": {"Service": ["dynamodb.amazonaws.com", "kinesis.amazonaws.com"]},
        "Action": ["kms:DescribeKey"],
        "Resource": ["*"],
        "Condition": {"StringEquals": {"aws:SourceAccount": here["account"]}},
    }


def test_the_policy_has_no_other_statement(any_pipeline: Template) -> None:
    assert len(any_pipeline.only("aws_kms_key").decoded("policy")["Statement"]) == 5


@pytest.mark.parametrize(
    ("type_", "where"),
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
def test_the_key_encrypts_every(any_pipeline: Template, type_: str, where: dict[str, Any]) -> None:
    any_pipeline.every(type_, where)


def test_every_log_group_is_one_that_the_key_policy_names(any_pipeline: Template) -> None:
    policy = json.dumps(any_pipeline.only("aws_kms_key").statements()["CloudWatchLogsEncryptsItsGroups"])

    for group in any_pipeline.resources("aws_cloudwatch_log_group"):
        assert f':log-group:{group["name"]}"' in policy
