"""The actions that the role of a function needs for its sources, logs, keys and destinations."""

import re
from collections.abc import Iterator

from terraform_guardrails.iam.grants import Need
from terraform_guardrails.terraform.stack import Resource, Stack
from terraform_guardrails.terraform.values import Reference, Template, Unknown, Value

FUNCTION = "aws_lambda_function"
ALIAS = "aws_lambda_alias"
MAPPING = "aws_lambda_event_source_mapping"
# The actions of Lambda, as the role, to poll a source (Lambda developer guide, one page for each source).
POLLING = {
    "aws_dynamodb_table": (
        "dynamodb:DescribeStream",
        "dynamodb:GetRecords",
        "dynamodb:GetShardIterator",
        "dynamodb:ListStreams",
    ),
    "aws_kinesis_stream": (
        "kinesis:DescribeStream",
        "kinesis:GetRecords",
        "kinesis:GetShardIterator",
        "kinesis:ListShards",
    ),
    "aws_sqs_queue": ("sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"),
}
# The actions of Lambda, as the role, to deliver to a destination.
DELIVERING = {
    "aws_cloudwatch_event_bus": ("events:PutEvents",),
    "aws_lambda_function": ("lambda:InvokeFunction",),
    "aws_s3_bucket": ("s3:ListBucket", "s3:PutObject"),
    "aws_sns_topic": ("sns:Publish",),
    "aws_sqs_queue": ("sqs:SendMessage",),
}
NETWORKING = ("ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:DescribeNetworkInterfaces")
_LOGGING = ("logs:CreateLogStream", "logs:PutLogEvents")
_TRACING = ("xray:PutTelemetryRecords", "xray:PutTraceSegments")
# The path of a delivered object in a bucket.
_ON_OBJECTS = {"s3:PutObject": "/aws/lambda/mapping/shard/object"}
# The block and attribute that name the key of a resource, and the service that uses the key.
_KEYS = {
    "aws_dynamodb_table": ("server_side_encryption", "kms_key_arn", "dynamodb"),
    "aws_kinesis_stream": ("", "kms_key_id", "kinesis"),
    "aws_sns_topic": ("", "kms_master_key_id", "sns"),
    "aws_sqs_queue": ("", "kms_master_key_id", "sqs"),
}
_ENCRYPTING = {"aws_s3_bucket": ("kms:GenerateDataKey",)}
_SENDING = ("kms:Decrypt", "kms:GenerateDataKey")


def mappings_of(function: Resource, stack: Stack) -> list[Resource]:
    """Return the event source mappings that invoke a function, a version or an alias of it.

    Raises:
        UnknownValueError: the function of one of them is not known before apply.
    """
    return [mapping for mapping in stack.of_type(MAPPING) if _function_of(mapping, stack) is function]


def _function_of(mapping: Resource, stack: Stack) -> Resource | None:
    name = mapping.value("function_name")
    if isinstance(name, Reference) and (alias := stack.target(name, ALIAS)):
        name = alias.value("function_name")
    elif isinstance(name, str | Template):
        # Without the version or the alias, which follows the name of the function.
        name = re.sub("(^|:function:)([^:]+):[^:]+$", r"\1\2", str(name))
    return stack.target(name, FUNCTION)


def source_of(mapping: Resource, stack: Stack) -> Resource | None:
    """Return the stream, queue or table that a mapping reads, if this stack creates it."""
    return stack.target(mapping.value("event_source_arn"), *POLLING) if mapping.has("event_source_arn") else None


def destinations_of(function: Resource, stack: Stack) -> Iterator[tuple[Resource, Resource | None]]:
    """Yield each destination of a function, with the resource that names it first.

    The destination is None if another stack creates it.
    """
    for holder, arn in _destination_arns(function, stack):
        if arn is not None:
            yield holder, stack.target(arn, *DELIVERING)


def _destination_arns(function: Resource, stack: Stack) -> Iterator[tuple[Resource, Value]]:
    for letters in function.blocks("dead_letter_config"):
        yield function, letters.value("target_arn")
    configs = stack.naming(function, "aws_lambda_function_event_invoke_config", "function_name")
    for holder in [*mappings_of(function, stack), *configs]:
        for config in holder.blocks("destination_config"):
            for end in (*config.blocks("on_failure"), *config.blocks("on_success")):
                yield holder, end.value("destination_arn") or end.value("destination")


