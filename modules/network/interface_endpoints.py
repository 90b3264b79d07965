"""Interface endpoints: private addresses of AWS services in the VPC. docs/costs.md has their monthly prices."""

from collections.abc import Mapping, Sequence

from cdktf_cdktf_provider_aws.vpc_endpoint import VpcEndpoint
from constructs import Construct


class InterfaceEndpoints(Construct):
    """One endpoint for each service, in every subnet, under the service's public DNS name."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        region: str,
        vpc_id: str,
        subnet_ids: Sequence[str],
        security_group_id: str,
        services: Sequence[str],
        names: Mapping[str, str],
        policies: Mapping[str, str],
    ) -> None:
        super().__init__(scope, id_)
        for service in services:
            VpcEndpoint(
                self,
                service,
                vpc_endpoint_type="Interface",
                service_name=f"com.amazonaws.{region}.{service}",
                vpc_id=vpc_id,
                subnet_ids=list(subnet_ids),
                security_group_ids=[security_group_id],
                private_dns_enabled=True,
                policy=policies[service],
                tags={"Name": names[service]},
            )
