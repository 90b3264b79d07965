"""The alarms, and the health of the whole."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from terraform_harness.synthesis import Synthesis
from terraform_harness.template import ABSENT, Resource, Template, attribute, matching

RUNBOOK = Path(__file__).parents[4] / "docs" / "runbook.md"
FUNCTION = {"FunctionName": "transaction-processor-dev"}
TABLE = {"TableName": "transactions-dev"}
STREAM = {"StreamName": "transaction-stream-dev"}
MAPPING = {"EventSourceMappingUUID": attribute("aws_lambda_event_source_mapping", "uuid")}
QUARTER_OF_THE_RECORD_AGE = 21_600 * 1000 // 4


def subject_of(alarm: Resource) -> str:
    return str(alarm["alarm_name"]).rpartition("-")[0]


def alarm(template: Template, subject: str) -> Resource:
    return template.only("aws_cloudwatch_metric_alarm", {"alarm_name": matching(f"{subject}-(dev|prod)")})


@pytest.mark.parametrize(
    ("subject", "metric", "dimensions", "threshold", "periods"),
    [
        ("lambda-errors", "AWS/Lambda Errors", FUNCTION, 1, 1),
        ("lambda-throttles", "AWS/Lambda Throttles", FUNCTION, 1, 5),
        ("kinesis-write-throttle", "AWS/Kinesis WriteProvisionedThroughputExceeded", STREAM, 1, 5),
        ("records-failing", "AWS/Lambda FailedInvokeEventCount", MAPPING, 1, 5),
        ("records-dropped", "AWS/Lambda DroppedEventCount", MAPPING, 1, 1),
        ("records-undelivered", "AWS/Lambda DestinationDeliveryFailures", FUNCTION, 1, 1),
        ("dynamodb-throttle", "AWS/DynamoDB UserErrors", ABSENT, 5, 1),
        ("dynamodb-write-throttle", "AWS/DynamoDB WriteThrottleEvents", TABLE, 1, 5),
        (
            "dynamodb-index-throttle",
            "AWS/DynamoDB WriteThrottleEvents",
            {**TABLE, "GlobalSecondaryIndexName": "customer-timestamp"},
            1,
            5,
        ),
        ("transactions-rejected", "TransactionPipeline TransactionsRejected", FUNCTION, 1, 1),
        ("transactions-conflicting", "TransactionPipeline TransactionsConflicting", FUNCTION, 1, 1),
        (
            "quarantine-unannounced",
            "AWS/Events FailedInvocations",
            {"RuleName": "transaction-quarantine-dev"},
            1,
            1,
        ),
    ],
)
def test_the_alarm_counts(  # noqa: PLR0913, PLR0917 - the columns of the table
    pipeline: Template, subject: str, metric: str, dimensions: object, threshold: int, periods: int
) -> None:
    namespace, _, name = metric.partition(" ")

    pipeline.has(
        "aws_cloudwatch_metric_alarm",
        {
            "alarm_name": f"{subject}-dev",
            "namespace": namespace,
            "metric_name": name,
            "dimensions": dimensions,
            "statistic": "Sum",
            "comparison_operator": "GreaterThanOrEqualToThreshold",
            "threshold": threshold,
            "evaluation_periods": periods,
            "datapoints_to_alarm": ABSENT,
            "treat_missing_data": "notBreaching",
        },
    )


@pytest.mark.parametrize(
    ("subject", "metric", "dimensions"),
    [
        ("lambda-iterator-age", "AWS/Lambda IteratorAge", FUNCTION),
        ("kinesis-iterator-age", "AWS/Kinesis GetRecords.IteratorAgeMilliseconds", STREAM),
    ],
)
def test_the_alarm_rings_when_a_quarter_of_a_records_time_is_over(
    pipeline: Template, subject: str, metric: str, dimensions: dict[str, str]
) -> None:
    namespace, _, name = metric.partition(" ")

    pipeline.has(
        "aws_cloudwatch_metric_alarm",
        {
            "alarm_name": f"{subject}-dev",
            "namespace": namespace,
            "metric_name": name,
            "dimensions": dimensions,
            "statistic": "Maximum",
            "comparison_operator": "GreaterThanOrEqualToThreshold",
            "threshold": QUARTER_OF_THE_RECORD_AGE,
            "evaluation_periods": 1,
            "datapoints_to_alarm": ABSENT,
            "treat_missing_data": "notBreaching",
        },
    )


def test_the_threshold_of_lateness_follows_the_settings(production: Template) -> None:
    assert alarm(production, "kinesis-iterator-age")["threshold"] == 86_400 * 1000 // 4


def test_the_alarm_on_the_queue_keeps_its_state_when_sqs_stops_reporting(pipeline: Template) -> None:
    pipeline.has(
        "aws_cloudwatch_metric_alarm",
        {
            "alarm_name": "dead-letter-depth-dev",
            "namespace": "AWS/SQS",
            "metric_name": "ApproximateNumberOfMessagesVisible",
            "dimensions": {"QueueName": "transaction-dead-letter-dev"},
            "statistic": "Maximum",
            "comparison_operator": "GreaterThanOrEqualToThreshold",
            "threshold": 1,
            "evaluation_periods": 1,
            "datapoints_to_alarm": ABSENT,
            "treat_missing_data": "ignore",
        },
    )


def test_the_alarm_on_a_stream_that_nobody_reads_counts_what_arrives_while_nothing_is_read(pipeline: Template) -> None:
    def of(namespace: str, metric: str, dimensions: object) -> dict[str, object]:
        return {
            "namespace": namespace,
            "metric_name": metric,
            "dimensions": dimensions,
            "stat": "Sum",
            "period": 300,
        }

    pipeline.has(
        "aws_cloudwatch_metric_alarm",
        {
            "alarm_name": "records-unread-dev",
            "metric_query": [
                {
                    "id": "watched",
                    "label": "records-unread",
                    "expression": "IF(FILL(unless, 0) == 0, counted, 0)",
                    "return_data": True,
                },
                {"id": "counted", "metric": of("AWS/Kinesis", "IncomingRecords", STREAM), "return_data": ABSENT},
                {"id": "unless", "metric": of("AWS/Lambda", "PolledEventCount", MAPPING), "return_data": ABSENT},
            ],
            "metric_name": ABSENT,
            "comparison_operator": "GreaterThanOrEqualToThreshold",
            "threshold": 1,
            "evaluation_periods": 12,
            "datapoints_to_alarm": 3,
            "treat_missing_data": "notBreaching",
        },
    )


def test_there_are_no_other_alarms(any_pipeline: Template) -> None:
    any_pipeline.count("aws_cloudwatch_metric_alarm", 16)


@pytest.mark.parametrize(("combination", "seconds"), [("default", 60), ("test run", 10)])
def test_a_period_is_a_minute_unless_it_is_set_and_five_for_a_stream_that_nobody_reads(
    syntheses: Mapping[str, Synthesis], combination: str, seconds: int
) -> None:
    alarms = syntheses[combination].template().resources("aws_cloudwatch_metric_alarm")

    found = {subject_of(each): each.get("period", 300) for each in alarms}

    assert found.pop("records-unread") == 300
    assert set(found.values()) == {seconds}


@pytest.mark.parametrize("type_", ["aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm"])
def test_every_alarm_tells_the_topic_when_it_begins(any_pipeline: Template, type_: str) -> None:
    any_pipeline.every(type_, {"alarm_actions": [attribute("aws_sns_topic", "arn")], "actions_enabled": ABSENT})


def test_only_the_health_of_the_whole_tells_when_it_is_over(any_pipeline: Template) -> None:
    over = {"ok_actions": [attribute("aws_sns_topic", "arn")], "insufficient_data_actions": ABSENT}

    any_pipeline.every("aws_cloudwatch_composite_alarm", over)
    any_pipeline.every("aws_cloudwatch_metric_alarm", {"ok_actions": ABSENT, "insufficient_data_actions": ABSENT})


@pytest.mark.parametrize("type_", ["aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm"])
def test_every_alarm_says_what_it_means_and_where_its_runbook_is(any_pipeline: Template, type_: str) -> None:
    for each in any_pipeline.resources(type_):
        assert re.fullmatch(rf"[A-Z].+\. docs/runbook\.md#{subject_of(each)}", each["alarm_description"])


def test_every_runbook_link_resolves(pipeline: Template) -> None:
    headings = re.findall(r"^## (.+)$", RUNBOOK.read_text(), re.MULTILINE)

    linked = {each["alarm_description"].rpartition("#")[2] for each in pipeline.resources("aws_cloudwatch_*_alarm")}

    assert linked == set(headings)
    assert len(linked) == 17


def test_health_is_bad_as_soon_as_one_alarm_rings(any_pipeline: Template) -> None:
    health = any_pipeline.only("aws_cloudwatch_composite_alarm")

    rule = health["alarm_rule"].split(" OR ")

    assert sorted(rule) == sorted(
        f'ALARM("${{{each.address}.arn}}")' for each in any_pipeline.resources("aws_cloudwatch_metric_alarm")
    )
    assert health["alarm_name"] in {"pipeline-health-dev", "pipeline-health-prod"}
