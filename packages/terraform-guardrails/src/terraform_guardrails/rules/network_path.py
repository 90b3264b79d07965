"""network-path: a function in a VPC that cannot reach an AWS service which its role lets it call."""

from collections.abc import Iterator

from terraform_guardrails.errors import UnknownValueError
from terraform_guardrails.finding import Finding, Severity
from terraform_guardrails.iam.grants import ROLE, grants
from terraform_guardrails.iam.policies import Statement, matches
from terraform_guardrails.iam.required_permissions import (
    DELIVERING,
    FUNCTION,
    POLLING,
    destinations_of,
    mappings_of,
    named_in_environment,
    source_of,
)
from terraform_guardrails.network.endpoint_checks import Calls, Obstacle, obstacles
from terraform_guardrails.network.paths import ENDPOINT, Place, endpoints_for, has_way_out, place_of
from terraform_guardrails.network.security_groups import Direction, is_everywhere, lets_through, peers_of
from terraform_guardrails.rule import Rule
from terraform_guardrails.terraform.stack import Resource, Stack

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
        calls = Calls(function=function, place=place, service=service, prefix=prefix, allowed=allowed, role=role)
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
        for type_ in [source.type] if source else POLLING:  # a source of another stack may be of any type
            by_lambda += (*POLLING[type_], *_ALSO_POLLING.get(type_, ()))
    for _, destination in destinations_of(function, stack):
        if destination is None or destination not in used:
            for type_ in [destination.type] if destination else DELIVERING:
                by_lambda += DELIVERING[type_]
    actions = {action for statement in allowed for action in statement.actions}
    by_code = {action for action in actions if not any(matches(action, known) for known in by_lambda)}
    return {action.partition(":")[0].lower() for action in by_code} - _IN_THE_ROLES_NAME


def _check_service(calls: Calls, stack: Stack, *, needed: bool) -> Iterator[Finding]:
    endpoints = endpoints_for(calls.service, calls.place.vpc, stack)
    # What Lambda calls for the function needs no way from here; an endpoint that is there should still work.
    if not any(True for _ in calls.statements()) or not (endpoints or needed):
        return
    found = []
    for endpoint in endpoints:
        obstacle = next(obstacles(endpoint, calls, stack), None)
        if obstacle is None:
            return
        found.append(obstacle)
    if needed and not any(obstacle.in_the_way for obstacle in found) and has_way_out(calls.place, stack):
        if lets_through(calls.place.groups, "egress", stack, ranges=["0.0.0.0/0"]):
            return
        found = [Obstacle(f"no security group of {calls.function.address} lets HTTPS out to the internet", _OPEN)]
    if not found:
        problem = f"its VPC has no endpoint for {calls.service} and no route out"
        found = [Obstacle(problem, f"Add an {ENDPOINT} for {calls.service}.")]
    yield _finding(
        calls.function,
        "error" if needed else "warning",
        f"Its role allows calls of {calls.service}, but {found[0].problem}.",
        found[0].remedy,
    )


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
