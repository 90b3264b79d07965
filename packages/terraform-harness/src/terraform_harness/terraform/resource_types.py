"""The kind of a Terraform resource in the inventory, and the attribute that has its name."""

from collections.abc import Iterator, Mapping
from typing import Any

type Json = Any
# Kind, name and Region; the Region of a global resource is empty.
type Key = tuple[str, str, str]

# Every Region lists the same ones.
GLOBAL_KINDS = frozenset({"bucket", "role"})
# A function may have several event source mappings: the same name is not a conflict.
NEVER_SHARED = frozenset({"event source mapping"})
FUNCTION, LOG_GROUP = "function", "log group"
LAMBDA_LOG_GROUPS = "/aws/lambda/"
_TYPES: Mapping[str, tuple[str, str]] = {
    "aws_cloudwatch_composite_alarm": ("composite alarm", "alarm_name"),
    "aws_cloudwatch_dashboard": ("dashboard", "dashboard_name"),
    "aws_cloudwatch_event_rule": ("rule", "name"),
    "aws_cloudwatch_log_group": ("log group", "name"),
    "aws_cloudwatch_metric_alarm": ("alarm", "alarm_name"),
    "aws_dynamodb_table": ("table", "name"),
    "aws_iam_role": ("role", "name"),
    "aws_kinesis_stream": ("stream", "name"),
    "aws_kms_alias": ("key alias", "name"),
    "aws_kms_key": ("key", "key_id"),
    "aws_lambda_event_source_mapping": ("event source mapping", "function_name"),
    "aws_lambda_function": ("function", "function_name"),
    "aws_network_interface": ("network interface", "id"),
    "aws_route_table": ("route table", "id"),
    "aws_s3_bucket": ("bucket", "bucket"),
    "aws_security_group": ("security group", "id"),
    "aws_sns_topic": ("topic", "name"),
    "aws_sqs_queue": ("queue", "name"),
    "aws_subnet": ("subnet", "id"),
    "aws_vpc": ("VPC", "id"),
    "aws_vpc_endpoint": ("endpoint", "id"),
}
# Terraform adopts these existing resources instead of creating them. The attribute identifies their VPC; without one,
# they belong to the account: https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/default_vpc
_ADOPTING = {
    "aws_default_network_acl": "default_network_acl_id",
    "aws_default_route_table": "default_route_table_id",
    "aws_default_security_group": "vpc_id",
    "aws_default_subnet": "",
    "aws_default_vpc": "",
    "aws_default_vpc_dhcp_options": "",
}


def key_of(kind: str, name: str, region: str) -> Key:
    """Return kind, name and Region; a global resource has no Region."""
    return (kind, name, "" if kind in GLOBAL_KINDS else region)


def named_by(type_: str, attributes: Mapping[str, Json]) -> tuple[str, str] | None:
    """Return kind and name of a resource; None if the inventory lacks its kind, or the name is not known."""
    kind, attribute = _TYPES.get(type_, ("", ""))
    name = attributes.get(attribute)
    if not isinstance(name, str) or not name:
        return None
    # A mapping may name its function by ARN, and a version or alias of it as in "function:alias".
    return kind, name.rpartition(":function:")[2] if type_ == "aws_lambda_event_source_mapping" else name


def named_kind(type_: str) -> str | None:
    """Return the kind of a resource type if the configuration chooses its names; None if AWS assigns an id."""
    kind, attribute = _TYPES.get(type_, ("", ""))
    return None if attribute in {"", "id", "key_id"} else kind


def with_log_group(kind: str, name: str) -> Iterator[tuple[str, str]]:
    """Yield a kind and a name, and the log group that Lambda creates for a function unless the configuration does.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html
    """
    yield kind, name
    if kind == FUNCTION:
        yield LOG_GROUP, f"{LAMBDA_LOG_GROUPS}{name}"


def adopting_attribute(type_: str) -> str | None:
    """Return the attribute that identifies the VPC of an adopted default; None for other types, empty without VPC."""
    return _ADOPTING.get(type_)
