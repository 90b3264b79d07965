"""The alarms, and the composite alarm for the whole pipeline."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from terraform_guardrails.data.metrics import published_metrics
from terraform_harness.synthesis import Synthesis
from terraform_harness.template import ABSENT, Resource, Template, attribute, matching

RUNBOOK = Path(__file__).parents[4] / "docs" / "runbook.md"
FUNCTION = {"FunctionName": "transaction-processor-dev"}
MAPPING = {"EventSourceMappingUUID": attribute("aws_lambda_event_source_mapping", "uuid")}
STREAM = {"StreamName": "transaction-stream-dev"}
OWN_NAMESPACE = "TransactionPipeline"

# Alarms on losses, and on events that need a decision of a person. One event is enough.
AT_THE_FIRST_EVENT = (
    "lambda-errors",
    "records-dropped",
    "records-undelivered",
    "transactions-rejected",
    "transactions-conflicting",
    "dead-letter-depth",
    "quarantine-unannounced",
)
# Alarms on conditions that retries resolve, unless they last.
AFTER_FIVE_PERIODS = (
    "lambda-throttles",
    "kinesis-write-throttle",
    "records-failing",
    "dynamodb-write-throttle",
    "dynamodb-index-throttle",
)


def subject_of(alarm: Resource) -> str:
    return str(alarm["alarm_name"]).rpartition("-")[0]


def alarm(template: Template, subject: str) -> Resource:
    return template.only("aws_cloudwatch_metric_alarm", {"alarm_name": matching(f"{subject}-(dev|prod)")})


def metrics_of(alarm: Resource) -> Iterator[tuple[str, str, Mapping[str, str]]]:
    """Yield namespace, name and dimensions of each metric that an alarm watches."""
    sources = [query["metric"] for query in alarm.get("metric_query", []) if "metric" in query] or [alarm.properties]
    for source in sources:
        yield source["namespace"], source["metric_name"], source.get("dimensions", {})


def test_alarms_watch_metrics_that_aws_publishes(any_pipeline: Template) -> None:
    """Each metric exists with exactly these dimensions."""
    watched = [metric for each in any_pipeline.resources("aws_cloudwatch_metric_alarm") for metric in metrics_of(each)]

    unknown = [
        (namespace, name, set(dimensions))
        for namespace, name, dimensions in watched
        if namespace != OWN_NAMESPACE
        and frozenset(dimensions) not in published_metrics()[namespace][name].dimension_sets
    ]

    assert unknown == []
    assert len(watched) == 17


def test_alarms_on_own_metrics_use_what_the_function_emits(any_pipeline: Template) -> None:
    emitted = any_pipeline.only("aws_lambda_function")["//"]["emits"][OWN_NAMESPACE]

    own = [
        (name, [list(dimensions)])
        for each in any_pipeline.resources("aws_cloudwatch_metric_alarm")
        for namespace, name, dimensions in metrics_of(each)
        if namespace == OWN_NAMESPACE
    ]

    assert own
    assert [(name, emitted[name]) for name, _ in own] == own


def test_dimensions_name_the_deployed_resources(any_pipeline: Template) -> None:
    deployed = {
        "EventSourceMappingUUID": f"${{{any_pipeline.only('aws_lambda_event_source_mapping').address}.uuid}}",
        "FunctionName": any_pipeline.only("aws_lambda_function")["function_name"],
        "GlobalSecondaryIndexName": any_pipeline.only("aws_dynamodb_table")["global_secondary_index"][0]["name"],
        "QueueName": any_pipeline.only("aws_sqs_queue")["name"],
        "RuleName": any_pipeline.only("aws_cloudwatch_event_rule")["name"],
        "StreamName": any_pipeline.only("aws_kinesis_stream")["name"],
        "TableName": any_pipeline.only("aws_dynamodb_table")["name"],
    }

    for each in any_pipeline.resources("aws_cloudwatch_metric_alarm"):
        for _, _, dimensions in metrics_of(each):
            assert dimensions == {name: deployed[name] for name in dimensions}


def test_lambda_errors_counts_errors_of_the_function(pipeline: Template) -> None:
    pipeline.has(
        "aws_cloudwatch_metric_alarm",
        {
            "alarm_name": "lambda-errors-dev",
            "namespace": "AWS/Lambda",
            "metric_name": "Errors",
            "dimensions": FUNCTION,
            "statistic": "Sum",
            "threshold": 1,
        },
    )


def test_dynamodb_throttle_counts_user_errors_without_dimensions(pipeline: Template) -> None:
    """AWS publishes UserErrors for the account and Region. With a dimension the alarm would have no datapoints."""
    pipeline.has(
        "aws_cloudwatch_metric_alarm",
        {
            "alarm_name": "dynamodb-throttle-dev",
            "namespace": "AWS/DynamoDB",
            "metric_name": "UserErrors",
            "dimensions": ABSENT,
            "statistic": "Sum",
            "threshold": 5,
        },
    )


@pytest.mark.parametrize("subject", AT_THE_FIRST_EVENT)
def test_one_event_is_enough_for(pipeline: Template, subject: str) -> None:
    found = alarm(pipeline, subject)

    assert (found["threshold"], found["evaluation_periods"]) == (1, 1)


@pytest.mark.parametrize("subject", AFTER_FIVE_PERIODS)
def test_five_consecutive_periods_are_needed_for(pipeline: Template, subject: str) -> None:
    found = alarm(pipeline, subject)

    assert (found["threshold"], found["evaluation_periods"]) == (1, 5)


def test_thresholds_are_reached_at_their_value(any_pipeline: Template) -> None:
    any_pipeline.every(
        "aws_cloudwatch_metric_alarm",
        {"comparison_operator": "GreaterThanOrEqualToThreshold"},
    )


@pytest.mark.parametrize("subject", ["lambda-iterator-age", "kinesis-iterator-age"])
@pytest.mark.parametrize(("combination", "record_age_seconds"), [("default", 21_600), ("production", 86_400)])
def test_age_alarms_follow_the_record_age(
    syntheses: Mapping[str, Synthesis], subject: str, combination: str, record_age_seconds: int
) -> None:
    """The threshold is a quarter of RECORD_AGE_SECONDS. Both metrics are in milliseconds."""
    found = alarm(syntheses[combination].template(), subject)

    assert (found["threshold"], found["statistic"]) == (record_age_seconds * 1000 // 4, "Maximum")


def test_missing_datapoints_are_normal_except_for_the_queue(any_pipeline: Template) -> None:
    """AWS publishes no datapoint without an event. SQS stops reporting an inactive queue, even if it is not empty."""
    for each in any_pipeline.resources("aws_cloudwatch_metric_alarm"):
        queue = subject_of(each) == "dead-letter-depth"

        assert each["treat_missing_data"] == ("ignore" if queue else "notBreaching")


def test_records_unread_counts_arrivals_while_nothing_is_read(pipeline: Template) -> None:
    """The alarm needs three periods of five minutes within an hour."""

    def metric(namespace: str, name: str, dimensions: object) -> dict[str, object]:
        return {
            "namespace": namespace,
            "metric_name": name,
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
                {"id": "counted", "metric": metric("AWS/Kinesis", "IncomingRecords", STREAM), "return_data": ABSENT},
                {"id": "unless", "metric": metric("AWS/Lambda", "PolledEventCount", MAPPING), "return_data": ABSENT},
            ],
            "metric_name": ABSENT,
            "evaluation_periods": 12,
            "datapoints_to_alarm": 3,
        },
    )


def test_only_records_unread_tolerates_good_periods(any_pipeline: Template) -> None:
    tolerant = [
        subject_of(each)
        for each in any_pipeline.resources("aws_cloudwatch_metric_alarm")
        if "datapoints_to_alarm" in each.properties
    ]

    assert tolerant == ["records-unread"]


@pytest.mark.parametrize(("combination", "seconds"), [("default", 60), ("test run", 10)])
def test_period_is_a_setting_except_for_records_unread(
    syntheses: Mapping[str, Synthesis], combination: str, seconds: int
) -> None:
    alarms = syntheses[combination].template().resources("aws_cloudwatch_metric_alarm")

    found = {subject_of(each): each.get("period", 300) for each in alarms}

    assert found.pop("records-unread") == 300
    assert set(found.values()) == {seconds}


@pytest.mark.parametrize("type_", ["aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm"])
def test_alarms_notify_the_topic(any_pipeline: Template, type_: str) -> None:
    any_pipeline.every(type_, {"alarm_actions": [attribute("aws_sns_topic", "arn")], "actions_enabled": ABSENT})


def test_only_the_composite_alarm_notifies_on_ok(any_pipeline: Template) -> None:
    notifies = {"ok_actions": [attribute("aws_sns_topic", "arn")], "insufficient_data_actions": ABSENT}

    any_pipeline.every("aws_cloudwatch_composite_alarm", notifies)
    any_pipeline.every("aws_cloudwatch_metric_alarm", {"ok_actions": ABSENT, "insufficient_data_actions": ABSENT})


@pytest.mark.parametrize("type_", ["aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm"])
def test_descriptions_end_in_a_link_to_the_runbook(any_pipeline: Template, type_: str) -> None:
    for each in any_pipeline.resources(type_):
        assert re.fullmatch(rf"[A-Z].+\. docs/runbook\.md#{subject_of(each)}", each["alarm_description"])


def test_runbook_has_a_section_for_each_alarm(pipeline: Template) -> None:
    headings = re.findall(r"^## (.+)$", RUNBOOK.read_text(), re.MULTILINE)

    linked = {each["alarm_description"].rpartition("#")[2] for each in pipeline.resources("aws_cloudwatch_*_alarm")}

    assert linked == set(headings)
    assert len(headings) == len(set(headings))


def test_composite_alarm_watches_every_alarm(any_pipeline: Template) -> None:
    health = any_pipeline.only("aws_cloudwatch_composite_alarm")

    rule = health["alarm_rule"].split(" OR ")

    assert sorted(rule) == sorted(
        f'ALARM("${{{each.address}.arn}}")' for each in any_pipeline.resources("aws_cloudwatch_metric_alarm")
    )
    assert health["alarm_name"] in {"pipeline-health-dev", "pipeline-health-prod"}
