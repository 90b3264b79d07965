"""Alarms on metrics that AWS or the stack does not publish."""

from collections.abc import Callable
from typing import Any

import pytest

from terraform_guardrails import Finding

type Found = Callable[[str, dict[str, Any]], list[Finding]]

NAME = "alarm-metric"


def alarm(namespace: str, metric: str, *dimensions: str, statistic: str = "Sum", **more: object) -> dict[str, Any]:
    body = {
        "alarm_name": "a",
        "namespace": namespace,
        "metric_name": metric,
        "statistic": statistic,
        "dimensions": dict.fromkeys(dimensions, "x"),
    }
    return {"resource": {"aws_cloudwatch_metric_alarm": {"a": body}, **more}}


def math(expression: str, **metrics: dict[str, Any]) -> dict[str, Any]:
    queries = [{"id": name, "metric": [metric]} for name, metric in metrics.items()]
    body = {"metric_query": [*queries, {"id": "result", "expression": expression, "return_data": True}]}
    return {"resource": {"aws_cloudwatch_metric_alarm": {"a": body}}}


def metric(namespace: str, name: str, *dimensions: str) -> dict[str, Any]:
    return {
        "namespace": namespace,
        "metric_name": name,
        "stat": "Sum",
        "dimensions": dict.fromkeys(dimensions, "x"),
    }


def composite(rule: str, **more: object) -> dict[str, Any]:
    children = {"a": {"alarm_name": "errors-dev"}, "b": {"alarm_name": "throttles-dev"}}
    for child in children.values():
        child.update(namespace="AWS/Lambda", metric_name="Errors", statistic="Sum")
    whole = {"alarm_name": "all-dev", "alarm_rule": rule, **more}
    return {
        "resource": {"aws_cloudwatch_metric_alarm": children, "aws_cloudwatch_composite_alarm": {"c": whole}},
    }


FILTER = {"f": {"metric_transformation": [{"name": "Stored", "namespace": "Ours", "value": "1"}]}}
EMITS = {"f": {"//": {"emits": {"Ours": {"Stored": [["FunctionName"]]}}}}}

INVALID: dict[str, tuple[dict[str, Any], str]] = {
    "UserErrors of a table": (alarm("AWS/DynamoDB", "UserErrors", "TableName"), "error"),
    "ThrottledRequests without an operation": (alarm("AWS/DynamoDB", "ThrottledRequests", "TableName"), "error"),
    "a stream's metric without the stream": (
        alarm("AWS/Kinesis", "GetRecords.IteratorAgeMilliseconds", statistic="Maximum"),
        "error",
    ),
    "a misspelt dimension": (alarm("AWS/Lambda", "Errors", "Function"), "error"),
    "a dimension in the wrong case": (alarm("AWS/SQS", "NumberOfMessagesSent", "queueName"), "error"),
    "a misspelt metric": (alarm("AWS/Lambda", "Errorz", "FunctionName"), "warning"),
    "a metric of another service": (alarm("AWS/SQS", "Invocations", "QueueName"), "warning"),
    "a namespace that does not exist": (alarm("AWS/Lamda", "Errors", "FunctionName"), "warning"),
    "the sum of a level": (
        alarm("AWS/Kinesis", "GetRecords.IteratorAgeMilliseconds", "StreamName", statistic="Sum"),
        "warning",
    ),
    "metric math on wrong dimensions": (math("e / 2", e=metric("AWS/Lambda", "Errors", "Name")), "error"),
    "metric math with an unknown id": (
        math("100 * e / i", e=metric("AWS/Lambda", "Errors", "FunctionName")),
        "error",
    ),
    "metric math without return_data": (
        {
            "resource": {
                "aws_cloudwatch_metric_alarm": {
                    "a": {"metric_query": [{"id": "e", "metric": [metric("AWS/Lambda", "Errors", "FunctionName")]}]}
                }
            }
        },
        "error",
    ),
    "the name of a filter instead of its metric": (
        alarm("Ours", "${aws_cloudwatch_log_metric_filter.f.id}", aws_cloudwatch_log_metric_filter=FILTER),
        "error",
    ),
    "the name of one of several filters": (
        alarm("Ours", "${aws_cloudwatch_log_metric_filter.f[0].name}", aws_cloudwatch_log_metric_filter=FILTER),
        "error",
    ),
    "a metric that no filter publishes": (alarm("Ours", "Sold", aws_cloudwatch_log_metric_filter=FILTER), "error"),
    "a metric that the code does not emit": (
        alarm("Ours", "Sold", "FunctionName", aws_lambda_function=EMITS),
        "error",
    ),
    "a dimension that the code does not emit": (alarm("Ours", "Stored", aws_lambda_function=EMITS), "error"),
}

