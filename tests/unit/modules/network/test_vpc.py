"""The VPC, its subnets and its flow logs."""

from collections.abc import Mapping

import pytest

from modules.network.vpc import subnet_ranges
from terraform_harness.synthesis import Synthesis
from terraform_harness.template import ABSENT, Template, attribute, containing
from tests.unit.modules.decisions import KEY, REGION, Context, arn, policy_of, role_allows


def test_vpc_is_10_0_0_0_16_with_dns_support_and_hostnames(pipeline: Template) -> None:
    pipeline.count("aws_vpc", 1)
    pipeline.has(
        "aws_vpc",
        {
            "cidr_block": "10.0.0.0/16",
            "enable_dns_support": True,
            "enable_dns_hostnames": True,
            "tags": {"Name": "transaction-vpc-dev"},
        },
    )


@pytest.mark.parametrize(
    ("vpc", "subnets"),
    [
        ("10.0.0.0/16", ["10.0.1.0/24", "10.0.2.0/24", "10.0.3.0/24"]),
        ("172.16.8.0/22", ["172.16.9.0/24", "172.16.10.0/24", "172.16.11.0/24"]),
        ("172.16.8.0/23", ["172.16.8.128/25", "172.16.9.0/25", "172.16.9.128/25"]),
        ("192.168.7.0/26", ["192.168.7.16/28", "192.168.7.32/28", "192.168.7.48/28"]),
    ],
)
def test_subnets_are_in_the_range_of_the_vpc(vpc: str, subnets: list[str]) -> None:
    assert subnet_ranges(vpc)[1:] == subnets


def test_vpc_range_is_a_setting(syntheses: Mapping[str, Synthesis]) -> None:
    template = syntheses["the smallest VPC"].template()

    template.has("aws_vpc", {"cidr_block": "192.168.7.0/26"})
    template.has("aws_vpc_security_group_egress_rule", {"cidr_ipv4": "192.168.7.0/26"})
    assert sorted(subnet["cidr_block"] for subnet in template.resources("aws_subnet")) == [
        "192.168.7.16/28",
        "192.168.7.32/28",
        "192.168.7.48/28",
    ]


@pytest.mark.parametrize("number", [1, 2, 3])
def test_private_subnet_is_in_its_own_zone(pipeline: Template, number: int) -> None:
    zones = pipeline.only("data.aws_availability_zones")

    subnet = pipeline.only("aws_subnet", {"cidr_block": f"10.0.{number}.0/24"})

    assert subnet["availability_zone"] == f"${{element({zones.address}.names, {number - 1})}}"
    assert subnet["tags"] == {"Name": f"transaction-private-{number}-dev"}


def test_three_subnets_assign_no_public_addresses(pipeline: Template) -> None:
    pipeline.count("aws_subnet", 3)
    pipeline.every("aws_subnet", {"map_public_ip_on_launch": ABSENT, "vpc_id": attribute("aws_vpc", "id")})


def test_zone_without_capacity_for_functions_is_excluded(pipeline: Template) -> None:
    pipeline.has("data.aws_availability_zones", {"exclude_zone_ids": ["use1-az3"], "state": "available"})


def test_local_and_wavelength_zones_are_excluded(pipeline: Template) -> None:
    region = pipeline.only("data.aws_region").address

    pipeline.has(
        "data.aws_availability_zones",
        {"filter": [{"name": "zone-name", "values": [f"${{{region}.name}}{letter}" for letter in "abcdef"]}]},
    )


def test_region_with_fewer_than_three_zones_is_an_error(pipeline: Template) -> None:
    zones = pipeline.only("data.aws_availability_zones")

    assert pipeline.only("aws_vpc")["lifecycle"] == {
        "precondition": [
            {
                "condition": f"${{(length({zones.address}.names) >= 3)}}",
                "error_message": (
                    "This Region has fewer than three Availability Zones that this account can use for functions."
                    " Choose another Region."
                ),
            }
        ]
    }


def test_new_zone_of_aws_does_not_replace_a_subnet(pipeline: Template) -> None:
    pipeline.every("aws_subnet", {"lifecycle": {"ignore_changes": ["availability_zone"]}})


