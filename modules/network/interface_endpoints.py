"""Private addresses of AWS services inside the VPC, each with its monthly price (docs/costs.md)."""

from collections.abc import Mapping
from dataclasses import dataclass

from cdktf_cdktf_provider_aws.vpc_endpoint import VpcEndpoint
from constructs import Construct


@dataclass(frozen=True, slots=True, kw_only=True)
class InterfaceEndpointsConfig:
    """Which services are reached, from where, and the names and policies by service."""

    region: str
    vpc_id: str
    subnet_ids: tuple[str, ...]
    security_group_id: str
    services: tuple[str, ...]
    names: Mapping[str, str]
    policies: Mapping[str, str]


class InterfaceEndpoints(Construct):
    """Endpoints under the services' usual names, in every subnet."""

    def __init__(self, scope: Construct, id_: str, config: InterfaceEndpointsConfig) -> None:
        super().__init__(scope, id_)
        for service in config.services:
            VpcEndpoint(
                self,
                service,
                vpc_endpoint_type="Interface",
                service_name=f"com.amazonaws.{config.region}.{service}",
                vpc_id=config.vpc_id,
                subnet_ids=list(config.subnet_ids),
                security_group_ids=[config.security_group_id],
                private_dns_enabled=True,
                policy=config.policies[service],
                tags={"Name": config.names[service]},
            )