INVALID_RULES: dict[str, tuple[str, str]] = {
    "a similar name of an alarm": ("ALARM(eror-dev) OR ALARM(${aws_cloudwatch_metric_alarm.a.arn})", "warning"),
    "an alarm by its name": ('ALARM("errors-dev")', "error"),
    "no operator": ("ALARM(${aws_cloudwatch_metric_alarm.a.arn}) OK(x)", "error"),
    "an unknown state": ("ALERT(${aws_cloudwatch_metric_alarm.a.arn})", "error"),
    "an open bracket": ("(ALARM(${aws_cloudwatch_metric_alarm.a.arn})", "error"),
    "a topic": ("ALARM(${aws_sns_topic.t.arn})", "error"),
}

VALID: dict[str, dict[str, Any]] = {
    "UserErrors of the account": alarm("AWS/DynamoDB", "UserErrors"),
    "errors of a function": alarm("AWS/Lambda", "Errors", "FunctionName"),
    "errors of an alias": alarm("AWS/Lambda", "Errors", "FunctionName", "Resource"),
    "errors of all functions": alarm("AWS/Lambda", "Errors"),
    "throttled writes of an index": alarm(
        "AWS/DynamoDB", "WriteThrottleEvents", "TableName", "GlobalSecondaryIndexName"
    ),
    "the age of a stream": alarm(
        "AWS/Kinesis", "GetRecords.IteratorAgeMilliseconds", "StreamName", statistic="Maximum"
    ),
    "a metric from the user guide": alarm("AWS/Lambda", "DroppedEventCount", "EventSourceMappingUUID"),
    "the writer of a database cluster": alarm("AWS/RDS", "CPUUtilization", "DBClusterIdentifier", "Role"),
    "the requests of a bucket": alarm("AWS/S3", "5xxErrors", "BucketName", "FilterId"),
    "a metric of the CloudWatch agent": alarm("CWAgent", "mem_used_percent", "host"),
    "metric math": math(
        "IF(i > 0, 100 * e / i, 0)",
        e=metric("AWS/Lambda", "Errors", "FunctionName"),
        i=metric("AWS/Lambda", "Invocations", "FunctionName"),
    ),
    "a query in SQL": math('SELECT AVG(Duration) FROM SCHEMA("AWS/Lambda", FunctionName)'),
    "a custom metric without a declaration": alarm("Theirs", "Sold", "Shop"),
    "a metric that a filter publishes": alarm("Ours", "Stored", aws_cloudwatch_log_metric_filter=FILTER),
    "a metric that the code emits": alarm("Ours", "Stored", "FunctionName", aws_lambda_function=EMITS),
    "the metric of a filter by reference": alarm(
        "Ours",
        "${aws_cloudwatch_log_metric_filter.f.metric_transformation[0].name}",
        aws_cloudwatch_log_metric_filter=FILTER,
    ),
    "a composite alarm by reference": composite(
        'ALARM("${aws_cloudwatch_metric_alarm.a.alarm_name}") AND NOT OK(${aws_cloudwatch_metric_alarm.b.arn})'
    ),
    "a composite alarm by name with depends_on": composite(
        "ALARM(errors-dev)", depends_on=["aws_cloudwatch_metric_alarm.a"]
    ),
    "a composite alarm that is always on": composite("TRUE"),
    "a composite alarm that counts": composite(
        "AT_LEAST(2, ALARM, (${aws_cloudwatch_metric_alarm.a.arn}, ${aws_cloudwatch_metric_alarm.b.arn}))"
    ),
}


