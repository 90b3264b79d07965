"""The security groups: the function can connect to the endpoints, and there is no other rule."""

from collections.abc import Mapping

import cdktf
from cdktf_cdktf_provider_aws.security_group import SecurityGroup
from cdktf_cdktf_provider_aws.vpc_security_group_egress_rule import VpcSecurityGroupEgressRule
from cdktf_cdktf_provider_aws.vpc_security_group_ingress_rule import VpcSecurityGroupIngressRule
from constructs import Construct

from modules.checkov_suppressions import accept

_HTTPS = {"ip_protocol": "tcp", "from_port": 443, "to_port": 443}


class SecurityGroups(Construct):
    """One group for the function and one for the endpoints.

    AWS adds a rule to each new group that allows all egress. Terraform removes it.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        function_group_name: str,
        endpoint_group_name: str,
        vpc_id: str,
        vpc_range: str,
        prefix_list_ids: Mapping[str, str],
        role_policy: cdktf.ITerraformDependable,
    ) -> None:
        super().__init__(scope, id_)
        function = SecurityGroup(
            self,
            "function",
            name=function_group_name,
            description="The function: out to the endpoints only",
            vpc_id=vpc_id,
            # Terraform must destroy this group before the role's policy. It waits until Lambda has removed the
            # function's network interfaces, and Lambda needs the role for that.
            depends_on=[role_policy],
        )
        endpoints = SecurityGroup(
            self,
            "endpoints",
            name=endpoint_group_name,
            description="The interface endpoints: in from the function only",
            vpc_id=vpc_id,
        )
        accept(endpoints, {"CKV2_AWS_5": "INTERFACE_ENDPOINTS may be empty. An unused group costs nothing."})
        VpcSecurityGroupIngressRule(
            self,
            "from-function",
            description="HTTPS from the function",
            security_group_id=endpoints.id,
            referenced_security_group_id=function.id,
            **_HTTPS,
        )
        to_vpc = VpcSecurityGroupEgressRule(
            self,
            "to-vpc",
            description="HTTPS to the interface endpoints",
            security_group_id=function.id,
            cidr_ipv4=vpc_range,
            **_HTTPS,
        )
        # A gateway endpoint is a route to public addresses. The VPC's own range does not include them.
        # docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-ddb.html
        to_gateways = [
            VpcSecurityGroupEgressRule(
                self,
                f"to-{service}",
                description=f"HTTPS to the gateway endpoint of {service}",
                security_group_id=function.id,
                prefix_list_id=prefix_list_id,
                **_HTTPS,
            )
            for service, prefix_list_id in prefix_list_ids.items()
        ]
        self.function_group_id = function.id
        self.endpoint_group_id = endpoints.id
        self.egress_rules = (to_vpc, *to_gateways)
