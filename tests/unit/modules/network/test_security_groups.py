"""The security groups and their rules."""

import json

import pytest

from terraform_harness.template import ABSENT, Template, attribute, matching

HTTPS = {"ip_protocol": "tcp", "from_port": 443, "to_port": 443}


def group(template: Template, name: object) -> str:
    return template.only("aws_security_group", {"name": name}).address


def test_function_and_endpoints_have_one_group_each(any_pipeline: Template) -> None:
    any_pipeline.count("aws_security_group", 2)
    any_pipeline.has("aws_security_group", {"name": matching("lambda-sg-(dev|prod)")})
    any_pipeline.has("aws_security_group", {"name": matching("vpc-endpoint-sg-(dev|prod)")})


def test_groups_have_no_inline_rules(pipeline: Template) -> None:
    """AWS adds a rule that allows all egress. Terraform removes it from a group without inline rules."""
    pipeline.every("aws_security_group", {"ingress": ABSENT, "egress": ABSENT, "vpc_id": attribute("aws_vpc", "id")})


def test_function_can_reach_the_vpc_over_https(pipeline: Template) -> None:
    pipeline.has(
        "aws_vpc_security_group_egress_rule",
        {
            "security_group_id": attribute(group(pipeline, "lambda-sg-dev"), "id"),
            "cidr_ipv4": "10.0.0.0/16",
            **HTTPS,
        },
    )


@pytest.mark.parametrize("service", ["dynamodb", "s3"])
def test_function_can_reach_gateway_prefix_list_over_https(any_pipeline: Template, service: str) -> None:
    gateway = any_pipeline.only("aws_vpc_endpoint", {"service_name": matching(rf".*\.{service}")})

    any_pipeline.has(
        "aws_vpc_security_group_egress_rule",
        {
            "security_group_id": attribute(group(any_pipeline, matching("lambda-sg-(dev|prod)")), "id"),
            "prefix_list_id": attribute(gateway.address, "prefix_list_id"),
            "cidr_ipv4": ABSENT,
            **HTTPS,
        },
    )


def test_function_has_no_other_egress_rule(pipeline: Template) -> None:
    pipeline.count("aws_vpc_security_group_egress_rule", 3)


def test_endpoints_allow_only_the_function_over_https(pipeline: Template) -> None:
    pipeline.count("aws_vpc_security_group_ingress_rule", 1)
    pipeline.has(
        "aws_vpc_security_group_ingress_rule",
        {
            "security_group_id": attribute(group(pipeline, "vpc-endpoint-sg-dev"), "id"),
            "referenced_security_group_id": attribute(group(pipeline, "lambda-sg-dev"), "id"),
            "cidr_ipv4": ABSENT,
            **HTTPS,
        },
    )


def test_no_rule_is_open_to_the_internet(any_pipeline: Template) -> None:
    text = json.dumps(any_pipeline.terraform)

    assert "0.0.0.0/0" not in text
    assert "::/0" not in text


def test_function_group_is_destroyed_before_the_role_policy(pipeline: Template) -> None:
    """The group can be deleted when Lambda has removed its network interfaces. Lambda needs the policy for that."""
    policy = pipeline.only("aws_iam_role_policy", {"role": attribute(role_of_function(pipeline), "name")})

    assert policy.address in pipeline.only("aws_security_group", {"name": "lambda-sg-dev"})["depends_on"]


def role_of_function(template: Template) -> str:
    return template.only("aws_iam_role", {"name": "lambda-transaction-processor-role-dev"}).address