@pytest.mark.parametrize(("configuration", "severity"), INVALID.values(), ids=INVALID)
def test_an_alarm_without_data_is_found(found: Found, configuration: dict[str, Any], severity: str) -> None:
    findings = found(NAME, configuration)

    assert [(finding.severity, finding.address) for finding in findings] == [
        (severity, "aws_cloudwatch_metric_alarm.a")
    ]


@pytest.mark.parametrize(("rule", "severity"), INVALID_RULES.values(), ids=INVALID_RULES)
def test_an_invalid_alarm_rule_is_found(found: Found, rule: str, severity: str) -> None:
    configuration = composite(rule)
    configuration["resource"]["aws_sns_topic"] = {"t": {"name": "t"}}

    findings = found(NAME, configuration)

    assert [(finding.severity, finding.address) for finding in findings] == [
        (severity, "aws_cloudwatch_composite_alarm.c")
    ]


@pytest.mark.parametrize("configuration", VALID.values(), ids=VALID)
def test_an_alarm_with_data_is_not_a_finding(found: Found, configuration: dict[str, Any]) -> None:
    assert found(NAME, configuration) == []


def test_the_finding_names_the_published_dimensions(found: Found) -> None:
    (finding,) = found(NAME, alarm("AWS/DynamoDB", "ThrottledRequests", "TableName"))

    assert finding == Finding(
        rule=NAME,
        severity="error",
        address="aws_cloudwatch_metric_alarm.a",
        problem="AWS publishes AWS/DynamoDB ThrottledRequests with Operation + TableName, not with TableName: "
        "the alarm never receives a datapoint.",
        remedy="Use Operation + TableName.",
    )


@pytest.mark.parametrize(
    ("configuration", "problem"),
    [
        (
            alarm("AWS/Lambda", "Errorz", "FunctionName"),
            "AWS/Lambda Errorz is not in the catalogue of AWS metrics. Did you mean Errors?",
        ),
        (
            alarm("AWS/DynamoDB", "UserErrors", "TableName"),
            (
                "AWS publishes AWS/DynamoDB UserErrors with no dimensions, not with TableName: "
                "the alarm never receives a datapoint."
            ),
        ),
        (
            composite("ALARM(errors-dev) OR"),
            "The alarm_rule cannot be parsed at 'OR', so AWS rejects it.",
        ),
        (
            composite("ALARM(errors-dev)"),
            (
                "The alarm_rule names 'errors-dev' as text, so Terraform may create aws_cloudwatch_metric_alarm.a "
                "after this alarm. AWS rejects a rule about an alarm that does not exist."
            ),
        ),
        (
            composite("ALARM(error-dev)"),
            "The alarm_rule names 'error-dev', but this stack has no alarm with that name. Did you mean 'errors-dev'?",
        ),
        (
            alarm("Ours", "Sold", aws_cloudwatch_log_metric_filter=FILTER),
            "No resource in this stack emits Ours Sold. The declared metrics are: Stored.",
        ),
        (
            math("e + m", e=metric("AWS/Lambda", "Errors", "FunctionName")),
            "The expression 'e + m' uses m, but the alarm has no metric_query with this id.",
        ),
    ],
    ids=[
        "a similar metric",
        "no dimensions",
        "a syntax error",
        "no dependency",
        "a similar alarm",
        "a custom metric",
        "math",
    ],
)
def test_the_problem_names_the_cause(found: Found, configuration: dict[str, Any], problem: str) -> None:
    (finding,) = found(NAME, configuration)

    assert finding.problem == problem


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"metric_name": "${var.metric}"}, "metric_name is not known before apply"),
        ({"dimensions": "${var.dimensions}"}, "dimensions is not known before apply"),
        ({"namespace": "${var.namespace}"}, "namespace is not known before apply"),
    ],
    ids=["the metric", "the dimensions", "the namespace"],
)
def test_an_unknown_value_makes_the_check_inconclusive(
    inconclusive: Callable[[str, dict[str, Any]], list[tuple[str, str]]], change: dict[str, str], reason: str
) -> None:
    configuration = alarm("AWS/Lambda", "Errors", "FunctionName")
    configuration["resource"]["aws_cloudwatch_metric_alarm"]["a"].update(change)

    assert inconclusive(NAME, configuration) == [("aws_cloudwatch_metric_alarm.a", reason)]
