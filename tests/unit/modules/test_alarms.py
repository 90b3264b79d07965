"""The alarms, their topic and the health of the whole."""

import re
from pathlib import Path

import pytest

from harness.template import ABSENT, Resource, Template, attribute, matching

RUNBOOK = Path(__file__).parents[3] / "docs" / "runbook.md"
FUNCTION = {"FunctionName": "transaction-processor-dev"}
TABLE = {"TableName": "transactions-dev"}
STREAM = {"StreamName": "transaction-stream-dev"}
MAPPING = {"EventSourceMappingUUID": attribute("aws_lambda_event_source_mapping", "uuid")}
QUARTER_OF_THE_RECORD_AGE = 21_600 * 1000 // 4


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
            "threshold": QUARTER_OF_THE_RECORD_AGE,
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
            "threshold": 1,
            "treat_missing_data": "ignore",
        },
    )


def test_there_are_no_other_alarms(any_pipeline: Template) -> None:
    any_pipeline.count("aws_cloudwatch_metric_alarm", 15)


def test_periods_are_a_minute(pipeline: Template) -> None:
    pipeline.every("aws_cloudwatch_metric_alarm", {"period": 60})


def test_periods_are_a_setting(in_test_run: Template) -> None:
    in_test_run.every("aws_cloudwatch_metric_alarm", {"period": 10})


@pytest.mark.parametrize("type_", ["aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm"])
def test_every_alarm_tells_the_topic_of_its_beginning_and_its_end(any_pipeline: Template, type_: str) -> None:
    topic = attribute("aws_sns_topic", "arn")

    any_pipeline.every(type_, {"alarm_actions": [topic], "ok_actions": [topic], "actions_enabled": ABSENT})


@pytest.mark.parametrize("type_", ["aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm"])
def test_every_alarm_says_what_it_means_and_where_its_runbook_is(any_pipeline: Template, type_: str) -> None:
    for each in any_pipeline.resources(type_):
        subject = each["alarm_name"].rpartition("-")[0]

        assert re.fullmatch(rf"[A-Z].+\. docs/runbook\.md#{subject}", each["alarm_description"])


def test_every_runbook_link_resolves(pipeline: Template) -> None:
    headings = re.findall(r"^## (.+)$", RUNBOOK.read_text(), re.MULTILINE)

    linked = {each["alarm_description"].rpartition("#")[2] for each in pipeline.resources("aws_cloudwatch_*_alarm")}

    assert linked == {heading for heading in headings if heading in linked}
    assert len(linked) == 16


def test_health_is_bad_as_soon_as_one_alarm_rings(any_pipeline: Template) -> None:
    health = any_pipeline.only("aws_cloudwatch_composite_alarm")

    rule = health["alarm_rule"].split(" OR ")

    assert sorted(rule) == sorted(
        f'ALARM("${{{each.address}.arn}}")' for each in any_pipeline.resources("aws_cloudwatch_metric_alarm")
    )
    assert health["alarm_name"] in {"pipeline-health-dev", "pipeline-health-prod"}


def test_only_this_environments_alarms_publish_to_the_topic(pipeline: Template) -> None:
    topic = f"${{{pipeline.only('aws_sns_topic').address}.arn}}"
    account = f"${{{pipeline.only('data.aws_caller_identity').address}.account_id}}"

    publish = pipeline.only("aws_sns_topic_policy").statements()["AlarmsPublish"]

    assert (publish["Effect"], publish["Action"], publish["Resource"]) == ("Allow", ["sns:Publish"], [topic])
    assert publish["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert publish["Condition"]["StringEquals"] == {"aws:SourceAccount": account}
    assert publish["Condition"]["ArnLike"]["aws:SourceArn"].endswith(f":{account}:alarm:*-dev")


def test_the_topic_refuses_everybody_who_comes_without_tls(pipeline: Template) -> None:
    deny = pipeline.only("aws_sns_topic_policy").statements()["OnlyOverTls"]

    assert (deny["Effect"], deny["Principal"], deny["Action"]) == ("Deny", "*", ["sns:Publish"])


def test_from_every_alarm_the_way_to_the_topic_and_through_its_key_is_open(any_pipeline: Template) -> None:
    for each in any_pipeline.resources("aws_cloudwatch_*_alarm"):
        (topic,) = any_pipeline.resolve(each["alarm_actions"][0])
        (key,) = any_pipeline.resolve(topic["kms_master_key_id"])
        grant = key.statements()["AlarmsPublishToTheTopic"]
        pattern = grant["Condition"]["ArnLike"]["aws:SourceArn"].rpartition(":")[2].lstrip("*")

        assert topic["name"] in {"transaction-alarms-dev", "transaction-alarms-prod"}
        assert each["alarm_name"].endswith(pattern)
        assert grant["Principal"] == {"Service": "cloudwatch.amazonaws.com"}


def test_the_dashboard_shows_every_alarm_with_its_threshold(pipeline: Template) -> None:
    dashboard = pipeline.only("aws_cloudwatch_dashboard", {"dashboard_name": "transaction-pipeline-dev"})
    graphs = {
        widget["properties"]["title"]: widget["properties"] for widget in dashboard.decoded("dashboard_body")["widgets"]
    }

    for each in pipeline.resources("aws_cloudwatch_metric_alarm"):
        graph = graphs[each["alarm_name"].removesuffix("-dev")]
        ((namespace, metric, *dimensions),) = graph["metrics"]
        assert (namespace, metric) == (each["namespace"], each["metric_name"])
        assert dict(zip(dimensions[::2], dimensions[1::2], strict=True)) == each.get("dimensions", {})
        assert graph["annotations"]["horizontal"][0]["value"] == each["threshold"]
        assert graph["stat"] == each["statistic"]


def test_the_dashboard_shows_the_states_and_the_fate_of_the_transactions(pipeline: Template) -> None:
    states, fates, *_ = pipeline.only("aws_cloudwatch_dashboard").decoded("dashboard_body")["widgets"]

    assert len(states["properties"]["alarms"]) == 15
    assert fates["properties"]["metrics"] == [
        ["TransactionPipeline", fate, "FunctionName", "transaction-processor-dev"]
        for fate in (
            "TransactionsStored",
            "TransactionsDuplicate",
            "TransactionsRejected",
            "TransactionsConflicting",
        )
    ]


def test_no_two_graphs_of_the_dashboard_overlap(pipeline: Template) -> None:
    widgets = pipeline.only("aws_cloudwatch_dashboard").decoded("dashboard_body")["widgets"]

    cells = [
        (x, y)
        for widget in widgets
        for x in range(widget["x"], widget["x"] + widget["width"])
        for y in range(widget["y"], widget["y"] + widget["height"])
    ]

    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) < 24