@pytest.mark.parametrize(
    "type_",
    [
        "aws_internet_gateway",
        "aws_nat_gateway",
        "aws_egress_only_internet_gateway",
        "aws_route",
        "aws_eip*",
        "aws_vpn_*",
    ],
)
def test_vpc_has_no_route_to_the_internet(any_pipeline: Template, type_: str) -> None:
    any_pipeline.lacks(type_)


def test_only_route_table_has_no_inline_routes(pipeline: Template) -> None:
    pipeline.count("aws_route_table", 1)
    pipeline.has("aws_route_table", {"route": ABSENT, "vpc_id": attribute("aws_vpc", "id")})


def test_subnets_use_the_route_table(pipeline: Template) -> None:
    associated = [
        pipeline.resolve(each["subnet_id"])[0].address for each in pipeline.resources("aws_route_table_association")
    ]

    assert sorted(associated) == sorted(subnet.address for subnet in pipeline.resources("aws_subnet"))
    pipeline.every("aws_route_table_association", {"route_table_id": attribute("aws_route_table", "id")})


def test_default_security_group_has_no_rules(pipeline: Template) -> None:
    pipeline.has(
        "aws_default_security_group",
        {"vpc_id": attribute("aws_vpc", "id"), "ingress": ABSENT, "egress": ABSENT},
    )


def test_rejected_connections_are_logged_to_an_encrypted_group(pipeline: Template) -> None:
    flow_log = pipeline.only("aws_flow_log", {"traffic_type": "REJECT", "vpc_id": attribute("aws_vpc", "id")})

    (group,) = pipeline.resolve(flow_log["log_destination"])

    assert group["name"] == "/aws/vpc/transaction-flow-logs-dev"
    assert group["retention_in_days"] == 90
    pipeline.has("aws_cloudwatch_log_group", {"name": group["name"], "kms_key_id": attribute("aws_kms_key", "arn")})


def test_only_flow_logs_of_this_account_assume_their_role(pipeline: Template) -> None:
    account = pipeline.only("data.aws_caller_identity").address

    (role,) = pipeline.resolve(pipeline.only("aws_flow_log")["iam_role_arn"])

    assert role["name"] == "transaction-flow-logs-role-dev"
    assert role.decoded("assume_role_policy")["Statement"] == [
        {
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Principal": {"Service": "vpc-flow-logs.amazonaws.com"},
            "Condition": {"StringEquals": {"aws:SourceAccount": f"${{{account}.account_id}}"}},
        }
    ]


GROUP = arn("logs", "log-group:/aws/vpc/transaction-flow-logs-dev")
THROUGH_LOGS = {"kms:ViaService": f"logs.{REGION}.amazonaws.com"}


@pytest.mark.parametrize(
    ("action", "resource", "context", "allowed"),
    [
        ("logs:CreateLogStream", f"{GROUP}:log-stream:eni-1", {}, True),
        ("logs:PutLogEvents", f"{GROUP}:log-stream:eni-1", {}, True),
        ("logs:DescribeLogStreams", f"{GROUP}:log-stream:", {}, True),
        ("logs:DescribeLogGroups", "*", {}, True),
        ("kms:GenerateDataKey", KEY, THROUGH_LOGS, True),
        ("kms:GenerateDataKey", KEY, {}, False),
        ("logs:CreateLogGroup", GROUP, {}, False),
        ("logs:PutLogEvents", arn("logs", "log-group:/aws/lambda/transaction-processor-dev:log-stream:1"), {}, False),
    ],
)
def test_flow_logs_role_writes_only_to_its_group(
    pipeline: Template,
    action: str,
    resource: str,
    context: Context,
    allowed: bool,  # noqa: FBT001 - a column of the table
) -> None:
    policy = policy_of(pipeline, pipeline.only("aws_iam_role_policy", {"role": containing("flow-logs")}))

    assert role_allows(policy, action, resource, context) is allowed


def test_flow_logs_are_a_setting(minimal: Template) -> None:
    minimal.lacks("aws_flow_log")
    minimal.count("aws_cloudwatch_log_group", 1)