def named_in_environment(function: Resource, stack: Stack) -> Iterator[tuple[str, Resource]]:
    """Yield each environment variable of a function that names a resource, with the resource."""
    for environment in function.blocks("environment"):
        variables = environment.value("variables")
        for name, value in variables.items() if isinstance(variables, dict) else ():
            if value is None or isinstance(value, Unknown):
                continue
            used = stack.target(value, *POLLING, *DELIVERING)
            # A plain word names a resource only if it equals the whole name.
            is_whole = isinstance(value, Reference) or str(value).startswith(("arn:", "https:"))
            if used is not None and used is not function and (is_whole or str(value) == str(used.physical_name)):
                yield name, used


def needs_of(function: Resource, stack: Stack) -> Iterator[Need]:
    """Yield every action that the role of a function needs for its sources, logs and destinations."""
    group = _log_group(function, stack)
    for action in _LOGGING:
        yield Need(action=action, on=group, why=f"{function.address} writes its logs", below=":log-stream:one")
    if function.blocks("vpc_config"):
        for action in NETWORKING:
            yield Need(action=action, on=None, why=f"{function.address} is in a VPC")
    if any(block.text("mode") == "Active" for block in function.blocks("tracing_config")):
        for action in _TRACING:
            yield Need(action=action, on=None, why=f"{function.address} is traced")
    for mapping in mappings_of(function, stack):
        source = source_of(mapping, stack)
        if source is not None:
            yield from _polling(mapping, source, stack)
    for holder, destination in destinations_of(function, stack):
        if destination is not None:
            yield from _delivering(holder, destination, stack)


def _delivering(holder: Resource, destination: Resource, stack: Stack) -> Iterator[Need]:
    why = f"{holder.address} delivers to {destination.address}"
    for action in DELIVERING[destination.type]:
        yield Need(action=action, on=destination, why=why, below=_ON_OBJECTS.get(action, ""))
    of_key = _ENCRYPTING.get(destination.type, _SENDING)
    yield from key_needs(destination, of_key, f"{why}, which is encrypted", stack)


def _log_group(function: Resource, stack: Stack) -> Resource | None:
    for config in function.blocks("logging_config"):
        if config.has("log_group"):
            return stack.target(config.value("log_group"), "aws_cloudwatch_log_group")
    name = stack.followed(function.physical_name)
    return stack.target(f"/aws/lambda/{name}", "aws_cloudwatch_log_group") if isinstance(name, str) else None


def _polling(mapping: Resource, source: Resource, stack: Stack) -> Iterator[Need]:
    why = f"{mapping.address} reads {source.address}"
    below = "/stream/one" if source.type == "aws_dynamodb_table" else ""
    for action in POLLING[source.type]:
        # ListStreams does not support resource-level permissions.
        on = None if action == "dynamodb:ListStreams" else source
        yield Need(action=action, on=on, why=why, below=below)
    yield from key_needs(source, ("kms:Decrypt",), f"{why}, which is encrypted", stack)


def key_needs(resource: Resource, actions: tuple[str, ...], why: str, stack: Stack) -> Iterator[Need]:
    """Yield the actions that a role needs on the key of a resource, if this stack creates the key."""
    key_id, service = _key_id(resource, stack)
    key = stack.target(key_id, "aws_kms_key") if key_id is not None else None
    if key is not None:
        for action in actions:
            yield Need(action=action, on=key, why=why, through=service)


def _key_id(resource: Resource, stack: Stack) -> tuple[Value, str]:
    if resource.type == "aws_s3_bucket":
        for encryption in stack.naming(resource, "aws_s3_bucket_server_side_encryption_configuration", "bucket"):
            for rule in encryption.blocks("rule"):
                for default in rule.blocks("apply_server_side_encryption_by_default"):
                    return default.value("kms_master_key_id"), "s3"
        return None, "s3"
    if resource.type not in _KEYS:
        return None, ""
    block_name, attribute, service = _KEYS[resource.type]
    block = resource.block(block_name) if block_name else resource
    return (block.value(attribute) if block else None), service
