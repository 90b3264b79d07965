"""Functions in a VPC that cannot reach what their roles let them call."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from terraform_guardrails import Finding

type Found = Callable[[str, dict[str, Any]], list[Finding]]
type Change = Callable[[dict[str, Any]], object]

NAME = "network-path"
FUNCTION = "aws_lambda_function.f"
SERVICE = "com.amazonaws.${data.aws_region.current.name}"
HTTPS = {"ip_protocol": "tcp", "from_port": 443, "to_port": 443}


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Statement": [{"Effect": "Allow", **statement} for statement in statements]})


def stack() -> dict[str, Any]:
    """A sound function: the table through a gateway, secrets through an interface, nothing else."""
    in_vpc = {"vpc_id": "${aws_vpc.v.id}"}
    return {
        "aws_dynamodb_table": {"t": {"name": "orders-dev"}},
        "aws_iam_role": {"r": {"name": "orders-role-dev"}},
        "aws_iam_role_policy": {
            "p": {
                "role": "${aws_iam_role.r.id}",
                "policy": policy(
                    {"Action": ["dynamodb:PutItem"], "Resource": "${aws_dynamodb_table.t.arn}"},
                    {"Action": ["secretsmanager:GetSecretValue"], "Resource": "arn:aws:secretsmanager:*:*:secret:s"},
                    {"Action": ["logs:PutLogEvents", "ec2:CreateNetworkInterface"], "Resource": "*"},
                ),
            }
        },
        "aws_lambda_function": {
            "f": {
                "function_name": "orders-dev",
                "role": "${aws_iam_role.r.arn}",
                "vpc_config": {
                    "subnet_ids": ["${aws_subnet.a.id}", "${aws_subnet.b.id}"],
                    "security_group_ids": ["${aws_security_group.f.id}"],
                },
            }
        },
        "aws_route_table": {"r": {**in_vpc}},
        "aws_route_table_association": {
            "a": {"subnet_id": "${aws_subnet.a.id}", "route_table_id": "${aws_route_table.r.id}"},
            "b": {"subnet_id": "${aws_subnet.b.id}", "route_table_id": "${aws_route_table.r.id}"},
        },
        "aws_security_group": {"e": {"name": "e-dev", **in_vpc}, "f": {"name": "f-dev", **in_vpc}},
        "aws_subnet": {"a": {"cidr_block": "10.0.1.0/24", **in_vpc}, "b": {"cidr_block": "10.0.2.0/24", **in_vpc}},
        "aws_vpc": {"v": {"cidr_block": "10.0.0.0/16", "enable_dns_hostnames": True}},
        "aws_vpc_endpoint": {
            "g": {
                "service_name": f"{SERVICE}.dynamodb",
                "route_table_ids": ["${aws_route_table.r.id}"],
                **in_vpc,
            },
            "i": {
                "service_name": f"{SERVICE}.secretsmanager",
                "vpc_endpoint_type": "Interface",
                "private_dns_enabled": True,
                "subnet_ids": ["${aws_subnet.a.id}"],
                "security_group_ids": ["${aws_security_group.e.id}"],
                **in_vpc,
            },
        },
        "aws_vpc_security_group_egress_rule": {
            "table": {
                "security_group_id": "${aws_security_group.f.id}",
                "prefix_list_id": "${aws_vpc_endpoint.g.prefix_list_id}",
                **HTTPS,
            },
            "vpc": {"security_group_id": "${aws_security_group.f.id}", "cidr_ipv4": "10.0.0.0/16", **HTTPS},
        },
        "aws_vpc_security_group_ingress_rule": {
            "function": {
                "security_group_id": "${aws_security_group.e.id}",
                "referenced_security_group_id": "${aws_security_group.f.id}",
                **HTTPS,
            }
        },
    }


def changed(type_: str, name: str, **change: object) -> Change:
    return lambda resources: resources[type_][name].update(change)


def gateway(**change: object) -> Change:
    return changed("aws_vpc_endpoint", "g", **change)


def interface(**change: object) -> Change:
    return changed("aws_vpc_endpoint", "i", **change)


def egress(name: str, **change: object) -> Change:
    return changed("aws_vpc_security_group_egress_rule", name, **change)


def ingress(**change: object) -> Change:
    return changed("aws_vpc_security_group_ingress_rule", "function", **change)


def group(name: str, **change: object) -> Change:
    return changed("aws_security_group", name, **change)


def without(type_: str, name: str) -> Change:
    return lambda resources: resources[type_].pop(name)


def beside(**resources: dict[str, Any]) -> Change:
    return lambda others: others.update(resources)


def both(*changes: Change) -> Change:
    return lambda resources: [change(resources) for change in changes]


def role(*statements: dict[str, Any]) -> Change:
    return changed("aws_iam_role_policy", "p", policy=policy(*statements))


NO_RULES = both(
    without("aws_vpc_security_group_egress_rule", "table"), without("aws_vpc_security_group_egress_rule", "vpc")
)
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
INLINE_HTTPS = {"protocol": "tcp", "from_port": 443, "to_port": 443}

UNREACHABLE: dict[str, tuple[Change, str]] = {
    "no endpoint": (without("aws_vpc_endpoint", "i"), "no endpoint for secretsmanager and no route out"),
    "an endpoint of another VPC": (interface(vpc_id="${aws_vpc.other.id}"), "no endpoint for secretsmanager"),
    "no route to the gateway": (gateway(route_table_ids=[]), "not every route table of its subnets leads to"),
    "a route for one subnet only": (
        both(
            beside(aws_route_table={"r": {}, "s": {}}),
            changed("aws_route_table_association", "b", route_table_id="${aws_route_table.s.id}"),
        ),
        "not every route table",
    ),
    "egress to the VPC only": (
        without("aws_vpc_security_group_egress_rule", "table"),
        "no security group lets HTTPS out to the prefix list of aws_vpc_endpoint.g",
    ),
    "egress to the prefix list only": (
        without("aws_vpc_security_group_egress_rule", "vpc"),
        "no security group of the function lets HTTPS out to aws_vpc_endpoint.i",
    ),
    "egress on another port": (egress("vpc", from_port=80, to_port=80), "lets HTTPS out to aws_vpc_endpoint.i"),
    "egress over UDP": (egress("vpc", ip_protocol="udp"), "lets HTTPS out to aws_vpc_endpoint.i"),
    "egress to another range": (egress("vpc", cidr_ipv4="10.1.0.0/16"), "lets HTTPS out to aws_vpc_endpoint.i"),
    "no ingress": (
        without("aws_vpc_security_group_ingress_rule", "function"),
        "no security group of aws_vpc_endpoint.i lets HTTPS in from the function",
    ),
    "ingress from another group": (
        ingress(referenced_security_group_id="${aws_security_group.e.id}"),
        "lets HTTPS in from the function",
    ),
    "ingress from one subnet of two": (
        ingress(referenced_security_group_id=None, cidr_ipv4="10.0.1.0/24"),
        "lets HTTPS in from the function",
    ),
    "no private DNS": (interface(private_dns_enabled=False), "has no private DNS"),
    "no DNS hostnames": (changed("aws_vpc", "v", enable_dns_hostnames=False), "gives no DNS hostnames"),
    "a policy for another table": (
        gateway(policy=policy({"Principal": "*", "Action": "dynamodb:*", "Resource": "arn:aws:dynamodb:*:*:table/x"})),
        "the policy of aws_vpc_endpoint.g does not let dynamodb:PutItem through",
    ),
    "a policy for another action": (
        gateway(policy=policy({"Principal": "*", "Action": "dynamodb:GetItem", "Resource": "*"})),
        "the policy of aws_vpc_endpoint.g does not let dynamodb:PutItem through",
    ),
    "a NAT gateway behind a closed group": (
        both(NAT, without("aws_vpc_endpoint", "i")),
        "no security group of aws_lambda_function.f lets HTTPS out to the internet",
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
        "no endpoint for secretsmanager and no route out",
    ),
}

REACHABLE: dict[str, Change] = {
    "as it is": both(),
    "no VPC": lambda resources: resources["aws_lambda_function"]["f"].pop("vpc_config"),
    "egress to everything, inline": both(
        NO_RULES,
        NAT,
        group("f", egress=[{"protocol": "-1", "from_port": 0, "to_port": 0, "cidr_blocks": ["0.0.0.0/0"]}]),
    ),
    "egress to the group of the endpoint": egress(
        "vpc", cidr_ipv4=None, referenced_security_group_id="${aws_security_group.e.id}"
    ),
    "egress in blocks": both(
        NO_RULES,
        group(
            "f",
            egress=[
                {"prefix_list_ids": ["${aws_vpc_endpoint.g.prefix_list_id}"], **INLINE_HTTPS},
                {"security_groups": ["${aws_security_group.e.id}"], **INLINE_HTTPS},
            ],
        ),
    ),
    "egress in rules of the old kind": both(
        NO_RULES,
        beside(
            aws_security_group_rule={
                "table": {
                    "type": "egress",
                    "security_group_id": "${aws_security_group.f.id}",
                    "prefix_list_ids": ["${data.aws_prefix_list.d.id}"],
                    **INLINE_HTTPS,
                },
                "vpc": {
                    "type": "egress",
                    "security_group_id": "${aws_security_group.f.id}",
                    "cidr_blocks": ["${aws_vpc.v.cidr_block}"],
                    **INLINE_HTTPS,
                },
            }
        ),
    ),
    "ingress from the VPC": ingress(referenced_security_group_id=None, cidr_ipv4="${aws_vpc.v.cidr_block}"),
    "one group for both, open to itself": both(
        interface(security_group_ids=["${aws_security_group.f.id}"]),
        group("f", ingress={"self": True, **INLINE_HTTPS}),
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
    "calls that Lambda makes": role(
        {"Action": ["logs:PutLogEvents", "kms:Decrypt", "xray:PutTraceSegments"], "Resource": "*"}
    ),
    "a stream that Lambda reads": both(
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
    "a queue that Lambda sends to": both(
        role({"Action": ["sqs:SendMessage"], "Resource": "*"}),
        beside(aws_sqs_queue={"q": {"name": "q-dev"}}),
        changed("aws_lambda_function", "f", dead_letter_config={"target_arn": "${aws_sqs_queue.q.arn}"}),
    ),
}


@pytest.mark.parametrize(("change", "problem"), UNREACHABLE.values(), ids=UNREACHABLE)
def test_a_service_that_cannot_be_reached_is_found(found: Found, change: Change, problem: str) -> None:
    resources = stack()
    change(resources)

    (finding,) = found(NAME, {"resource": resources, "data": prefix_list()})

    assert (finding.severity, finding.address) == ("error", FUNCTION)
    assert problem in finding.problem


@pytest.mark.parametrize("change", REACHABLE.values(), ids=REACHABLE)
def test_a_service_that_can_be_reached_is_no_finding(found: Found, change: Change) -> None:
    resources = stack()
    change(resources)

    assert found(NAME, {"resource": resources, "data": prefix_list()}) == []


def prefix_list() -> dict[str, Any]:
    return {"aws_prefix_list": {"d": {"name": f"{SERVICE}.dynamodb"}}}


def test_a_finding_says_what_stands_in_the_way(found: Found) -> None:
    resources = stack()
    without("aws_vpc_security_group_egress_rule", "table")(resources)

    (finding,) = found(NAME, {"resource": resources})

    assert finding == Finding(
        rule=NAME,
        severity="error",
        address=FUNCTION,
        problem="Its role allows calls of dynamodb, but no security group lets HTTPS out to the prefix list of "
        "aws_vpc_endpoint.g, whose addresses are outside the VPC.",
        remedy="Add an egress rule on port 443 to ${aws_vpc_endpoint.g.prefix_list_id}.",
    )


def test_an_endpoint_that_only_lambda_would_need_is_a_warning(found: Found) -> None:
    resources = stack()
    role({"Action": ["kms:Decrypt"], "Resource": "*"})(resources)
    interface(service_name=f"{SERVICE}.kms", private_dns_enabled=False)(resources)

    (finding,) = found(NAME, {"resource": resources})

    assert finding == Finding(
        rule=NAME,
        severity="warning",
        address=FUNCTION,
        problem="Its role allows calls of kms, but aws_vpc_endpoint.i has no private DNS, so the SDK does not find it.",
        remedy="Set private_dns_enabled = true on aws_vpc_endpoint.i.",
    )


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (
            OPEN,
            "It allows egress to the whole internet, which aws_lambda_function.f has no use for.",
        ),
        (
            group("f", ingress={"protocol": "tcp", "from_port": 22, "to_port": 22, "cidr_blocks": ["0.0.0.0/0"]}),
            "It allows ingress from the whole internet, which aws_lambda_function.f has no use for.",
        ),
        (
            egress("vpc", cidr_ipv6="::/0"),
            "It allows egress to the whole internet, which aws_lambda_function.f has no use for.",
        ),
    ],
    ids=["egress", "ingress", "egress over IPv6"],
)
def test_a_group_that_is_open_to_the_internet_is_a_warning(found: Found, change: Change, problem: str) -> None:
    resources = stack()
    change(resources)

    (finding,) = found(NAME, {"resource": resources})

    assert (finding.severity, finding.address, finding.problem) == ("warning", "aws_security_group.f", problem)


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
def test_what_is_not_known_is_not_judged(
    unjudged: Callable[[str, dict[str, Any]], list[tuple[str, str]]], change: Change, reason: str
) -> None:
    resources = stack()
    change(resources)

    assert unjudged(NAME, {"resource": resources}) == [(FUNCTION, reason)]
