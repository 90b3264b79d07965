"""The whole: outputs, names, tags, state, and what must never be in it."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from terraform_harness.synthesis import Synthesis
from terraform_harness.template import Template, attribute

OUTPUTS = {
    "vpc_id": ("aws_vpc", "id"),
    "kms_key_id": ("aws_kms_key", "key_id"),
    "kms_key_arn": ("aws_kms_key", "arn"),
    "dynamodb_table_name": ("aws_dynamodb_table", "name"),
    "dynamodb_table_arn": ("aws_dynamodb_table", "arn"),
    "kinesis_stream_name": ("aws_kinesis_stream", "name"),
    "kinesis_stream_arn": ("aws_kinesis_stream", "arn"),
    "lambda_function_name": ("aws_lambda_function", "function_name"),
    "lambda_function_arn": ("aws_lambda_function", "arn"),
    "cloudwatch_log_group_name": ("aws_cloudwatch_log_group", "name"),
    "lambda_security_group_id": ("aws_security_group", "id"),
    "lambda_error_alarm_name": ("aws_cloudwatch_metric_alarm", "alarm_name"),
    "dynamodb_throttle_alarm_name": ("aws_cloudwatch_metric_alarm", "alarm_name"),
    "alarm_topic_arn": ("aws_sns_topic", "arn"),
    "quarantine_bucket_name": ("aws_s3_bucket", "bucket"),
    "dead_letter_queue_url": ("aws_sqs_queue", "url"),
}


@pytest.mark.parametrize(("output", "what"), OUTPUTS.items(), ids=list(OUTPUTS))
def test_there_is_an_output(any_pipeline: Template, output: str, what: tuple[str, str]) -> None:
    any_pipeline.has_outputs({output: attribute(*what)})


def test_the_subnets_are_an_output(pipeline: Template) -> None:
    found = [pipeline.resolve(reference)[0] for reference in pipeline.outputs["private_subnet_ids"]]

    assert [subnet["cidr_block"] for subnet in found] == ["10.0.1.0/24", "10.0.2.0/24", "10.0.3.0/24"]


@pytest.mark.parametrize(
    ("output", "attribute_", "name"),
    [
        ("cloudwatch_log_group_name", "name", "/aws/lambda/transaction-processor-dev"),
        ("lambda_security_group_id", "name", "lambda-sg-dev"),
        ("lambda_error_alarm_name", "alarm_name", "lambda-errors-dev"),
        ("dynamodb_throttle_alarm_name", "alarm_name", "dynamodb-throttle-dev"),
    ],
)
def test_the_output_is_of_the_right_one_of_several(pipeline: Template, output: str, attribute_: str, name: str) -> None:
    (resource,) = pipeline.resolve(pipeline.outputs[output])

    assert resource[attribute_] == name


def test_there_are_no_other_outputs(any_pipeline: Template) -> None:
    assert set(any_pipeline.outputs) == {*OUTPUTS, "private_subnet_ids"}


PHYSICAL_NAMES = {
    "name",
    "function_name",
    "alarm_name",
    "dashboard_name",
    "bucket",
}
NAMED_OTHERWISE = {"aws_iam_role_policy"}  # A policy inside a role has a name of its own, and no life of its own.


def physical_names(template: Template) -> Iterator[str]:
    for resource in template.resources():
        own = [resource.get(attribute_) for attribute_ in PHYSICAL_NAMES]
        own.append((resource.get("tags") or {}).get("Name"))
        if resource.type not in NAMED_OTHERWISE:
            yield from (name for name in own if name and not name.startswith("${"))


def test_every_physical_name_ends_in_the_environment_suffix(any_pipeline: Template) -> None:
    names = list(physical_names(any_pipeline))

    assert len(names) > 35
    assert [name for name in names if not re.search(r"-(dev|prod)(-\$\{[^}]+\.account_id\})?$", name)] == []


def test_no_two_resources_of_a_type_share_a_name(pipeline: Template) -> None:
    for type_ in {resource.type for resource in pipeline.resources()} - NAMED_OTHERWISE:
        names = [each.get("name") or each.get("alarm_name") for each in pipeline.resources(type_)]

        assert len([name for name in names if name]) == len({name for name in names if name})


def test_everything_is_tagged_with_project_environment_and_lifetime(pipeline: Template, production: Template) -> None:
    assert default_tags(pipeline) == {
        "Project": "secure-transaction-pipeline",
        "Environment": "dev",
        "Ephemeral": "true",
    }
    assert default_tags(production) == {
        "Project": "secure-transaction-pipeline",
        "Environment": "prod",
        "Ephemeral": "false",
    }


def test_what_a_test_run_deploys_says_which_run_and_until_when(in_test_run: Template) -> None:
    assert default_tags(in_test_run) == {
        "Project": "secure-transaction-pipeline",
        "Environment": "dev",
        "Ephemeral": "true",
        "RunId": "run-1",
        "ExpiresAt": "2026-11-23T19:00:00+00:00",
    }


def test_the_stack_is_called_transaction_pipeline_and_is_the_only_one(syntheses: Mapping[str, Synthesis]) -> None:
    found = {
        str(path.relative_to(synthesis.folder))
        for synthesis in syntheses.values()
        for path in synthesis.folder.glob("stacks/*/*.tf.json")
    }

    assert found == {"stacks/transaction-pipeline/cdk.tf.json"}


def default_tags(template: Template) -> Any:  # noqa: ANN401 - any JSON value
    (provider,) = template.terraform["provider"]["aws"]
    (tags,) = provider["default_tags"]
    return tags["tags"]


def test_the_provider_is_told_nothing_of_the_target(any_pipeline: Template) -> None:
    (provider,) = any_pipeline.terraform["provider"]["aws"]

    assert set(provider) == {"default_tags"}


def test_the_provider_is_the_one_that_the_classes_were_generated_from(any_pipeline: Template) -> None:
    assert any_pipeline.terraform["terraform"]["required_providers"] == {"aws": {"source": "aws", "version": "5.100.0"}}


def test_each_environment_has_a_state_file_of_its_own_beside_the_stack(
    pipeline: Template, production: Template
) -> None:
    assert pipeline.terraform["terraform"]["backend"] == {
        "local": {"path": "terraform.transaction-pipeline-dev.tfstate"}
    }
    assert production.terraform["terraform"]["backend"] == {
        "local": {"path": "terraform.transaction-pipeline-prod.tfstate"}
    }


def test_the_state_may_be_kept_encrypted_and_locked_in_a_bucket(in_test_run: Template) -> None:
    assert in_test_run.terraform["terraform"]["backend"] == {
        "s3": {
            "bucket": "states-of-the-team",
            "key": "transaction-pipeline/transaction-pipeline-dev.tfstate",
            "encrypt": True,
            "use_lockfile": True,
        }
    }


@pytest.mark.parametrize(
    "machine",
    [str(Path(__file__).parents[3]), str(Path.home()), "/tmp/"],  # noqa: S108 - looked for, not written to
)
def test_no_path_of_this_machine_is_in_the_artifact(syntheses: Mapping[str, Synthesis], machine: str) -> None:
    for synthesis in syntheses.values():
        assert machine not in json.dumps(synthesis.terraform())


@pytest.mark.parametrize(
    "secret", [r"\b\d{12}\b", r"AKIA[0-9A-Z]{16}", r"access_key", r"secret", r"https?://", r"localhost|127\.0\.0\.1"]
)
def test_no_account_credential_or_endpoint_is_in_the_artifact(any_pipeline: Template, secret: str) -> None:
    terraform = {key: value for key, value in any_pipeline.terraform.items() if key != "//"}

    assert re.findall(secret, json.dumps(terraform)) == []


@pytest.mark.parametrize(
    "singleton",
    ["aws_config_*", "aws_guardduty_*", "aws_securityhub_*", "aws_macie2_*", "aws_iam_account_*", "aws_cloudtrail"],
)
def test_nothing_belongs_to_the_whole_account(any_pipeline: Template, singleton: str) -> None:
    any_pipeline.lacks(singleton)


def test_no_resource_depends_on_itself_through_others(any_pipeline: Template) -> None:
    for resource in any_pipeline.resources():
        assert resource.address not in any_pipeline.dependencies(resource)


def test_every_reference_is_to_something_that_is_there(any_pipeline: Template) -> None:
    for resource in any_pipeline.resources():
        for reference in resource.references:
            assert any_pipeline.resolve(reference.address), f"{resource.address} refers to {reference.address}"


def test_nothing_refuses_to_be_destroyed(any_pipeline: Template) -> None:
    any_pipeline.lacks("*", {"lifecycle": {"prevent_destroy": True}})


def test_only_account_region_partition_and_zones_are_looked_up(any_pipeline: Template) -> None:
    assert sorted(resource.type for resource in any_pipeline.resources("data.*")) == [
        "data.aws_availability_zones",
        "data.aws_caller_identity",
        "data.aws_partition",
        "data.aws_region",
    ]


def test_every_accepted_finding_has_a_reason(any_pipeline: Template) -> None:
    for resource in any_pipeline.resources():
        for reason in resource["//"].get("checkov", {}).values():
            assert re.fullmatch(r"[A-Z].{20,}\.", reason)
