"""Gateway endpoints, which route traffic to DynamoDB and S3 inside AWS without charge."""

from collections.abc import Mapping

from cdktf_cdktf_provider_aws.vpc_endpoint import VpcEndpoint
from constructs import Construct


class GatewayEndpoints(Construct):
    """One endpoint for each service. It has no security group: its policy alone controls access."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        region: str,
        vpc_id: str,
        route_table_id: str,
        names: Mapping[str, str],
        policies: Mapping[str, str],
    ) -> None:
        super().__init__(scope, id_)
        endpoints = {
            service: VpcEndpoint(
                self,
                service,
                vpc_endpoint_type="Gateway",
                service_name=f"com.amazonaws.{region}.{service}",
                vpc_id=vpc_id,
                route_table_ids=[route_table_id],
                policy=policies[service],
                tags={"Name": names[service]},
            )
            for service in ("dynamodb", "s3")
        }
        self.prefix_list_ids = {service: endpoint.prefix_list_id for service, endpoint in endpoints.items()}
