"""role-permissions: what a function's role lacks, what it has too much, and actions that do not exist."""

from collections.abc import Iterator

from terraform_guardrails.errors import UnknownValueError
from terraform_guardrails.finding import Finding, Severity
from terraform_guardrails.iam.actions import exists, is_narrowable, similar
from terraform_guardrails.iam.grants import ROLE, Grant, Need, covers, grants, is_granted
from terraform_guardrails.iam.policies import Statement, statements
from terraform_guardrails.iam.required_permissions import (
    DELIVERING,
    FUNCTION,
    POLLING,
    key_needs,
    named_in_environment,
    needs_of,
)
from terraform_guardrails.rule import Rule
from terraform_guardrails.terraform.stack import Resource, Stack
from terraform_guardrails.terraform.values import Value

NAME = "role-permissions"
_POLICIES = frozenset(
    {
        "aws_iam_group_policy",
        "aws_iam_policy",
        "aws_iam_role_policy",
        "aws_iam_user_policy",
        "aws_kms_key",
        "aws_kms_key_policy",
        "aws_s3_bucket_policy",
        "aws_secretsmanager_secret_policy",
        "aws_sns_topic",
        "aws_sns_topic_policy",
        "aws_sqs_queue",
        "aws_sqs_queue_policy",
        "aws_vpc_endpoint",
    }
)
# Lambda's guide wants these on every resource (VPC access of functions).
_NETWORKING = (
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:UnassignPrivateIpAddresses",
)
# What a role must be able to do with the key of what it writes or reads itself.
_USES_OF_KEYS = (
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


def check(resource: Resource, stack: Stack) -> Iterator[Finding]:
    """Find what is wrong with the permissions around a function, or with the actions of a policy."""
    if resource.type == FUNCTION:
        yield from _check_function(resource, stack)
    elif resource.type == ROLE:
        for inline in resource.blocks("inline_policy"):
            yield from _check_actions(resource, inline.value("policy"), stack)
    else:
        yield from _check_actions(resource, resource.value("policy"), stack)


def _check_actions(holder: Resource, policy: Value, stack: Stack) -> Iterator[Finding]:
    """Actions that do not exist grant nothing, and AWS does not say so."""
    if policy is None:
        return
    for statement in statements(policy, stack):
        for action in (*statement.actions, *statement.not_actions):
            if action != "*" and not exists(action):
                meant = similar(action)
                yield _finding(
                    holder,
                    "error" if meant else "warning",
                    f"Statement {statement.label} names {action}, which the catalogue does not know: it has no effect.",
                    f"Write {meant}." if meant else "Look the action up; suppress this with the source if it is new.",
                )


def _check_function(function: Resource, stack: Stack) -> Iterator[Finding]:
    role = stack.target(function.value("role"), ROLE)
    if role is None:
        raise UnknownValueError(function.value("role"))
    granted = grants(role, stack)
    yield from _check_trust(function, role, stack)
    yield from _check_needs(function, role, granted, stack)
    yield from _check_environment(function, role, granted, stack)
    yield from _check_wildcards(granted)


def _check_trust(function: Resource, role: Resource, stack: Stack) -> Iterator[Finding]:
    trusted = any(
        statement.allows
        and statement.covers_action("sts:AssumeRole")
        and "lambda.amazonaws.com" in statement.principals.get("Service", [])
        for statement in statements(role.value("assume_role_policy"), stack)
    )
    if not trusted:
        yield _finding(
            role,
            "error",
            f"{function.address} has this role, but its trust policy does not let Lambda assume it.",
            "Allow lambda.amazonaws.com sts:AssumeRole in assume_role_policy.",
        )


def _check_needs(function: Resource, role: Resource, granted: list[Grant], stack: Stack) -> Iterator[Finding]:
    """One finding for each reason, with all that is lacking for it."""
    lacking: dict[str, list[str]] = {}
    for need in (*needs_of(function, stack), *_uses_of_keys(granted, stack)):
        if not is_granted(need, granted, stack):
            on = f" on {need.on.address}" if need.on else ""
            lacking.setdefault(need.why, []).append(need.action + on)
    for why, actions in lacking.items():
        wanted = ", ".join(dict.fromkeys(actions))
        yield _finding(role, "error", f"{why}, but the role does not allow {wanted}.", f"Allow {wanted}.")


def _uses_of_keys(granted: list[Grant], stack: Stack) -> Iterator[Need]:
    """What the role needs of the keys of those resources that its own code may use."""
    for type_, actions, of_key in _USES_OF_KEYS:
        for resource in stack.of_type(type_):
            used = next((action for action in actions if _names(granted, action, resource, stack)), None)
            if used:
                yield from key_needs(resource, of_key, f"The role may {used} on {resource.address}, encrypted", stack)


def _names(granted: list[Grant], action: str, resource: Resource, stack: Stack) -> bool:
    """Whether a statement lets the role do something on just this resource."""
    return any(
        grant.statement.allows
        and grant.statement.covers_action(action)
        and "*" not in grant.statement.resources
        and covers(grant.statement, resource, stack)
        for grant in granted
    )


def _check_environment(function: Resource, role: Resource, granted: list[Grant], stack: Stack) -> Iterator[Finding]:
    """A resource that the environment names is one that the code uses."""
    for name, used in named_in_environment(function, stack):
        prefix = (POLLING | DELIVERING)[used.type][0].partition(":")[0]
        about = (grant.statement for grant in granted if _is_about(grant.statement, prefix))
        if not any(statement.allows and covers(statement, used, stack) for statement in about):
            yield _finding(
                role,
                "error",
                f"{function.address} is given {used.address} in {name}, but the role allows nothing on it.",
                f"Allow what the code does with {used.address}, or remove {name}.",
            )


def _is_about(statement: Statement, prefix: str) -> bool:
    """Whether a statement has actions of a service, or of all."""
    return bool(statement.not_actions) or any(
        action == "*" or action.lower().startswith(f"{prefix}:") for action in statement.actions
    )


def _check_wildcards(granted: list[Grant]) -> Iterator[Finding]:
    for grant in granted:
        statement = grant.statement
        if not statement.allows or grant.managed_by_aws:
            continue
        for action in statement.actions:
            if action == "*" or action.endswith(":*"):
                yield _finding(
                    grant.holder,
                    "warning",
                    f"Statement {statement.label} allows {action}: everything, and whatever is added later.",
                    "Name the actions that the code and its sources need.",
                )
        wide = [action for action in statement.actions if is_narrowable(action) and action not in _NETWORKING]
        if "*" in statement.resources and wide and not statement.conditions:
            yield _finding(
                grant.holder,
                "warning",
                f"Statement {statement.label} allows {', '.join(wide)} on every resource.",
                "Name the ARNs that are meant.",
            )


def _finding(holder: Resource, severity: Severity, problem: str, remedy: str) -> Finding:
    return Finding(rule=NAME, severity=severity, address=holder.address, problem=problem, remedy=remedy)


RULE = Rule(name=NAME, check=check, types=_POLICIES | {FUNCTION, ROLE})
