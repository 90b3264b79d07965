"""The whole stack: outputs, names, tags, state, and what it must not contain."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from terraform_harness.synthesis import Synthesis
from terraform_harness.template import Template, attribute

# The outputs of the contract, each with the resource type and attribute of its value.
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

HOLD_DATA = {"aws_dynamodb_table", "aws_kinesis_stream", "aws_kms_key", "aws_s3_bucket"}


@pytest.mark.parametrize(("output", "value"), OUTPUTS.items(), ids=list(OUTPUTS))
def test_stack_has_output(any_pipeline: Template, output: str, value: tuple[str, str]) -> None:
    any_pipeline.has_outputs({output: attribute(*value)})


def test_subnets_are_an_output(pipeline: Template) -> None:
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
def test_output_is_of_the_right_resource(pipeline: Template, output: str, attribute_: str, name: str) -> None:
    """There are several resources of these types."""
    (resource,) = pipeline.resolve(pipeline.outputs[output])

    assert resource[attribute_] == name


def test_stack_has_no_other_output(any_pipeline: Template) -> None:
    assert set(any_pipeline.outputs) == {*OUTPUTS, "private_subnet_ids", "producer_policy"}


NAMING_ATTRIBUTE = re.compile(r"name|\w+_name|bucket|statement_id")
# The other attributes that match hold the name of something else, which AWS or the subscriber chose.
NAMED_BY_OTHERS = {
    ("aws_cloudwatch_metric_alarm", "metric_name"),
    ("aws_lambda_permission", "function_name"),
    ("aws_vpc_endpoint", "service_name"),
}


def physical_names(template: Template) -> Iterator[tuple[str, str]]:
    """Yield the address of each resource with its names, from every attribute that holds a name."""
    for resource in template.resources():
        own = [
            value
            for attribute_, value in resource.properties.items()
            if NAMING_ATTRIBUTE.fullmatch(attribute_) and (resource.type, attribute_) not in NAMED_BY_OTHERS
        ]
        own.append((resource.get("tags") or {}).get("Name"))
        yield from ((resource.address, name) for name in own if name and not name.startswith("${"))


def test_physical_names_end_in_the_environment_suffix(syntheses: Mapping[str, Synthesis]) -> None:
    wrong = []
    for synthesis in syntheses.values():
        template = synthesis.template()
        names = list(physical_names(template))
        ending = re.compile(rf".*-{default_tags(template)['Environment']}(-\$\{{[^}}]+\.account_id\}})?")
        wrong += [each for each in names if not ending.fullmatch(each[1])]
        assert len(names) > 35

    assert wrong == []


def test_resources_of_a_type_have_different_names(pipeline: Template) -> None:
    named = [
        (resource.type, resource[attribute_])
        for resource in pipeline.resources()
        for attribute_ in ("name", "alarm_name")
        if attribute_ in resource.properties
    ]

    assert len(named) > 25
    assert len(named) == len(set(named))


def test_tags_name_project_environment_and_lifetime(ephemeral: Template, production: Template) -> None:
    assert default_tags(ephemeral) == {
        "Project": "secure-transaction-pipeline",
        "Environment": "dev",
        "Ephemeral": "true",
    }
    assert default_tags(production) == {
        "Project": "secure-transaction-pipeline",
        "Environment": "prod",
        "Ephemeral": "false",
    }


def test_tags_of_a_test_run_have_its_id_and_expiry(in_test_run: Template) -> None:
    assert default_tags(in_test_run) == {
        "Project": "secure-transaction-pipeline",
        "Environment": "dev",
        "Ephemeral": "true",
        "RunId": "run-1",
        "ExpiresAt": "2026-11-23T19:00:00+00:00",
    }


def test_only_stack_is_transaction_pipeline(syntheses: Mapping[str, Synthesis]) -> None:
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


def test_provider_has_no_account_region_or_endpoint(any_pipeline: Template) -> None:
    (provider,) = any_pipeline.terraform["provider"]["aws"]

    assert set(provider) == {"default_tags"}


def test_provider_version_is_that_of_the_generated_classes(any_pipeline: Template) -> None:
    assert any_pipeline.terraform["terraform"]["required_providers"] == {"aws": {"source": "aws", "version": "5.100.0"}}


def test_each_environment_has_its_own_local_state_file(ephemeral: Template, with_local_state: Template) -> None:
    assert ephemeral.terraform["terraform"]["backend"] == {
        "local": {"path": "terraform.transaction-pipeline-dev.tfstate"}
    }
    assert with_local_state.terraform["terraform"]["backend"] == {
        "local": {"path": "terraform.transaction-pipeline-a-very-long-suffix-1.tfstate"}
    }


def test_state_in_a_bucket_is_encrypted_and_locked(in_test_run: Template) -> None:
    assert in_test_run.terraform["terraform"]["backend"] == {
        "s3": {
            "bucket": "states-of-the-team",
            "key": "transaction-pipeline/transaction-pipeline-dev.tfstate",
            "encrypt": True,
            "use_lockfile": True,
        }
    }


@pytest.mark.parametrize(
    "path",
    [str(Path(__file__).parents[3]), str(Path.home()), "/tmp/"],  # noqa: S108 - searched for, not written to
)
def test_artifact_has_no_path_of_this_machine(syntheses: Mapping[str, Synthesis], path: str) -> None:
    for synthesis in syntheses.values():
        assert path not in json.dumps(synthesis.terraform())


@pytest.mark.parametrize(
    "secret", [r"\b\d{12}\b", r"AKIA[0-9A-Z]{16}", r"access_key", r"secret", r"https?://", r"localhost|127\.0\.0\.1"]
)
def test_artifact_has_no_account_credential_or_endpoint(any_pipeline: Template, secret: str) -> None:
    terraform = {key: value for key, value in any_pipeline.terraform.items() if key != "//"}

    assert re.findall(secret, json.dumps(terraform)) == []


def test_references_resolve(any_pipeline: Template) -> None:
    for resource in any_pipeline.resources():
        for reference in resource.references:
            assert any_pipeline.resolve(reference.address), f"{resource.address} refers to {reference.address}"


def test_resources_of_an_ephemeral_environment_can_be_destroyed(ephemeral: Template) -> None:
    ephemeral.lacks("*", {"lifecycle": {"prevent_destroy": True}})


def test_terraform_destroys_no_data_of_other_environments(any_pipeline: Template) -> None:
    """The key is among them, because without it the data cannot be read."""
    protected = {
        resource.type for resource in any_pipeline.resources() if resource.get("lifecycle", {}).get("prevent_destroy")
    }

    is_ephemeral = default_tags(any_pipeline)["Ephemeral"] == "true"
    assert protected == (set() if is_ephemeral else HOLD_DATA)


def test_data_sources_are_account_region_partition_and_zones(any_pipeline: Template) -> None:
    assert sorted(resource.type for resource in any_pipeline.resources("data.*")) == [
        "data.aws_availability_zones",
        "data.aws_caller_identity",
        "data.aws_partition",
        "data.aws_region",
    ]


def test_checkov_suppressions_have_a_reason(any_pipeline: Template) -> None:
    reasons = [reason for resource in any_pipeline.resources() for reason in resource["//"].get("checkov", {}).values()]

    assert reasons
    assert [reason for reason in reasons if not re.fullmatch(r"[A-Z].{20,}\.", reason)] == []
