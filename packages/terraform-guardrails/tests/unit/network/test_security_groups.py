"""Security groups on both sides of an endpoint decide whether a function reaches it."""

from collections.abc import Callable
from typing import Any

import pytest

from guardrails_support.network_changes import (
    NO_RULES,
    Change,
    beside,
    both,
    egress,
    group,
    ingress,
    interface,
    without,
)
from terraform_guardrails import Finding

type Found = Callable[[str, dict[str, Any]], list[Finding]]


INLINE_HTTPS = {"protocol": "tcp", "from_port": 443, "to_port": 443}

BLOCKED: dict[str, tuple[Change, str]] = {
    "egress to the VPC only": (
        without("aws_vpc_security_group_egress_rule", "table"),
        "no security group allows HTTPS egress to the prefix list of aws_vpc_endpoint.g",
    ),
    "egress to the prefix list only": (
        without("aws_vpc_security_group_egress_rule", "vpc"),
        "no security group of the function allows HTTPS egress to aws_vpc_endpoint.i",
    ),
    "egress on another port": (egress("vpc", from_port=80, to_port=80), "allows HTTPS egress to aws_vpc_endpoint.i"),
    "egress over UDP": (egress("vpc", ip_protocol="udp"), "allows HTTPS egress to aws_vpc_endpoint.i"),
    "egress to another range": (egress("vpc", cidr_ipv4="10.1.0.0/16"), "allows HTTPS egress to aws_vpc_endpoint.i"),
    "no ingress": (
        without("aws_vpc_security_group_ingress_rule", "function"),
        "no security group of aws_vpc_endpoint.i allows HTTPS ingress from the function",
    ),
    "ingress from another group": (
        ingress(referenced_security_group_id="${aws_security_group.e.id}"),
        "allows HTTPS ingress from the function",
    ),
    "ingress from one subnet of two": (
        ingress(referenced_security_group_id=None, cidr_ipv4="10.0.1.0/24"),
        "allows HTTPS ingress from the function",
    ),
}

ALLOWED: dict[str, Change] = {
    "egress to the group of the endpoint": egress(
        "vpc", cidr_ipv4=None, referenced_security_group_id="${aws_security_group.e.id}"
    ),
    "egress in nested blocks": both(
        NO_RULES,
        group(
            "f",
            egress=[
                {"prefix_list_ids": ["${aws_vpc_endpoint.g.prefix_list_id}"], **INLINE_HTTPS},
                {"security_groups": ["${aws_security_group.e.id}"], **INLINE_HTTPS},
            ],
        ),
    ),
    "egress in aws_security_group_rule": both(
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
    "one group for both that allows itself": both(
        interface(security_group_ids=["${aws_security_group.f.id}"]),
        group("f", ingress={"self": True, **INLINE_HTTPS}),
    ),
}


@pytest.mark.parametrize(("change", "problem"), BLOCKED.values(), ids=BLOCKED)
def test_a_missing_rule_of_a_security_group_is_found(
    found: Found, vpc_function: dict[str, Any], change: Change, problem: str
) -> None:
    change(vpc_function)

    (finding,) = found("network-path", {"resource": vpc_function})

    assert (finding.severity, finding.address) == ("error", "aws_lambda_function.f")
    assert problem in finding.problem


@pytest.mark.parametrize("change", ALLOWED.values(), ids=ALLOWED)
def test_each_form_of_a_security_group_rule_is_read(found: Found, vpc_function: dict[str, Any], change: Change) -> None:
    change(vpc_function)
    prefix_list = {"aws_prefix_list": {"d": {"name": "com.amazonaws.${data.aws_region.current.name}.dynamodb"}}}

    findings = found("network-path", {"resource": vpc_function, "data": prefix_list})

    assert findings == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (
            egress("vpc", cidr_ipv4="0.0.0.0/0"),
            "It allows egress to the whole internet, but aws_lambda_function.f does not need this.",
        ),
        (
            group("f", ingress={"protocol": "tcp", "from_port": 22, "to_port": 22, "cidr_blocks": ["0.0.0.0/0"]}),
            "It allows ingress from the whole internet, but aws_lambda_function.f does not need this.",
        ),
        (
            egress("vpc", cidr_ipv6="::/0"),
            "It allows egress to the whole internet, but aws_lambda_function.f does not need this.",
        ),
    ],
    ids=["egress", "ingress", "egress over IPv6"],
)
def test_a_group_open_to_the_internet_is_a_warning(
    found: Found, vpc_function: dict[str, Any], change: Change, problem: str
) -> None:
    change(vpc_function)

    (finding,) = found("network-path", {"resource": vpc_function})

    assert (finding.severity, finding.address, finding.problem) == ("warning", "aws_security_group.f", problem)
