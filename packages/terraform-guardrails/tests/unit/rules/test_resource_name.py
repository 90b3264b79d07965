"""Names that AWS rejects, and names without the environment suffix of the stack."""

from collections.abc import Callable
from typing import Any

import pytest

from terraform_guardrails import Finding

type Found = Callable[[str, dict[str, Any]], list[Finding]]

NAME = "resource-name"


def suffixed(suffix: str = "dev", /, **resources: dict[str, Any]) -> dict[str, Any]:
    """Return a stack with the suffix in three names, and with these resources."""
    common = {
        "aws_kinesis_stream": {"common": {"name": f"orders-{suffix}"}},
        "aws_kms_alias": {"common": {"name": f"alias/orders-{suffix}"}},
        "aws_cloudwatch_log_group": {"common": {"name": f"/aws/lambda/orders-{suffix}"}},
    }
    return {
        "provider": {"aws": [{"default_tags": [{"tags": {"Environment": suffix}}]}]},
        "resource": {**common, **resources},
    }


REJECTED: dict[str, tuple[str, dict[str, str], str]] = {
    "a function of 65 characters": ("aws_lambda_function", {"function_name": "f" * 65}, "has 65 characters"),
    "a function with a space": ("aws_lambda_function", {"function_name": "f n"}, "does not match [A-Za-z0-9_-]+"),
    "a table of two characters": ("aws_dynamodb_table", {"name": "ab"}, "has 2 characters; the minimum is 3"),
    "a table with spaces": ("aws_dynamodb_table", {"name": "a b c"}, "does not match"),
    "a queue of 90 characters": ("aws_sqs_queue", {"name": "q" * 90}, "has 90 characters; the maximum is 80"),
    "a queue with a dot": ("aws_sqs_queue", {"name": "a.b"}, "does not match"),
    "a topic with a slash": ("aws_sns_topic", {"name": "a/b"}, "does not match"),
    "a bucket with capitals": ("aws_s3_bucket", {"bucket": "Bad_Bucket"}, "does not match"),
    "a bucket with two dots": ("aws_s3_bucket", {"bucket": "a..b"}, "does not match"),
    "a stream of 129 characters": ("aws_kinesis_stream", {"name": "s" * 129}, "has 129 characters"),
    "a role of 65 characters": ("aws_iam_role", {"name": "r" * 65}, "has 65 characters"),
    "a role of 65 characters and a reference": ("aws_iam_role", {"name": "r" * 65 + "${var.s}"}, "has 65 characters"),
    "an alias without its prefix": ("aws_kms_alias", {"name": "orders"}, "does not match alias/"),
    "a log group with a space": ("aws_cloudwatch_log_group", {"name": "a b"}, "does not match"),
    "a rule of 65 characters": ("aws_cloudwatch_event_rule", {"name": "r" * 65}, "has 65 characters"),
}

ACCEPTED: dict[str, tuple[str, dict[str, str]]] = {
    "a function of 64 characters": ("aws_lambda_function", {"function_name": "f" * 64}),
    "a table of three characters": ("aws_dynamodb_table", {"name": "a.b"}),
    "a queue of 80 characters": ("aws_sqs_queue", {"name": "q" * 80}),
    "a FIFO queue": ("aws_sqs_queue", {"name": "orders.fifo"}),
    "a FIFO topic": ("aws_sns_topic", {"name": "orders.fifo"}),
    "a bucket": ("aws_s3_bucket", {"bucket": "orders-dev.123456789012"}),
    "no name": ("aws_s3_bucket", {}),
    "a prefix": ("aws_iam_role", {"name_prefix": "r" * 30}),
    "a name known after apply": ("aws_iam_role", {"name": "${random_pet.name.id}"}),
    "a path as the name of a log group": ("aws_cloudwatch_log_group", {"name": "/aws/lambda/orders#1"}),
    "an alarm with spaces": ("aws_cloudwatch_metric_alarm", {"alarm_name": "Too many errors (dev)"}),
}

