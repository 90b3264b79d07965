"""Decides whether the policies of a role allow an action on a resource of the configuration."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from iam_policy_evaluator import Verdict
from terraform_guardrails.data import load
from terraform_guardrails.errors import UnknownValueError
from terraform_guardrails.iam.policies import Condition, Statement, matches, statements, verdict
from terraform_guardrails.terraform.stack import Resource, Stack
from terraform_guardrails.terraform.values import Reference, Template, Unknown, Value

ROLE = "aws_iam_role"
_ARN_PARTS = 6
# The last component of a resource's ARN; {} is the name of the resource.
_ARN_ENDINGS = {
    "aws_cloudwatch_event_bus": "event-bus/{}",
    "aws_cloudwatch_log_group": "log-group:{}",
    "aws_dynamodb_table": "table/{}",
    "aws_kinesis_stream": "stream/{}",
    "aws_kms_key": "key/{}",
    "aws_lambda_function": "function:{}",
    "aws_s3_bucket": "{}",
    "aws_sns_topic": "{}",
    "aws_sqs_queue": "{}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A statement of a role's policies, and the resource that has the policy."""

    holder: Resource
    statement: Statement
    managed_by_aws: bool = False


def grants(role: Resource, stack: Stack) -> list[Grant]:
    """Return every statement of the policies of a role.

    Raises:
        UnknownValueError: one of them is not known before apply.
    """
    return list(_grants(role, stack))


def _grants(role: Resource, stack: Stack) -> Iterator[Grant]:
    for inline in role.blocks("inline_policy"):
        if inline.has("policy"):
            yield from _written_in(role, inline.value("policy"), stack)
    for policy in stack.naming(role, "aws_iam_role_policy", "role"):
        yield from _written_in(policy, policy.value("policy"), stack)
    for arn in role.items("managed_policy_arns"):
        yield from _attached(role, arn, stack)
    attachments = (
        *stack.naming(role, "aws_iam_role_policy_attachment", "role"),
        *stack.naming(role, "aws_iam_policy_attachment", "roles"),
    )
    for attachment in attachments:
        yield from _attached(attachment, attachment.value("policy_arn"), stack)


def _written_in(holder: Resource, policy: Value, stack: Stack) -> Iterator[Grant]:
    for statement in statements(policy, stack):
        yield Grant(holder=holder, statement=statement)


def _attached(attachment: Resource, arn: Value, stack: Stack) -> Iterator[Grant]:
    policy = stack.target(arn, "aws_iam_policy")
    if policy is not None:
        yield from _written_in(policy, policy.value("policy"), stack)
        return
    document = _managed_policies().get(str(arn).rpartition(":policy/")[2]) if isinstance(arn, str | Template) else None
    if document is None:
        raise UnknownValueError(arn)
    for statement in statements(document, stack):
        yield Grant(holder=attachment, statement=statement, managed_by_aws=True)


@cache
def _managed_policies() -> dict[str, Value]:
    policies: dict[str, Value] = load("managed_policies.json")["policies"]
    return policies


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """An action that a role needs.

    Attributes:
        action: Such as `s3:PutObject`.
        on: The resource, or None for an action on every resource.
        why: The cause, for the finding.
        below: The text after the ARN of the resource, such as `/key` for an object of a bucket.
        through: The service that calls AWS KMS for the role, such as `kinesis`.
    """

    action: str
    on: Resource | None
    why: str
    below: str = ""
    through: str = ""


def is_granted(need: Need, granted: list[Grant], stack: Stack) -> bool:
    """Return whether the statements of a role allow an action that it needs.

    Conditions are not evaluated. A conditional Allow counts as granted, except for a key that another service must
    use. A conditional Deny is ignored.

    Raises:
        UnknownValueError: no known statement decides, and the resources of another one are not known before apply.
    """
    applicable = []
    unknown = None
    for statement in (grant.statement for grant in granted if grant.statement.covers_action(need.action)):
        try:
            covered = need.on is None or covers(statement, need.on, stack, below=need.below)
        except UnknownValueError as error:
            unknown = error
            continue
        if covered and (_is_through(statement, need.through) if statement.allows else not statement.conditions):
            applicable.append(statement)
    decided = verdict(need.action, applicable)
    if decided is Verdict.DENIED_IMPLICITLY and unknown is not None:
        raise unknown
    return decided is Verdict.ALLOWED


def _is_through(statement: Statement, service: str) -> bool:
    """Return whether the conditions on the use of a key let a service use it for the role."""
    return not service or all(_is_of(condition, service) for condition in statement.conditions)


def _is_of(condition: Condition, service: str) -> bool:
    key = condition.key.lower()
    if key == "kms:viaservice":
        return any(str(value).startswith((f"{service}.", "*")) for value in condition.values)
    # Such as kms:EncryptionContext:aws:kinesis:arn.
    return not key.startswith("kms:encryptioncontext:aws:") or key.startswith(f"kms:encryptioncontext:aws:{service}:")


def covers(statement: Statement, resource: Resource, stack: Stack, *, below: str | None = None) -> bool:
    """Return whether Resource or NotResource of a statement covers a resource.

    Args:
        statement: The statement.
        resource: The resource.
        stack: The configuration of both.
        below: The text after the ARN of the resource: "" for the resource itself, None for anything that belongs to it.

    Raises:
        UnknownValueError: an entry of Resource is not known before apply.
    """
    if statement.not_resources:
        return not any(_is_about(pattern, resource, stack, below) for pattern in statement.not_resources)
    # Known entries come first: they may decide without the unknown ones.
    ordered = sorted(statement.resources, key=lambda pattern: isinstance(pattern, Unknown))
    return any(_is_about(pattern, resource, stack, below) for pattern in ordered)


def _is_about(pattern: Value, resource: Resource, stack: Stack, below: str | None) -> bool:
    if isinstance(pattern, Unknown):
        raise UnknownValueError(pattern)
    if isinstance(pattern, Reference):
        found = stack.target(pattern, resource.type)
        if found is None and stack.block(pattern) is None:
            raise UnknownValueError(pattern)
        # A plan has the reference of "${aws_s3_bucket.b.arn}/*" without the text around it.
        if found is resource and below and not stack.has_templates:
            raise UnknownValueError(pattern)
        return found is resource and not below
    if isinstance(pattern, Template) and isinstance(pattern.parts[0], Reference):
        rest = str(Template(pattern.parts[1:]))
        is_there = below is None or matches(rest, below)
        return is_there and stack.target(pattern.parts[0], resource.type) is resource
    parts = str(pattern).split(":", _ARN_PARTS - 1)
    if len(parts) < _ARN_PARTS:
        return str(pattern) == "*"
    name = stack.followed(resource.physical_name)
    ending = _ARN_ENDINGS.get(resource.type, "{}").format(name if name is not None else "")
    if below is None:
        return matches(parts[-1], ending) or parts[-1].startswith((f"{ending}/", f"{ending}:"))
    return matches(parts[-1], ending + below)
