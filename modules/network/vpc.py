"""The VPC: three private subnets in three Availability Zones, without internet access."""

from collections.abc import Sequence
from ipaddress import IPv4Network
from itertools import islice

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

_SUBNET_PREFIX_LENGTH = 24
# AWS advises against this zone for functions, because its capacity for them is limited.
# docs.aws.amazon.com/lambda/latest/dg/configuration-vpc-endpoints.html
_ZONES_WITHOUT_LAMBDA = ("use1-az3",)


class PrivateVpc(Construct):
    """A VPC without internet or NAT gateway. Its default security group has no rules."""

    def __init__(
        self, scope: Construct, id_: str, *, region: str, vpc_name: str, subnet_names: Sequence[str], address_range: str
    ) -> None:
        super().__init__(scope, id_)
        zones = self._find_zones(region)
        enough_zones = cdktf.Precondition(
            condition=cdktf.Op.gte(cdktf.Fn.length_of(zones), len(subnet_names)),
            error_message="This Region has fewer than three Availability Zones that this account can use for functions."
            " Choose another Region.",
        )
        vpc = Vpc(
            self,
            "vpc",
            cidr_block=address_range,
            # The endpoints' private DNS names need both.
            enable_dns_support=True,
            enable_dns_hostnames=True,
            tags={"Name": vpc_name},
            # element() wraps around, and an endpoint cannot have two subnets in one zone.
            lifecycle=cdktf.TerraformResourceLifecycle(precondition=[enough_zones]),
        )
        accept(vpc, {"CKV2_AWS_11": "FLOW_LOGS may be false to save costs."})
        # Without rules here, the provider removes those that AWS creates.
        DefaultSecurityGroup(self, "closed", vpc_id=vpc.id)
        routes = RouteTable(self, "routes", vpc_id=vpc.id, tags={"Name": vpc_name})
        self.id = vpc.id
        self.address_range = address_range
        self.route_table_id = routes.id
        self.subnet_ids: list[str] = []
        ranges = subnet_ranges(address_range)
        for number, name in enumerate(subnet_names, start=1):
            subnet = Subnet(
                self,
                f"private-{number}",
                vpc_id=vpc.id,
                cidr_block=ranges[number],
                availability_zone=cdktf.Fn.element(zones, number - 1),
                tags={"Name": name},
                # A zone that AWS adds later must not replace a subnet.
                lifecycle=cdktf.TerraformResourceLifecycle(ignore_changes=["availability_zone"]),
            )
            RouteTableAssociation(self, f"route-{number}", subnet_id=subnet.id, route_table_id=routes.id)
            self.subnet_ids.append(subnet.id)

    def _find_zones(self, region: str) -> list[str]:
        # Local Zones and Wavelength Zones have longer names. They support neither Lambda nor these endpoints.
        names = [f"{region}{letter}" for letter in "abcdef"]
        zones = DataAwsAvailabilityZones(
            self,
            "zones",
            state="available",
            exclude_zone_ids=list(_ZONES_WITHOUT_LAMBDA),
            filter=[DataAwsAvailabilityZonesFilter(name="zone-name", values=names)],
        )
        return list(zones.names)


def subnet_ranges(address_range: str) -> list[str]:
    """Return the ranges of subnets that fit into the VPC: /24, or a quarter of a VPC that is smaller than /22."""
    network = IPv4Network(address_range)
    prefix_length = max(_SUBNET_PREFIX_LENGTH, network.prefixlen + 2)
    return [str(subnet) for subnet in islice(network.subnets(new_prefix=prefix_length), 4)]