UNSUFFIXED: dict[str, tuple[str, dict[str, str]]] = {
    "a table": ("aws_dynamodb_table", {"name": "orders"}),
    "a role": ("aws_iam_role", {"name": "orders-role"}),
    "a function": ("aws_lambda_function", {"function_name": "orders"}),
    "a queue": ("aws_sqs_queue", {"name": "orders"}),
    "a topic": ("aws_sns_topic", {"name": "orders-developers"}),
    "an alarm": ("aws_cloudwatch_metric_alarm", {"alarm_name": "orders-errors"}),
    "a dashboard": ("aws_cloudwatch_dashboard", {"dashboard_name": "orders"}),
    "a bucket": ("aws_s3_bucket", {"bucket": "orders-123456789012"}),
    "a security group": ("aws_security_group", {"name": "orders-sg"}),
}

SUFFIXED: dict[str, dict[str, Any]] = {
    "a suffix": suffixed(aws_dynamodb_table={"t": {"name": "orders-dev"}}),
    "a suffix before the account": suffixed(
        aws_s3_bucket={"b": {"bucket": "orders-dev-${data.aws_caller_identity.current.account_id}"}}
    ),
    "a suffix with a hyphen": suffixed("pr-12", aws_dynamodb_table={"t": {"name": "orders-pr-12"}}),
    "a suffix by reference": suffixed("${var.suffix}", aws_dynamodb_table={"t": {"name": "orders-${var.suffix}"}}),
    "a name that Terraform generates": suffixed(aws_iam_role={"r": {"name_prefix": "orders-"}}),
    "an inline policy of a role": suffixed(aws_iam_role_policy={"p": {"name": "permissions"}}),
    "no default tags": {"resource": {"aws_dynamodb_table": {"t": {"name": "orders"}}}},
    "a stack without a suffix": {
        "provider": {"aws": {"default_tags": {"tags": {"Environment": "dev"}}}},
        "resource": {"aws_dynamodb_table": {"t": {"name": "orders"}}, "aws_sqs_queue": {"q": {"name": "q-dev"}}},
    },
}


@pytest.mark.parametrize(("type_", "body", "problem"), REJECTED.values(), ids=REJECTED)
def test_a_name_that_aws_rejects_is_found(found: Found, type_: str, body: dict[str, str], problem: str) -> None:
    (finding,) = found(NAME, {"resource": {type_: {"one": body}}})

    assert (finding.severity, finding.address) == ("error", f"{type_}.one")
    assert problem in finding.problem


@pytest.mark.parametrize(("type_", "body"), ACCEPTED.values(), ids=ACCEPTED)
def test_a_name_that_aws_accepts_is_not_a_finding(found: Found, type_: str, body: dict[str, str]) -> None:
    assert found(NAME, {"resource": {type_: {"one": body}}}) == []


@pytest.mark.parametrize(("type_", "body"), UNSUFFIXED.values(), ids=UNSUFFIXED)
def test_a_name_without_the_suffix_is_found(found: Found, type_: str, body: dict[str, str]) -> None:
    findings = found(NAME, suffixed("dev", **{type_: {"one": body}}))

    assert [(finding.severity, finding.address) for finding in findings] == [("error", f"{type_}.one")]


@pytest.mark.parametrize("configuration", SUFFIXED.values(), ids=SUFFIXED)
def test_a_name_with_the_suffix_is_not_a_finding(found: Found, configuration: dict[str, Any]) -> None:
    assert found(NAME, configuration) == []


def test_the_finding_has_the_limit_and_its_source(found: Found) -> None:
    (finding,) = found(NAME, {"resource": {"aws_dynamodb_table": {"t": {"name": "ab"}}}})

    assert finding == Finding(
        rule=NAME,
        severity="error",
        address="aws_dynamodb_table.t",
        problem="name 'ab' has 2 characters; the minimum is 3 (botocore dynamodb.TableName), so AWS rejects it.",
        remedy="Choose a name that AWS accepts.",
    )


def test_the_finding_has_the_suffix_and_the_consequence(found: Found) -> None:
    (finding,) = found(NAME, suffixed(aws_dynamodb_table={"t": {"name": "orders"}}))

    assert finding == Finding(
        rule=NAME,
        severity="error",
        address="aws_dynamodb_table.t",
        problem="name 'orders' does not contain the suffix 'dev', but most names here do: "
        "a second deployment to the same Region fails.",
        remedy="Append -dev to the name.",
    )
