"""Where the function runs: a closed VPC, and from it the ways to AWS that the function needs."""

from collections.abc import Sequence
from dataclasses import dataclass

import cdktf
from constructs import Construct

from modules.account import Place
from modules.naming import Names
from modules.network.endpoint_policy import endpoint_policies
from modules.network.flow_logs import FlowLogs, FlowLogsConfig
from modules.network.gateway_endpoints import GATEWAY_SERVICES, GatewayEndpoints, GatewayEndpointsConfig
from modules.network.interface_endpoints import InterfaceEndpoints, InterfaceEndpointsConfig
from modules.network.security_groups import SecurityGroups, SecurityGroupsConfig
from modules.network.vpc import PrivateVpc, PrivateVpcConfig


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkConfig:
    """What the caller decides."""

    names: Names
    place: Place
    key_arn: str
    interface_endpoints: tuple[str, ...]
    boundary_arn: str | None
    flow_logs: bool
    log_retention_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkOutputs:
    """References to the VPC; the function reaches nothing before the `ways_out` are there."""

    vpc_id: str
    subnet_ids: tuple[str, ...]
    function_group_id: str
    ways_out: tuple[cdktf.ITerraformDependable, ...]


class Network(Construct):
    """The VPC, its endpoints, who may connect to whom, and a log of what was refused."""

    def __init__(
        self, scope: Construct, id_: str, config: NetworkConfig, *, after: Sequence[cdktf.ITerraformDependable]
    ) -> None:
        super().__init__(scope, id_)
        names, place = config.names, config.place
        vpc = PrivateVpc(
            self,
            "vpc",
            PrivateVpcConfig(region=place.region, vpc_name=names.vpc, subnet_names=names.subnets),
        ).outputs
        endpoint_names = {
            service: names.endpoint(service) for service in (*GATEWAY_SERVICES, *config.interface_endpoints)
        }
        policies = endpoint_policies(names, place, key_arn=config.key_arn)
        gateways = GatewayEndpoints(
            self,
            "gateways",
            GatewayEndpointsConfig(
                region=place.region,
                vpc_id=vpc.id,
                route_table_id=vpc.route_table_id,
                names=endpoint_names,
                policies=policies,
            ),
        ).outputs
        groups = SecurityGroups(
            self,
            "groups",
            SecurityGroupsConfig(
                function_group_name=names.function_group,
                endpoint_group_name=names.endpoint_group,
                vpc_id=vpc.id,
                vpc_range=vpc.address_range,
                prefix_list_ids=gateways.prefix_list_ids,
            ),
            after=after,
        ).outputs
        InterfaceEndpoints(
            self,
            "interfaces",
            InterfaceEndpointsConfig(
                region=place.region,
                vpc_id=vpc.id,
                subnet_ids=vpc.subnet_ids,
                security_group_id=groups.endpoint_group_id,
                services=config.interface_endpoints,
                names=endpoint_names,
                policies=policies,
            ),
        )
        if config.flow_logs:
            FlowLogs(
                self,
                "flow-logs",
                FlowLogsConfig(
                    vpc_id=vpc.id,
                    log_group=names.flow_log_group,
                    log_retention_days=config.log_retention_days,
                    role_name=names.flow_log_role,
                    boundary_arn=config.boundary_arn,
                    key_arn=config.key_arn,
                    place=place,
                ),
            )
        self.outputs = NetworkOutputs(
            vpc_id=vpc.id,
            subnet_ids=vpc.subnet_ids,
            function_group_id=groups.function_group_id,
            ways_out=groups.egress_rules,
        )
