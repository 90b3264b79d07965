"""The function and its log group."""

import pytest

from terraform_harness.template import ABSENT, Template, attribute, matching


def test_function_is_python_3_13_with_1024_mb_and_60_s(pipeline: Template) -> None:
    pipeline.count("aws_lambda_function", 1)
    pipeline.has(
        "aws_lambda_function",
        {
            "function_name": "transaction-processor-dev",
            "runtime": "python3.13",
            "memory_size": 1024,
            "timeout": 60,
            "architectures": ["arm64"],
            "handler": "transaction_processor.handler.handle",
            "reserved_concurrent_executions": ABSENT,
        },
    )


def test_size_is_a_setting(in_test_run: Template) -> None:
    in_test_run.has(
        "aws_lambda_function",
        {
            "memory_size": 512,
            "timeout": 30,
            "architectures": ["x86_64"],
            "reserved_concurrent_executions": 7,
        },
    )


def test_function_is_in_every_subnet_with_its_security_group(pipeline: Template) -> None:
    group = pipeline.only("aws_security_group", {"name": "lambda-sg-dev"})

    network = pipeline.only("aws_lambda_function")["vpc_config"]

    assert network["security_group_ids"] == [f"${{{group.address}.id}}"]
    assert sorted(pipeline.resolve(reference)[0].address for reference in network["subnet_ids"]) == sorted(
        subnet.address for subnet in pipeline.resources("aws_subnet")
    )


def test_environment_names_ledger_bucket_and_owner(pipeline: Template) -> None:
    account = pipeline.only("data.aws_caller_identity").address

    assert pipeline.only("aws_lambda_function")["environment"]["variables"] == {
        "LEDGER_TABLE": "transactions-dev",
        "QUARANTINE_BUCKET": f"transaction-quarantine-dev-${{{account}.account_id}}",
        "QUARANTINE_OWNER": f"${{{account}.account_id}}",
    }


def test_function_waits_for_its_role_policy_and_the_ledger(pipeline: Template) -> None:
    """While AWS creates the ledger, the policy takes effect."""
    role = pipeline.only("aws_iam_role", {"name": "lambda-transaction-processor-role-dev"})
    policy = pipeline.only("aws_iam_role_policy", {"role": attribute(role.address, "name")})

    pipeline.has(
        "aws_lambda_function",
        {
            "role": attribute(role.address, "arn"),
            "depends_on": [policy.address, pipeline.only("aws_dynamodb_table").address],
        },
    )


def test_each_change_is_published_and_the_alias_moves_to_it(any_pipeline: Template) -> None:
    function = any_pipeline.only("aws_lambda_function")

    alias = any_pipeline.only("aws_lambda_alias")

    assert function["publish"] is True
    assert alias["function_name"] == f"${{{function.address}.function_name}}"
    assert alias["function_version"] == f"${{{function.address}.version}}"


def test_terraform_moves_the_alias_forward_after_a_rollback(any_pipeline: Template) -> None:
    """With ignore_changes, a deployment would publish a version that the mapping never invokes."""
    any_pipeline.has("aws_lambda_alias", {"lifecycle": ABSENT, "routing_config": ABSENT})


def test_alias_ends_in_the_environment_suffix(pipeline: Template) -> None:
    pipeline.has("aws_lambda_alias", {"name": "live-dev"})


def test_logs_go_to_a_declared_group_for_90_days(pipeline: Template) -> None:
    (group,) = pipeline.resolve(pipeline.only("aws_lambda_function")["logging_config"]["log_group"])

    assert group["name"] == "/aws/lambda/transaction-processor-dev"
    assert group["retention_in_days"] == 90


def test_log_format_is_json(pipeline: Template) -> None:
    pipeline.has("aws_lambda_function", {"logging_config": {"log_format": "JSON"}})


def test_log_retention_is_a_setting(in_test_run: Template) -> None:
    in_test_run.every("aws_cloudwatch_log_group", {"retention_in_days": 7})


def test_bundle_is_an_asset_of_the_stack_with_its_digest(pipeline: Template) -> None:
    pipeline.has(
        "aws_lambda_function",
        {
            "filename": matching(r"assets/[\w-]+/[0-9A-F]+/function\.zip"),
            "source_code_hash": matching(r"[A-Za-z0-9+/]{43}="),
        },
    )


@pytest.mark.parametrize("unused", ["dead_letter_config", "layers", "tracing_config", "file_system_config"])
def test_function_does_not_use(pipeline: Template, unused: str) -> None:
    pipeline.has("aws_lambda_function", {unused: ABSENT})
