"""The free way to DynamoDB and S3: routes to their public addresses that stay inside AWS."""

from collections.abc import Mapping
from dataclasses import dataclass

from cdktf_cdktf_provider_aws.vpc_endpoint import VpcEndpoint
from constructs import Construct

GATEWAY_SERVICES = ("dynamodb", "s3")


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayEndpointsConfig:
    """Where the gateways are, and their names and policies by service."""

    region: str
    vpc_id: str
    route_table_id: str
    names: Mapping[str, str]
    policies: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayEndpointsOutputs:
    """The prefix lists behind the gateways by service: a security group has to let them out."""

    prefix_list_ids: Mapping[str, str]


class GatewayEndpoints(Construct):
    """One gateway for each service that has them. A gateway has no security group: its policy is the only control."""

    def __init__(self, scope: Construct, id_: str, config: GatewayEndpointsConfig) -> None:
        super().__init__(scope, id_)
        endpoints = {
            service: VpcEndpoint(
                self,
                service,
                vpc_endpoint_type="Gateway",
                service_name=f"com.amazonaws.{config.region}.{service}",
                vpc_id=config.vpc_id,
                route_table_ids=[config.route_table_id],
                policy=config.policies[service],
                tags={"Name": config.names[service]},
            )
            for service in GATEWAY_SERVICES
        }
        self.outputs = GatewayEndpointsOutputs(
            prefix_list_ids={service: endpoint.prefix_list_id for service, endpoint in endpoints.items()}
        )
