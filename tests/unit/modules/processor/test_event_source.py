"""The mapping from the stream to the function."""

import pytest

from terraform_harness.template import Template, attribute


def test_the_mapping_leads_from_the_stream_to_the_function(any_pipeline: Template) -> None:
    any_pipeline.count("aws_lambda_event_source_mapping", 1)
    any_pipeline.has(
        "aws_lambda_event_source_mapping",
        {
            "event_source_arn": attribute("aws_kinesis_stream", "arn"),
            "function_name": attribute("aws_lambda_function", "arn"),
        },
    )


def test_no_record_is_missed_while_the_mapping_is_created(pipeline: Template) -> None:
    pipeline.has("aws_lambda_event_source_mapping", {"starting_position": "TRIM_HORIZON"})


def test_only_the_failed_part_of_a_batch_is_delivered_again(pipeline: Template) -> None:
    pipeline.has("aws_lambda_event_source_mapping", {"function_response_types": ["ReportBatchItemFailures"]})


def test_a_batch_whose_invocation_failed_is_split(pipeline: Template) -> None:
    pipeline.has("aws_lambda_event_source_mapping", {"bisect_batch_on_function_error": True})


def test_retries_are_bounded_in_number_and_time(pipeline: Template) -> None:
    pipeline.has(
        "aws_lambda_event_source_mapping", {"maximum_retry_attempts": 5, "maximum_record_age_in_seconds": 21_600}
    )


def test_a_record_is_given_up_long_before_the_stream_forgets_it(any_pipeline: Template) -> None:
    retention = any_pipeline.only("aws_kinesis_stream")["retention_period"] * 3600

    age = any_pipeline.only("aws_lambda_event_source_mapping")["maximum_record_age_in_seconds"]

    assert age <= retention / 2


def test_what_fails_for_good_goes_whole_to_the_quarantine_bucket(pipeline: Template) -> None:
    pipeline.has(
        "aws_lambda_event_source_mapping",
        {"destination_config": {"on_failure": {"destination_arn": attribute("aws_s3_bucket", "arn")}}},
    )


def test_the_mapping_counts_its_events(pipeline: Template) -> None:
    pipeline.has("aws_lambda_event_source_mapping", {"metrics_config": {"metrics": ["EventCount"]}})


def test_batches_are_a_setting(in_test_run: Template) -> None:
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
def test_the_first_record_finds_ready(pipeline: Template, first: str) -> None:
    mapping = pipeline.only("aws_lambda_event_source_mapping")

    assert first in {address.partition(".")[0] for address in pipeline.dependencies(mapping)}


def test_records_are_not_filtered_since_a_filter_drops_them_silently(any_pipeline: Template) -> None:
    assert "filter_criteria" not in any_pipeline.only("aws_lambda_event_source_mapping").properties
