"""Checks whether a function can use an endpoint: DNS, routes, security groups and the endpoint policy."""

from collections.abc import Iterator
from dataclasses import dataclass

from terraform_guardrails.errors import UnknownValueError
from terraform_guardrails.iam.grants import ROLE, covers
from terraform_guardrails.iam.policies import Statement, matches, statements
from terraform_guardrails.network.paths import Placement, groups_of, ranges_of, routes_to
from terraform_guardrails.network.security_groups import allows_https
from terraform_guardrails.terraform.stack import Resource, Stack
from terraform_guardrails.terraform.values import Reference, Unknown

_WITH_POLICIES = (
    "aws_cloudwatch_log_group",
    "aws_dynamodb_table",
    "aws_kinesis_stream",
    "aws_kms_key",
    "aws_lambda_function",
    "aws_s3_bucket",
    "aws_sns_topic",
    "aws_sqs_queue",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """The calls to one service that a function may make."""

    function: Resource
    placement: Placement
    service: str
    prefix: str
    allowed: list[Statement]
    role: Resource

    def statements(self) -> Iterator[tuple[str, Statement]]:
        """Yield each action of the service with the statement that allows it."""
        for statement in self.allowed:
            for action in statement.actions:
                if action.lower().startswith(f"{self.prefix}:"):
                    yield action, statement


@dataclass(frozen=True, slots=True)
class FailedCheck:
    """A reason why an endpoint does not work. With `blocks_fallback`, a route to the internet does not help."""

    problem: str
    remedy: str
    blocks_fallback: bool = False


def failed_checks(endpoint: Resource, calls: Calls, stack: Stack) -> Iterator[FailedCheck]:
    """Yield the reasons why a function cannot use an endpoint."""
    vpc = calls.placement.vpc
    if not vpc.flag("enable_dns_support", default=True):
        yield FailedCheck(
            f"DNS resolution is disabled in {vpc.address}", f"Set enable_dns_support = true on {vpc.address}."
        )
    if (endpoint.text("vpc_endpoint_type") or "Gateway") == "Gateway":
        yield from _to_gateway(endpoint, calls, stack)
    else:
        yield from _to_interface(endpoint, calls, stack)
    yield from _in_policy(endpoint, calls, stack)


def _to_gateway(endpoint: Resource, calls: Calls, stack: Stack) -> Iterator[FailedCheck]:
    if not routes_to(endpoint, calls.placement, stack):
        yield FailedCheck(
            f"not every subnet of the function has a route to {endpoint.address}",
            f"Add the route tables of the subnets to {endpoint.address}.",
        )
    elif not allows_https(calls.placement.groups, "egress", stack, prefix_list_of=endpoint):
        yield FailedCheck(
            f"no security group allows HTTPS egress to the prefix list of {endpoint.address}, "
            "whose addresses are outside the VPC",
            f"Add an egress rule on port 443 to ${{{endpoint.address}.prefix_list_id}}.",
            blocks_fallback=True,
        )


def _to_interface(endpoint: Resource, calls: Calls, stack: Stack) -> Iterator[FailedCheck]:
    placement = calls.placement
    if not endpoint.flag("private_dns_enabled", default=False):
        yield FailedCheck(
            f"private DNS is disabled on {endpoint.address}, so the AWS SDK does not use it",
            f"Set private_dns_enabled = true on {endpoint.address}.",
        )
    elif not placement.vpc.flag("enable_dns_hostnames", default=False):
        yield FailedCheck(
            f"DNS hostnames are disabled in {placement.vpc.address}, but private DNS requires them",
            f"Set enable_dns_hostnames = true on {placement.vpc.address}.",
        )
    groups = groups_of(endpoint, stack)
    endpoint_ranges = ranges_of(endpoint, placement, stack)
    function_ranges = [subnet.value("cidr_block") for subnet in placement.subnets]
    if not allows_https(placement.groups, "egress", stack, ranges=endpoint_ranges, peer_groups=groups):
        yield FailedCheck(
            f"no security group of the function allows HTTPS egress to {endpoint.address}",
            f"Add an egress rule on port 443 to {groups[0].address}.",
            blocks_fallback=True,
        )
    if not allows_https(groups, "ingress", stack, ranges=function_ranges, peer_groups=placement.groups):
        yield FailedCheck(
            f"no security group of {endpoint.address} allows HTTPS ingress from the function",
            f"Add an ingress rule on port 443 from the function's group to {groups[0].address}.",
            blocks_fallback=True,
        )


def _in_policy(endpoint: Resource, calls: Calls, stack: Stack) -> Iterator[FailedCheck]:
    holder = next(iter(stack.naming(endpoint, "aws_vpc_endpoint_policy", "vpc_endpoint_id")), endpoint)
    if not holder.has("policy"):
        return
    document = statements(holder.value("policy"), stack)
    for action, statement in calls.statements():
        if "*" not in action and not _permits(document, action, statement, calls.role, stack):
            yield FailedCheck(
                f"the policy of {endpoint.address} does not allow {action}",
                f"Allow {action} on the same resources in the policy of {holder.address}.",
                blocks_fallback=True,
            )


def _permits(document: list[Statement], action: str, wanted: Statement, role: Resource, stack: Stack) -> bool:
    """Return whether the policy of an endpoint allows an action that a statement of the role allows."""
    about = [each for each in document if each.covers_action(action) and _is_for(each, role, stack)]
    return any(each.allows and _overlap(each, wanted, stack) for each in about)


def _is_for(statement: Statement, role: Resource, stack: Stack) -> bool:
    principals = [value for values in statement.principals.values() for value in values]
    known = [value for value in principals if not isinstance(value, Unknown)]
    return any(value == "*" or str(value).endswith(":root") or stack.target(value, ROLE) is role for value in known)


def _overlap(one: Statement, other: Statement, stack: Stack) -> bool:
    """Return whether two statements have a resource in common."""
    pairs = [(str(left), str(right)) for left in one.resources for right in other.resources]
    if any(matches(left, right) or matches(right, left) for left, right in pairs):
        return True
    if one.not_resources or other.not_resources:
        raise UnknownValueError("NotResource in the policy of an endpoint")
    if any(covers(one, each, stack) and covers(other, each, stack) for each in stack.of_type(*_WITH_POLICIES)):
        return True
    for value in (*one.resources, *other.resources):
        block = stack.block(value) if isinstance(value, Reference) else None
        if isinstance(value, Reference) and (block is None or not block.managed):
            raise UnknownValueError(value)
    return False
