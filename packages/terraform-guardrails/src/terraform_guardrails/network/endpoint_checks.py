"""What stands between a function and an endpoint: names, routes, security groups and policies."""

from collections.abc import Iterator
from dataclasses import dataclass

from terraform_guardrails.errors import UnknownValueError
from terraform_guardrails.iam.grants import ROLE, covers
from terraform_guardrails.iam.policies import Statement, matches, statements
from terraform_guardrails.network.paths import Place, groups_of, ranges_of, routes_to
from terraform_guardrails.network.security_groups import lets_through
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
    """The calls of one service that a function may make."""

    function: Resource
    place: Place
    service: str
    prefix: str
    allowed: list[Statement]
    role: Resource

    def statements(self) -> Iterator[tuple[str, Statement]]:
        """Each action of the service, and the statement that allows it."""
        for statement in self.allowed:
            for action in statement.actions:
                if action.lower().startswith(f"{self.prefix}:"):
                    yield action, statement


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a way does not work; one that is in the way keeps calls from going round it."""

    problem: str
    remedy: str
    in_the_way: bool = False


def obstacles(endpoint: Resource, calls: Calls, stack: Stack) -> Iterator[Obstacle]:
    """What keeps a function from using an endpoint, the first thing first."""
    vpc = calls.place.vpc
    if not vpc.flag("enable_dns_support", default=True):
        yield Obstacle(f"{vpc.address} resolves no names", f"Set enable_dns_support = true on {vpc.address}.")
    if (endpoint.text("vpc_endpoint_type") or "Gateway") == "Gateway":
        yield from _to_gateway(endpoint, calls, stack)
    else:
        yield from _to_interface(endpoint, calls, stack)
    yield from _in_policy(endpoint, calls, stack)


def _to_gateway(endpoint: Resource, calls: Calls, stack: Stack) -> Iterator[Obstacle]:
    if not routes_to(endpoint, calls.place, stack):
        yield Obstacle(
            f"not every route table of its subnets leads to {endpoint.address}",
            f"Add the route tables to {endpoint.address}.",
        )
    elif not lets_through(calls.place.groups, "egress", stack, prefix_list_of=endpoint):
        yield Obstacle(
            f"no security group lets HTTPS out to the prefix list of {endpoint.address}, "
            "whose addresses are outside the VPC",
            f"Add an egress rule on port 443 to ${{{endpoint.address}.prefix_list_id}}.",
            in_the_way=True,
        )


def _to_interface(endpoint: Resource, calls: Calls, stack: Stack) -> Iterator[Obstacle]:
    place = calls.place
    if not endpoint.flag("private_dns_enabled", default=False):
        yield Obstacle(
            f"{endpoint.address} has no private DNS, so the SDK does not find it",
            f"Set private_dns_enabled = true on {endpoint.address}.",
        )
    elif not place.vpc.flag("enable_dns_hostnames", default=False):
        yield Obstacle(
            f"{place.vpc.address} gives no DNS hostnames, which private DNS needs",
            f"Set enable_dns_hostnames = true on {place.vpc.address}.",
        )
    groups = groups_of(endpoint, stack)
    there = ranges_of(endpoint, place, stack)
    here = [subnet.value("cidr_block") for subnet in place.subnets]
    if not lets_through(place.groups, "egress", stack, ranges=there, peer_groups=groups):
        yield Obstacle(
            f"no security group of the function lets HTTPS out to {endpoint.address}",
            f"Add an egress rule on port 443 to {groups[0].address}.",
            in_the_way=True,
        )
    if not lets_through(groups, "ingress", stack, ranges=here, peer_groups=place.groups):
        yield Obstacle(
            f"no security group of {endpoint.address} lets HTTPS in from the function",
            f"Add an ingress rule on port 443 from the function's group to {groups[0].address}.",
            in_the_way=True,
        )


def _in_policy(endpoint: Resource, calls: Calls, stack: Stack) -> Iterator[Obstacle]:
    holder = next(iter(stack.naming(endpoint, "aws_vpc_endpoint_policy", "vpc_endpoint_id")), endpoint)
    if not holder.has("policy"):
        return
    document = statements(holder.value("policy"), stack)
    for action, statement in calls.statements():
        if "*" not in action and not _passes(document, action, statement, calls.role, stack):
            yield Obstacle(
                f"the policy of {endpoint.address} does not let {action} through",
                f"Allow {action} on the same resources in the policy of {holder.address}.",
                in_the_way=True,
            )


def _passes(document: list[Statement], action: str, wanted: Statement, role: Resource, stack: Stack) -> bool:
    """Whether the policy of an endpoint lets through what a statement of the role allows."""
    about = [each for each in document if each.covers_action(action) and _is_for(each, role, stack)]
    return any(each.allows and _overlap(each, wanted, stack) for each in about)


def _is_for(statement: Statement, role: Resource, stack: Stack) -> bool:
    who = [value for values in statement.principals.values() for value in values]
    known = [value for value in who if not isinstance(value, Unknown)]
    return any(value == "*" or str(value).endswith(":root") or stack.target(value, ROLE) is role for value in known)


def _overlap(one: Statement, other: Statement, stack: Stack) -> bool:
    """Whether two statements have a resource in common."""
    texts = [(str(mine), str(theirs)) for mine in one.resources for theirs in other.resources]
    if any(matches(mine, theirs) or matches(theirs, mine) for mine, theirs in texts):
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
