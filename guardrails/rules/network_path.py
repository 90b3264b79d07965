"""network-path: a function in a VPC that cannot reach an AWS service which its role lets it call."""

from collections.abc import Iterator
from dataclasses import dataclass

from guardrails.access import ROLE, covers, grants
from guardrails.errors import UnknownValueError
from guardrails.finding import Finding, Severity
from guardrails.needs import (
    DELIVERING,
    FUNCTION,
    POLLING,
    destinations_of,
    mappings_of,
    named_in_environment,
    source_of,
)
from guardrails.network import ENDPOINT, Place, endpoints_for, groups_of, has_way_out, place_of, ranges_of, routes_to
from guardrails.policies import Statement, matches, statements
from guardrails.rule import Rule
from guardrails.security_groups import Direction, is_everywhere, lets_through, peers_of
from guardrails.stack import Resource, Stack
from guardrails.values import Reference, Unknown

NAME = "network-path"
# The endpoint of each service, by the prefix of its actions.
_ENDPOINTS = {
    "cloudwatch": "monitoring",
    "dynamodb": "dynamodb",
    "events": "events",
    "firehose": "kinesis-firehose",
    "kinesis": "kinesis-streams",
    "kms": "kms",
    "lambda": "lambda",
    "logs": "logs",
    "s3": "s3",
    "secretsmanager": "secretsmanager",
    "sns": "sns",
    "sqs": "sqs",
    "ssm": "ssm",
    "states": "states",
    "sts": "sts",
    "xray": "xray",
}
# What Lambda, or the service that encrypts, calls in the role's name from outside the VPC.
_IN_THE_ROLES_NAME = {"ec2", "kms", "logs", "xray"}
_ALSO_POLLING = {
    "aws_kinesis_stream": ("kinesis:DescribeStreamSummary", "kinesis:ListStreams", "kinesis:SubscribeToShard"),
    "aws_sqs_queue": ("sqs:ChangeMessageVisibility",),
}
_OPEN = "Add an egress rule on port 443."
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


def check(function: Resource, stack: Stack) -> Iterator[Finding]:
    """Find each service that a function may call and cannot reach."""
    place = place_of(function, stack)
    if place is None:
        return
    yield from _check_openness(function, place, stack)
    role = stack.target(function.value("role"), ROLE)
    if role is None:
        raise UnknownValueError(function.value("role"))
    allowed = [grant.statement for grant in grants(role, stack) if grant.statement.allows]
    by_code = _called_by_code(function, allowed, stack)
    unknown = None
    for prefix, service in _ENDPOINTS.items():
        calls = _Calls(function=function, place=place, service=service, prefix=prefix, allowed=allowed, role=role)
        try:
            yield from _check_service(calls, stack, needed=prefix in by_code)
        except UnknownValueError as error:
            unknown = error
    if unknown is not None:
        raise unknown


def _called_by_code(function: Resource, allowed: list[Statement], stack: Stack) -> set[str]:
    """The prefixes of the services that the function's own code may call."""
    used = [resource for _, resource in named_in_environment(function, stack)]
    by_lambda: list[str] = []
    for mapping in mappings_of(function, stack):
        source = source_of(mapping, stack)
        by_lambda += (*POLLING[source.type], *_ALSO_POLLING.get(source.type, ())) if source else ()
    for _, destination in destinations_of(function, stack):
        by_lambda += DELIVERING[destination.type] if destination not in used else ()
    actions = {action for statement in allowed for action in statement.actions}
    by_code = {action for action in actions if not any(matches(action, known) for known in by_lambda)}
    return {action.partition(":")[0].lower() for action in by_code} - _IN_THE_ROLES_NAME


@dataclass(frozen=True, slots=True, kw_only=True)
class _Calls:
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


def _check_service(calls: _Calls, stack: Stack, *, needed: bool) -> Iterator[Finding]:
    endpoints = endpoints_for(calls.service, calls.place.vpc, stack)
    # What Lambda calls for the function needs no way from here; an endpoint that is there should still work.
    if not any(True for _ in calls.statements()) or not (endpoints or needed):
        return
    obstacles = []
    for endpoint in endpoints:
        obstacle = next(_obstacles(endpoint, calls, stack), None)
        if obstacle is None:
            return
        obstacles.append(obstacle)
    if needed and not any(obstacle.in_the_way for obstacle in obstacles) and has_way_out(calls.place, stack):
        if lets_through(calls.place.groups, "egress", stack, ranges=["0.0.0.0/0"]):
            return
        obstacles = [_Obstacle(f"no security group of {calls.function.address} lets HTTPS out to the internet", _OPEN)]
    if not obstacles:
        problem = f"its VPC has no endpoint for {calls.service} and no route out"
        obstacles = [_Obstacle(problem, f"Add an {ENDPOINT} for {calls.service}.")]
    yield _finding(
        calls.function,
        "error" if needed else "warning",
        f"Its role allows calls of {calls.service}, but {obstacles[0].problem}.",
        obstacles[0].remedy,
    )


