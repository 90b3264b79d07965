"""The metrics of the alarms."""

from terraform_guardrails.data.metrics import published_metrics
from terraform_harness.template import ABSENT, Template, attribute
from tests.unit.modules.monitoring.alarm_reading import has_index, metrics_of, subject_of

FUNCTION = {"FunctionName": "transaction-processor-dev"}
MAPPING = {"EventSourceMappingUUID": attribute("aws_lambda_event_source_mapping", "uuid")}
STREAM = {"StreamName": "transaction-stream-dev"}
OWN_NAMESPACE = "TransactionPipeline"


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
    assert len(watched) == (17 if has_index(any_pipeline) else 16)


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
        "GlobalSecondaryIndexName": "customer-timestamp",
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


def test_alarms_on_the_table_fill_missing_datapoints(any_pipeline: Template) -> None:
    """The pages of CloudWatch disagree on whether treat_missing_data works for alarms in the namespace AWS/DynamoDB."""
    on_table = {
        subject_of(each): [query["expression"] for query in each.get("metric_query", []) if "expression" in query]
        for each in any_pipeline.resources("aws_cloudwatch_metric_alarm")
        for _, _, dimensions in metrics_of(each)
        if "TableName" in dimensions
    }

    on_index = {"dynamodb-index-throttle": ["FILL(counted, 0)"]} if has_index(any_pipeline) else {}
    assert on_table == {"dynamodb-write-throttle": ["FILL(counted, 0)"]} | on_index


def test_metric_math_is_on_metrics_with_dimensions(any_pipeline: Template) -> None:
    """Otherwise the AWS provider plans a change right after the deployment."""
    with_math = [
        each for each in any_pipeline.resources("aws_cloudwatch_metric_alarm") if "metric_query" in each.properties
    ]

    dimensions = [found for each in with_math for _, _, found in metrics_of(each)]

    assert len(dimensions) >= 3
    assert all(dimensions)


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
