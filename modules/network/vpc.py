"""The VPC: three private subnets in three zones, with no way to the internet."""

from dataclasses import dataclass

import cdktf
from cdktf_cdktf_provider_aws.data_aws_availability_zones import (
    DataAwsAvailabilityZones,
    DataAwsAvailabilityZonesFilter,
)
from cdktf_cdktf_provider_aws.default_security_group import DefaultSecurityGroup
from cdktf_cdktf_provider_aws.route_table import RouteTable
from cdktf_cdktf_provider_aws.route_table_association import RouteTableAssociation
from cdktf_cdktf_provider_aws.subnet import Subnet
from cdktf_cdktf_provider_aws.vpc import Vpc
from constructs import Construct

from modules.checkov_suppressions import accept

VPC_RANGE = "10.0.0.0/16"
_SUBNET_RANGES = ("10.0.1.0/24", "10.0.2.0/24", "10.0.3.0/24")
# "You shouldn't use subnets in this availability zone" for functions: its capacity for them is limited.
# docs.aws.amazon.com/lambda/latest/dg/configuration-vpc-endpoints.html
_ZONES_WITHOUT_LAMBDA = ("use1-az3",)
_TOO_FEW_ZONES = "The pipeline needs a Region with three zones that this account can use for functions; choose another."


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateVpcConfig:
    """The Region, and the names of the VPC and of its subnets."""

    region: str
    vpc_name: str
    subnet_names: tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateVpcOutputs:
    """References to the VPC, its subnets and their route table."""

    id: str
    address_range: str
    subnet_ids: tuple[str, ...]
    route_table_id: str


class PrivateVpc(Construct):
    """A VPC without internet or NAT gateway, whose default security group lets nothing pass."""

    def __init__(self, scope: Construct, id_: str, config: PrivateVpcConfig) -> None:
        super().__init__(scope, id_)
        zones = DataAwsAvailabilityZones(
            self,
            "zones",
            state="available",
            exclude_zone_ids=list(_ZONES_WITHOUT_LAMBDA),
            # Local and wavelength zones have longer names, and neither Lambda nor these endpoints.
            filter=[
                DataAwsAvailabilityZonesFilter(
                    name="zone-name", values=[f"{config.region}{letter}" for letter in "abcdef"]
                )
            ],
        )
        vpc = Vpc(
            self,
            "vpc",
            cidr_block=VPC_RANGE,
            # Both are what makes the endpoints' private names resolve.
            enable_dns_support=True,
            enable_dns_hostnames=True,
            tags={"Name": config.vpc_name},
            # element() begins again at the first zone: an endpoint cannot have two subnets in one.
            lifecycle=cdktf.TerraformResourceLifecycle(
                precondition=[
                    cdktf.Precondition(
                        condition=cdktf.Op.gte(cdktf.Fn.length_of(zones.names), len(_SUBNET_RANGES)),
                        error_message=_TOO_FEW_ZONES,
                    )
                ]
            ),
        )
        accept(vpc, {"CKV2_AWS_11": "FLOW_LOGS may be off where every cent counts."})
        # Without rules, the provider removes those that AWS puts there.
        DefaultSecurityGroup(self, "closed", vpc_id=vpc.id)
        routes = RouteTable(self, "routes", vpc_id=vpc.id, tags={"Name": config.vpc_name})
        subnets = [
            Subnet(
                self,
                f"private-{number}",
                vpc_id=vpc.id,
                cidr_block=cidr_block,
                availability_zone=cdktf.Fn.element(zones.names, number - 1),
                tags={"Name": name},
                # A zone that AWS adds later must not move, and so replace, a subnet.
                lifecycle=cdktf.TerraformResourceLifecycle(ignore_changes=["availability_zone"]),
            )
            for number, (name, cidr_block) in enumerate(zip(config.subnet_names, _SUBNET_RANGES, strict=True), start=1)
        ]
        for number, subnet in enumerate(subnets, start=1):
            RouteTableAssociation(self, f"route-{number}", subnet_id=subnet.id, route_table_id=routes.id)
        self.outputs = PrivateVpcOutputs(
            id=vpc.id,
            address_range=VPC_RANGE,
            subnet_ids=tuple(subnet.id for subnet in subnets),
            route_table_id=routes.id,
        )
