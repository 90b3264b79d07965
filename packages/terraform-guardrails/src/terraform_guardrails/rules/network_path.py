"""network-path: a function in a VPC that cannot reach an AWS service although its role allows the calls."""

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
from terraform_guardrails.network.endpoint_checks import Calls, FailedCheck, failed_checks
from terraform_guardrails.network.paths import ENDPOINT, Placement, endpoints_for, has_internet_route, placement_of
from terraform_guardrails.network.security_groups import Direction, allows_https, is_everywhere, peers_of
from terraform_guardrails.rule import Rule
from terraform_guardrails.terraform.stack import Resource, Stack

ID = "network-path"
# The endpoint of each service, by the prefix of its IAM actions.
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
# The services that Lambda, or a service that encrypts, calls with the role from outside the VPC.
_CALLED_BY_AWS = {"ec2", "kms", "logs", "xray"}
_ALSO_POLLING = {
    "aws_kinesis_stream": ("kinesis:DescribeStreamSummary", "kinesis:ListStreams", "kinesis:SubscribeToShard"),
    "aws_sqs_queue": ("sqs:ChangeMessageVisibility",),
}


def check(function: Resource, stack: Stack) -> Iterator[Finding]:
    """Find each service that a function may call but cannot reach."""
    placement = placement_of(function, stack)
    if placement is None:
        return
    yield from _check_openness(function, placement, stack)
    role = stack.target(function.value("role"), ROLE)
    if role is None:
        raise UnknownValueError(function.value("role"))
    allowed = [grant.statement for grant in grants(role, stack) if grant.statement.allows]
    by_code = _called_by_code(function, allowed, stack)
    unknown = None
    for prefix, service in _ENDPOINTS.items():
        calls = Calls(
            function=function, placement=placement, service=service, prefix=prefix, allowed=allowed, role=role
        )
        try:
            yield from _check_service(calls, stack, needed=prefix in by_code)
        except UnknownValueError as error:
            unknown = error
    if unknown is not None:
        raise unknown


def _called_by_code(function: Resource, allowed: list[Statement], stack: Stack) -> set[str]:
    """Return the prefixes of the services that the code of the function may call."""
    used = [resource for _, resource in named_in_environment(function, stack)]
    by_lambda: list[str] = []
    for mapping in mappings_of(function, stack):
        source = source_of(mapping, stack)
        for type_ in [source.type] if source else POLLING:  # a source in another stack can have any type
            by_lambda += (*POLLING[type_], *_ALSO_POLLING.get(type_, ()))
    for _, destination in destinations_of(function, stack):
        if destination is None or destination not in used:
            for type_ in [destination.type] if destination else DELIVERING:
                by_lambda += DELIVERING[type_]
    actions = {action for statement in allowed for action in statement.actions}
    by_code = {action for action in actions if not any(matches(action, known) for known in by_lambda)}
    return {action.partition(":")[0].lower() for action in by_code} - _CALLED_BY_AWS


def _check_service(calls: Calls, stack: Stack, *, needed: bool) -> Iterator[Finding]:
    endpoints = endpoints_for(calls.service, calls.placement.vpc, stack)
    # Calls by Lambda itself need no path from the VPC, but an endpoint that exists should work.
    if not any(True for _ in calls.statements()) or not (endpoints or needed):
        return
    found = []
    for endpoint in endpoints:
        failure = next(failed_checks(endpoint, calls, stack), None)
        if failure is None:
            return
        found.append(failure)
    if needed and not any(failure.blocks_fallback for failure in found) and has_internet_route(calls.placement, stack):
        if allows_https(calls.placement.groups, "egress", stack, ranges=["0.0.0.0/0"]):
            return
        problem = f"no security group of {calls.function.address} allows HTTPS egress to the internet"
        found = [FailedCheck(problem, "Add an egress rule on port 443.")]
    if not found:
        problem = f"its VPC has no endpoint for {calls.service} and no route to the internet"
        found = [FailedCheck(problem, f"Add an {ENDPOINT} for {calls.service}.")]
    yield _finding(
        calls.function,
        "error" if needed else "warning",
        f"The role of the function allows calls to {calls.service}, but {found[0].problem}.",
        found[0].remedy,
    )


def _check_openness(function: Resource, placement: Placement, stack: Stack) -> Iterator[Finding]:
    """Find security groups that are open to the internet without need."""
    for group in placement.groups:
        if _is_open(group, "ingress", stack):
            yield _open_finding(group, function, "ingress from")
        if _is_open(group, "egress", stack) and not has_internet_route(placement, stack):
            yield _open_finding(group, function, "egress to")


def _is_open(group: Resource, direction: Direction, stack: Stack) -> bool:
    return any(
        is_everywhere(each) for peers in peers_of(group, direction, stack, on_any_port=True) for each in peers.ranges
    )


def _open_finding(group: Resource, function: Resource, direction: str) -> Finding:
    return _finding(
        group,
        "warning",
        f"It allows {direction} the whole internet, but {function.address} does not need this.",
        "Allow only the security groups, prefix lists or CIDR ranges that the function needs.",
    )


def _finding(resource: Resource, severity: Severity, problem: str, remedy: str) -> Finding:
    return Finding(rule=ID, severity=severity, address=resource.address, problem=problem, remedy=remedy)


RULE = Rule(
    id=ID,
    severity="error",
    summary="a function in a VPC without a network path to a service that its role allows it to call",
    source="https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html",
    example="""\
{"resource": {
  "aws_vpc": {"vpc": {"cidr_block": "10.0.0.0/16"}},
  "aws_subnet": {"private": {"vpc_id": "${aws_vpc.vpc.id}", "cidr_block": "10.0.1.0/24"}},
  "aws_route_table": {"private": {"vpc_id": "${aws_vpc.vpc.id}"}},
  "aws_route_table_association": {"private": {
    "subnet_id": "${aws_subnet.private.id}", "route_table_id": "${aws_route_table.private.id}"}},
  "aws_security_group": {"function": {"vpc_id": "${aws_vpc.vpc.id}"}},
  "aws_iam_role": {"role": {"inline_policy": {"policy": "${data.aws_iam_policy_document.permissions.json}"}}},
  "aws_lambda_function": {"processor": {"role": "${aws_iam_role.role.arn}", "vpc_config": {
    "subnet_ids": ["${aws_subnet.private.id}"], "security_group_ids": ["${aws_security_group.function.id}"]}}}},
 "data": {"aws_iam_policy_document": {
  "permissions": {"statement": {"actions": ["dynamodb:PutItem"], "resources": ["*"]}}}}}
""",
    why="""\
A function in a VPC reaches AWS services through endpoints or a NAT gateway. The whole path must allow it: route tables,
the security groups of the function and of the endpoint, prefix lists, private DNS and the endpoint policy. If one part
is missing, the call times out.

The rule checks every service that the role allows the code to call. Lambda itself polls, delivers, logs and decrypts
from outside the VPC, so these calls need no path. An endpoint for them that does not work is a warning. A security
group that is open to the internet without need is also a warning.
""",
    remedy="Add the rule, route, endpoint or action in the finding.",
    check=check,
    types=frozenset({FUNCTION}),
)