@dataclass(frozen=True, slots=True)
class _Obstacle:
    """Why a way does not work; one that is in the way keeps calls from going round it."""

    problem: str
    remedy: str
    in_the_way: bool = False


def _obstacles(endpoint: Resource, calls: _Calls, stack: Stack) -> Iterator[_Obstacle]:
    """What keeps a function from using an endpoint, the first thing first."""
    vpc = calls.place.vpc
    if not vpc.flag("enable_dns_support", default=True):
        yield _Obstacle(f"{vpc.address} resolves no names", f"Set enable_dns_support = true on {vpc.address}.")
    if (endpoint.text("vpc_endpoint_type") or "Gateway") == "Gateway":
        yield from _obstacles_to_gateway(endpoint, calls, stack)
    else:
        yield from _obstacles_to_interface(endpoint, calls, stack)
    yield from _obstacles_in_policy(endpoint, calls, stack)


def _obstacles_to_gateway(endpoint: Resource, calls: _Calls, stack: Stack) -> Iterator[_Obstacle]:
    if not routes_to(endpoint, calls.place, stack):
        yield _Obstacle(
            f"not every route table of its subnets leads to {endpoint.address}",
            f"Add the route tables to {endpoint.address}.",
        )
    elif not lets_through(calls.place.groups, "egress", stack, prefix_list_of=endpoint):
        yield _Obstacle(
            f"no security group lets HTTPS out to the prefix list of {endpoint.address}, "
            "whose addresses are outside the VPC",
            f"Add an egress rule on port 443 to ${{{endpoint.address}.prefix_list_id}}.",
            in_the_way=True,
        )


def _obstacles_to_interface(endpoint: Resource, calls: _Calls, stack: Stack) -> Iterator[_Obstacle]:
    place = calls.place
    if not endpoint.flag("private_dns_enabled", default=False):
        yield _Obstacle(
            f"{endpoint.address} has no private DNS, so the SDK does not find it",
            f"Set private_dns_enabled = true on {endpoint.address}.",
        )
    elif not place.vpc.flag("enable_dns_hostnames", default=False):
        yield _Obstacle(
            f"{place.vpc.address} gives no DNS hostnames, which private DNS needs",
            f"Set enable_dns_hostnames = true on {place.vpc.address}.",
        )
    groups = groups_of(endpoint, stack)
    there = ranges_of(endpoint, place, stack)
    here = [subnet.value("cidr_block") for subnet in place.subnets]
    if not lets_through(place.groups, "egress", stack, ranges=there, peer_groups=groups):
        yield _Obstacle(
            f"no security group of the function lets HTTPS out to {endpoint.address}",
            f"Add an egress rule on port 443 to {groups[0].address}.",
            in_the_way=True,
        )
    if not lets_through(groups, "ingress", stack, ranges=here, peer_groups=place.groups):
        yield _Obstacle(
            f"no security group of {endpoint.address} lets HTTPS in from the function",
            f"Add an ingress rule on port 443 from the function's group to {groups[0].address}.",
            in_the_way=True,
        )


def _obstacles_in_policy(endpoint: Resource, calls: _Calls, stack: Stack) -> Iterator[_Obstacle]:
    holder = next(iter(stack.naming(endpoint, "aws_vpc_endpoint_policy", "vpc_endpoint_id")), endpoint)
    if not holder.has("policy"):
        return
    document = statements(holder.value("policy"), stack)
    for action, statement in calls.statements():
        if "*" not in action and not _passes(document, action, statement, calls.role, stack):
            yield _Obstacle(
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


def _check_openness(function: Resource, place: Place, stack: Stack) -> Iterator[Finding]:
    """A function that reaches AWS through endpoints needs no door to the internet."""
    for group in place.groups:
        if _is_open(group, "ingress", stack):
            yield _open_finding(group, function, "ingress from")
        if _is_open(group, "egress", stack) and not has_way_out(place, stack):
            yield _open_finding(group, function, "egress to")


def _is_open(group: Resource, direction: Direction, stack: Stack) -> bool:
    return any(
        is_everywhere(each) for peers in peers_of(group, direction, stack, on_any_port=True) for each in peers.ranges
    )


def _open_finding(group: Resource, function: Resource, what: str) -> Finding:
    return _finding(
        group,
        "warning",
        f"It allows {what} the whole internet, which {function.address} has no use for.",
        "Name the security groups, prefix lists or address ranges that are meant.",
    )


def _finding(resource: Resource, severity: Severity, problem: str, remedy: str) -> Finding:
    return Finding(rule=NAME, severity=severity, address=resource.address, problem=problem, remedy=remedy)


RULE = Rule(name=NAME, check=check, types=frozenset({FUNCTION}))
