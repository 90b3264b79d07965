"""Functions in a VPC without a network path to the services that their roles allow."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from guardrails_support.network_changes import (
    NO_RULES,
    Change,
    beside,
    both,
    changed,
    egress,
    gateway,
    group,
    interface,
    without,
)
from terraform_guardrails import Finding

type Found = Callable[[str, dict[str, Any]], list[Finding]]

NAME = "network-path"
FUNCTION = "aws_lambda_function.f"
SERVICE = "com.amazonaws.${data.aws_region.current.name}"
HTTPS = {"ip_protocol": "tcp", "from_port": 443, "to_port": 443}


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Statement": [{"Effect": "Allow", **statement} for statement in statements]})


def role(*statements: dict[str, Any]) -> Change:
    return changed("aws_iam_role_policy", "p", policy=policy(*statements))


NAT = beside(
    aws_route={
        "out": {
            "route_table_id": "${aws_route_table.r.id}",
            "destination_cidr_block": "0.0.0.0/0",
            "nat_gateway_id": "${aws_nat_gateway.n.id}",
        }
    }
)
OPEN = egress("vpc", cidr_ipv4="0.0.0.0/0")

UNREACHABLE: dict[str, tuple[Change, str]] = {
    "no endpoint": (without("aws_vpc_endpoint", "i"), "no endpoint for secretsmanager and no route to the internet"),
    "an endpoint of another VPC": (interface(vpc_id="${aws_vpc.other.id}"), "no endpoint for secretsmanager"),
    "no route to the gateway": (gateway(route_table_ids=[]), "not every subnet of the function has a route to"),
    "a route for one subnet only": (
        both(
            beside(aws_route_table={"r": {}, "s": {}}),
            changed("aws_route_table_association", "b", route_table_id="${aws_route_table.s.id}"),
        ),
        "not every subnet",
    ),
    "no private DNS": (interface(private_dns_enabled=False), "private DNS is disabled on aws_vpc_endpoint.i"),
    "no DNS hostnames": (
        changed("aws_vpc", "v", enable_dns_hostnames=False),
        "DNS hostnames are disabled in aws_vpc.v",
    ),
    "a policy for another table": (
        gateway(policy=policy({"Principal": "*", "Action": "dynamodb:*", "Resource": "arn:aws:dynamodb:*:*:table/x"})),
        "the policy of aws_vpc_endpoint.g does not allow dynamodb:PutItem",
    ),
    "a policy for another action": (
        gateway(policy=policy({"Principal": "*", "Action": "dynamodb:GetItem", "Resource": "*"})),
        "the policy of aws_vpc_endpoint.g does not allow dynamodb:PutItem",
    ),
    "a NAT gateway without an egress rule": (
        both(NAT, without("aws_vpc_endpoint", "i")),
        "no security group of aws_lambda_function.f allows HTTPS egress to the internet",
    ),
    "an internet gateway": (
        both(
            without("aws_vpc_endpoint", "i"),
            changed(
                "aws_route_table",
                "r",
                route=[{"cidr_block": "0.0.0.0/0", "gateway_id": "${aws_internet_gateway.i.id}"}],
            ),
        ),
        "no endpoint for secretsmanager and no route to the internet",
    ),
}

REACHABLE: dict[str, Change] = {
    "the valid function": both(),
    "no VPC": lambda resources: resources["aws_lambda_function"]["f"].pop("vpc_config"),
    "egress to the internet in a nested block": both(
        NO_RULES,
        NAT,
        group("f", egress=[{"protocol": "-1", "from_port": 0, "to_port": 0, "cidr_blocks": ["0.0.0.0/0"]}]),
    ),
    "a gateway by association": both(
        gateway(route_table_ids=None),
        beside(
            aws_vpc_endpoint_route_table_association={
                "a": {"vpc_endpoint_id": "${aws_vpc_endpoint.g.id}", "route_table_id": "${aws_route_table.r.id}"}
            }
        ),
    ),
    "a NAT gateway": both(NAT, OPEN, without("aws_vpc_endpoint", "i")),
    "an endpoint without private DNS beside a NAT gateway": both(NAT, OPEN, interface(private_dns_enabled=False)),
    "a policy for the table": gateway(
        policy=policy(
            {
                "Principal": "*",
                "Action": "dynamodb:*",
                "Resource": "arn:aws:dynamodb:eu-west-1:${data.aws_caller_identity.c.account_id}:table/orders-dev",
            }
        )
    ),
    "a policy for the role": gateway(
        policy=policy({"Principal": {"AWS": "${aws_iam_role.r.arn}"}, "Action": "dynamodb:PutItem", "Resource": ["*"]})
    ),
    "calls by Lambda itself": role(
        {"Action": ["logs:PutLogEvents", "kms:Decrypt", "xray:PutTraceSegments"], "Resource": "*"}
    ),
    "a stream as event source": both(
        role({"Action": ["kinesis:GetRecords", "kinesis:ListShards"], "Resource": "*"}),
        beside(
            aws_kinesis_stream={"s": {"name": "s-dev"}},
            aws_lambda_event_source_mapping={
                "m": {"function_name": "orders-dev", "event_source_arn": "${aws_kinesis_stream.s.arn}"}
            },
        ),
    ),
    "a stream of another stack": both(
        role({"Action": ["kinesis:GetRecords", "kinesis:ListStreams"], "Resource": "*"}),
        beside(
            aws_lambda_event_source_mapping={
                "m": {"function_name": "orders-dev", "event_source_arn": "arn:aws:kinesis:us-east-1:1:stream/s"}
            }
        ),
    ),
    "a queue of another stack": both(
        role({"Action": ["sqs:SendMessage"], "Resource": "*"}),
        changed("aws_lambda_function", "f", dead_letter_config={"target_arn": "arn:aws:sqs:us-east-1:1:q"}),
    ),
    "a queue as dead-letter target": both(
        role({"Action": ["sqs:SendMessage"], "Resource": "*"}),
        beside(aws_sqs_queue={"q": {"name": "q-dev"}}),
        changed("aws_lambda_function", "f", dead_letter_config={"target_arn": "${aws_sqs_queue.q.arn}"}),
    ),
}


@pytest.mark.parametrize(("change", "problem"), UNREACHABLE.values(), ids=UNREACHABLE)
def test_an_unreachable_service_is_found(
    found: Found, vpc_function: dict[str, Any], change: Change, problem: str
) -> None:
    change(vpc_function)

    (finding,) = found(NAME, {"resource": vpc_function, "data": prefix_list()})

    assert (finding.severity, finding.address) == ("error", FUNCTION)
    assert problem in finding.problem


@pytest.mark.parametrize("change", REACHABLE.values(), ids=REACHABLE)
def test_a_reachable_service_is_not_a_finding(found: Found, vpc_function: dict[str, Any], change: Change) -> None:
    change(vpc_function)

    assert found(NAME, {"resource": vpc_function, "data": prefix_list()}) == []


def prefix_list() -> dict[str, Any]:
    return {"aws_prefix_list": {"d": {"name": f"{SERVICE}.dynamodb"}}}


def test_the_finding_names_the_missing_rule(found: Found, vpc_function: dict[str, Any]) -> None:
    without("aws_vpc_security_group_egress_rule", "table")(vpc_function)

    (finding,) = found(NAME, {"resource": vpc_function})

    assert finding == Finding(
        rule=NAME,
        severity="error",
        address=FUNCTION,
        problem="The role of the function allows calls to dynamodb, but no security group allows HTTPS egress to the "
        "prefix list of aws_vpc_endpoint.g, whose addresses are outside the VPC.",
        remedy="Add an egress rule on port 443 to ${aws_vpc_endpoint.g.prefix_list_id}.",
    )


def test_a_broken_endpoint_for_calls_by_lambda_is_a_warning(found: Found, vpc_function: dict[str, Any]) -> None:
    role({"Action": ["kms:Decrypt"], "Resource": "*"})(vpc_function)
    interface(service_name=f"{SERVICE}.kms", private_dns_enabled=False)(vpc_function)

    (finding,) = found(NAME, {"resource": vpc_function})

    assert finding == Finding(
        rule=NAME,
        severity="warning",
        address=FUNCTION,
        problem="The role of the function allows calls to kms, but private DNS is disabled on aws_vpc_endpoint.i, "
        "so the AWS SDK does not use it.",
        remedy="Set private_dns_enabled = true on aws_vpc_endpoint.i.",
    )


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (
            changed(
                "aws_lambda_function",
                "f",
                vpc_config={"subnet_ids": "${var.subnets}", "security_group_ids": ["${aws_security_group.f.id}"]},
            ),
            "subnet_ids is not known before apply",
        ),
        (
            changed("aws_subnet", "a", vpc_id="${data.aws_vpc.v.id}"),
            "data.aws_vpc.v.id is not known before apply",
        ),
        (
            without("aws_route_table_association", "a"),
            "the route table of aws_subnet.a is not known before apply",
        ),
        (
            beside(aws_network_acl={"n": {"vpc_id": "${aws_vpc.v.id}"}}),
            "the effect of aws_network_acl.n is not known before apply",
        ),
        (egress("vpc", cidr_ipv4="${var.range}"), "var.range is not known before apply"),
        (
            interface(service_name=f"{SERVICE}.${{each.key}}"),
            SERVICE[:-1] + "}.${each.key} is not known before apply",
        ),
    ],
    ids=["the subnets", "the VPC", "the route table", "a network ACL", "a range", "the service"],
)
def test_an_unknown_value_makes_the_check_inconclusive(
    inconclusive: Callable[[str, dict[str, Any]], list[tuple[str, str]]],
    vpc_function: dict[str, Any],
    change: Change,
    reason: str,
) -> None:
    change(vpc_function)

    assert inconclusive(NAME, {"resource": vpc_function}) == [(FUNCTION, reason)]
