"""The event source mapping from the stream to the alias of the function."""

import pytest

from terraform_harness.template import Template, attribute


def test_mapping_connects_the_stream_and_the_alias(any_pipeline: Template) -> None:
    any_pipeline.count("aws_lambda_event_source_mapping", 1)
    any_pipeline.has(
        "aws_lambda_event_source_mapping",
        {
            "event_source_arn": attribute("aws_kinesis_stream", "arn"),
            "function_name": attribute("aws_lambda_alias", "arn"),
        },
    )


def test_mapping_starts_at_the_oldest_record(pipeline: Template) -> None:
    pipeline.has("aws_lambda_event_source_mapping", {"starting_position": "TRIM_HORIZON"})


def test_function_reports_failed_records_of_a_batch(pipeline: Template) -> None:
    pipeline.has("aws_lambda_event_source_mapping", {"function_response_types": ["ReportBatchItemFailures"]})


def test_batch_of_a_failed_invocation_is_bisected(pipeline: Template) -> None:
    pipeline.has("aws_lambda_event_source_mapping", {"bisect_batch_on_function_error": True})


def test_retries_are_limited_in_number_and_time(pipeline: Template) -> None:
    pipeline.has(
        "aws_lambda_event_source_mapping", {"maximum_retry_attempts": 50, "maximum_record_age_in_seconds": 21_600}
    )


def test_maximum_record_age_is_at_most_half_the_retention(any_pipeline: Template) -> None:
    retention = any_pipeline.only("aws_kinesis_stream")["retention_period"] * 3600

    age = any_pipeline.only("aws_lambda_event_source_mapping")["maximum_record_age_in_seconds"]

    assert age <= retention / 2


def test_failed_records_go_to_the_quarantine_bucket(pipeline: Template) -> None:
    pipeline.has(
        "aws_lambda_event_source_mapping",
        {"destination_config": {"on_failure": {"destination_arn": attribute("aws_s3_bucket", "arn")}}},
    )


def test_mapping_publishes_event_counts(pipeline: Template) -> None:
    pipeline.has("aws_lambda_event_source_mapping", {"metrics_config": {"metrics": ["EventCount"]}})


def test_batching_is_a_setting(in_test_run: Template) -> None:
    in_test_run.has(
        "aws_lambda_event_source_mapping",
        {
            "batch_size": 50,
            "maximum_batching_window_in_seconds": 2,
            "parallelization_factor": 3,
            "maximum_retry_attempts": 1,
        },
    )


@pytest.mark.parametrize(
    "first",
    [
        "aws_dynamodb_table",
        "aws_s3_bucket_notification",
        "aws_cloudwatch_event_target",
        "aws_vpc_security_group_egress_rule",
        "aws_vpc_endpoint",
        "aws_iam_role_policy",
        "aws_kinesis_stream",
    ],
)
def test_mapping_waits_for(pipeline: Template, first: str) -> None:
    mapping = pipeline.only("aws_lambda_event_source_mapping")

    assert first in {address.partition(".")[0] for address in pipeline.dependencies(mapping)}


def test_mapping_has_no_filter(any_pipeline: Template) -> None:
    """A filter would drop records without an error."""
    assert "filter_criteria" not in any_pipeline.only("aws_lambda_event_source_mapping").properties
