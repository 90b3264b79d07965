"""Derives the KMS permissions that a role needs for the encrypted resources that its code uses."""

from collections.abc import Iterator

from terraform_guardrails.iam.grants import Grant, Need, covers
from terraform_guardrails.iam.required_permissions import key_needs
from terraform_guardrails.terraform.stack import Resource, Stack

# For each type: actions of the code, and the KMS actions that each of them requires.
_KEY_ACTIONS = (
    (
        "aws_dynamodb_table",
        (
            "dynamodb:BatchGetItem",
            "dynamodb:GetItem",
            "dynamodb:PartiQLInsert",
            "dynamodb:PutItem",
            "dynamodb:Query",
            "dynamodb:UpdateItem",
            "dynamodb:BatchWriteItem",
        ),
        ("kms:Decrypt",),
    ),
    ("aws_s3_bucket", ("s3:PutObject",), ("kms:GenerateDataKey",)),
    ("aws_s3_bucket", ("s3:GetObject",), ("kms:Decrypt",)),
    ("aws_sqs_queue", ("sqs:SendMessage",), ("kms:Decrypt", "kms:GenerateDataKey")),
    ("aws_sns_topic", ("sns:Publish",), ("kms:Decrypt", "kms:GenerateDataKey")),
    ("aws_kinesis_stream", ("kinesis:PutRecord", "kinesis:PutRecords"), ("kms:GenerateDataKey",)),
)


def key_usage(granted: list[Grant], stack: Stack) -> Iterator[Need]:
    """Yield the permissions that a role needs on the keys of the resources that its statements name."""
    for type_, actions, key_actions in _KEY_ACTIONS:
        for resource in stack.of_type(type_):
            used = next((action for action in actions if _names(granted, action, resource, stack)), None)
            if used:
                why = f"The role may call {used} on {resource.address}, which is encrypted"
                yield from key_needs(resource, key_actions, why, stack)


def _names(granted: list[Grant], action: str, resource: Resource, stack: Stack) -> bool:
    """Return whether a statement allows an action on this resource, and not on all resources."""
    return any(
        grant.statement.allows
        and grant.statement.covers_action(action)
        and "*" not in grant.statement.resources
        and covers(grant.statement, resource, stack)
        for grant in granted
    )
