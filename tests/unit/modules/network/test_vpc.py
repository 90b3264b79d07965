"""The VPC and its subnets."""

import pytest

from terraform_harness.template import ABSENT, Template, attribute, containing


def test_the_vpc_is_10_0_0_0_16_with_dns_support_and_hostnames(pipeline: Template) -> None:
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


@pytest.mark.parametrize("number", [1, 2, 3])
def test_there_is_a_private_subnet_in_each_of_three_zones(pipeline: Template, number: int) -> None:
    zones = pipeline.only("data.aws_availability_zones")

    subnet = pipeline.only("aws_subnet", {"cidr_block": f"10.0.{number}.0/24"})

    assert subnet["availability_zone"] == f"${{element({zones.address}.names, {number - 1})}}"
    assert subnet["tags"] == {"Name": f"transaction-private-{number}-dev"}


def test_there_are_three_subnets_and_none_gives_out_public_addresses(pipeline: Template) -> None:
    pipeline.count("aws_subnet", 3)
    pipeline.every("aws_subnet", {"map_public_ip_on_launch": ABSENT, "vpc_id": attribute("aws_vpc", "id")})


def test_the_zone_without_capacity_for_functions_is_avoided(pipeline: Template) -> None:
    pipeline.has("data.aws_availability_zones", {"exclude_zone_ids": ["use1-az3"], "state": "available"})


def test_only_the_regions_own_zones_are_chosen_from(pipeline: Template) -> None:
    region = pipeline.only("data.aws_region").address

    pipeline.has(
        "data.aws_availability_zones",
        {"filter": [{"name": "zone-name", "values": [f"${{{region}.name}}{letter}" for letter in "abcdef"]}]},
    )


def test_a_region_with_fewer_than_three_zones_is_refused_in_one_sentence(pipeline: Template) -> None:
    zones = pipeline.only("data.aws_availability_zones")

    assert pipeline.only("aws_vpc")["lifecycle"] == {
        "precondition": [
            {
                "condition": f"${{(length({zones.address}.names) >= 3)}}",
                "error_message": (
                    "The pipeline needs a Region with three zones that this account can use for functions;"
                    " choose another."
                ),
            }
        ]
    }


def test_a_zone_that_aws_adds_replaces_no_subnet(pipeline: Template) -> None:
    pipeline.every("aws_subnet", {"lifecycle": {"ignore_changes": ["availability_zone"]}})


@pytest.mark.parametrize(
    "way_out",
    [
        "aws_internet_gateway",
        "aws_nat_gateway",
        "aws_egress_only_internet_gateway",
        "aws_route",
        "aws_eip*",
        "aws_vpn_*",
    ],
)
def test_there_is_no_way_to_the_internet(any_pipeline: Template, way_out: str) -> None:
    any_pipeline.lacks(way_out)


def test_the_one_route_table_has_no_routes_of_its_own(pipeline: Template) -> None:
    pipeline.count("aws_route_table", 1)
    pipeline.has("aws_route_table", {"route": ABSENT, "vpc_id": attribute("aws_vpc", "id")})


def test_every_subnet_uses_the_route_table(pipeline: Template) -> None:
    associated = [
        pipeline.resolve(each["subnet_id"])[0].address for each in pipeline.resources("aws_route_table_association")
    ]

    assert sorted(associated) == sorted(subnet.address for subnet in pipeline.resources("aws_subnet"))
    pipeline.every("aws_route_table_association", {"route_table_id": attribute("aws_route_table", "id")})


def test_the_default_security_group_lets_nothing_pass(pipeline: Template) -> None:
    pipeline.has(
        "aws_default_security_group",
        {"vpc_id": attribute("aws_vpc", "id"), "ingress": ABSENT, "egress": ABSENT},
    )


def test_refused_connections_are_logged_to_an_encrypted_group(pipeline: Template) -> None:
    flow_log = pipeline.only("aws_flow_log", {"traffic_type": "REJECT", "vpc_id": attribute("aws_vpc", "id")})

    (group,) = pipeline.resolve(flow_log["log_destination"])

    assert group["name"] == "/aws/vpc/transaction-flow-logs-dev"
    assert group["retention_in_days"] == 90
    pipeline.has("aws_cloudwatch_log_group", {"name": group["name"], "kms_key_id": attribute("aws_kms_key", "arn")})


def test_the_flow_logs_role_is_only_for_flow_logs_of_this_account(pipeline: Template) -> None:
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


def test_the_flow_logs_role_writes_to_its_group_and_creates_none(pipeline: Template) -> None:
    account = f"${{{pipeline.only('data.aws_caller_identity').address}.account_id}}"
    region = f"${{{pipeline.only('data.aws_region').address}.name}}"
    partition = f"${{{pipeline.only('data.aws_partition').address}.partition}}"
    groups = f"arn:{partition}:logs:{region}:{account}:log-group"
    group = f"{groups}:/aws/vpc/transaction-flow-logs-dev"

    policy = pipeline.only("aws_iam_role_policy", {"role": containing("flow-logs")})

    assert policy.statements() == {
        "WriteTheGroup": {
            "Sid": "WriteTheGroup",
            "Effect": "Allow",
            "Action": ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            "Resource": [group, f"{group}:*"],
        },
        "FindTheGroup": {
            "Sid": "FindTheGroup",
            "Effect": "Allow",
            "Action": ["logs:DescribeLogGroups"],
            "Resource": [f"{groups}:*"],
        },
        "UseTheKeyForLogs": {
            "Sid": "UseTheKeyForLogs",
            "Effect": "Allow",
            "Action": ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"],
            "Resource": [f"${{{pipeline.only('aws_kms_key').address}.arn}}"],
            "Condition": {"StringEquals": {"kms:ViaService": f"logs.{region}.amazonaws.com"}},
        },
    }


def test_flow_logs_may_be_left_out(minimal: Template) -> None:
    minimal.lacks("aws_flow_log")
    minimal.count("aws_cloudwatch_log_group", 1)
