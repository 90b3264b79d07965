"""Who may connect to whom: the function to the endpoints, and nothing else to anything."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import cdktf
from cdktf_cdktf_provider_aws.security_group import SecurityGroup
from cdktf_cdktf_provider_aws.vpc_security_group_egress_rule import VpcSecurityGroupEgressRule
from cdktf_cdktf_provider_aws.vpc_security_group_ingress_rule import VpcSecurityGroupIngressRule
from constructs import Construct

from modules.checkov_suppressions import accept

_HTTPS = 443


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityGroupsConfig:
    """The groups' names, the VPC, and the prefix lists of its gateway endpoints by service."""

    function_group_name: str
    endpoint_group_name: str
    vpc_id: str
    vpc_range: str
    prefix_list_ids: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityGroupsOutputs:
    """References to the groups, and the rules without which the function reaches nothing."""

    function_group_id: str
    endpoint_group_id: str
    egress_rules: tuple[VpcSecurityGroupEgressRule, ...]


class SecurityGroups(Construct):
    """One group for the function and one for the endpoints. Terraform removes AWS's own rule that lets all out."""

    def __init__(
        self, scope: Construct, id_: str, config: SecurityGroupsConfig, *, after: Sequence[cdktf.ITerraformDependable]
    ) -> None:
        super().__init__(scope, id_)
        function = SecurityGroup(
            self,
            "function",
            name=config.function_group_name,
            description="The function: out to the endpoints only",
            vpc_id=config.vpc_id,
            # Destroyed before the role's policy: Lambda needs the role to remove the network interfaces for which
            # the provider waits when it deletes this group.
            depends_on=list(after),
        )
        endpoints = SecurityGroup(
            self,
            "endpoints",
            name=config.endpoint_group_name,
            description="The interface endpoints: in from the function only",
            vpc_id=config.vpc_id,
        )
        accept(endpoints, {"CKV2_AWS_5": "INTERFACE_ENDPOINTS may be empty; the group costs nothing."})
        VpcSecurityGroupIngressRule(
            self,
            "from-function",
            description="HTTPS from the function",
            security_group_id=endpoints.id,
            referenced_security_group_id=function.id,
            ip_protocol="tcp",
            from_port=_HTTPS,
            to_port=_HTTPS,
        )
        to_vpc = VpcSecurityGroupEgressRule(
            self,
            "to-vpc",
            description="HTTPS to the interface endpoints",
            security_group_id=function.id,
            cidr_ipv4=config.vpc_range,
            ip_protocol="tcp",
            from_port=_HTTPS,
            to_port=_HTTPS,
        )
        # A gateway is a route to public addresses: the VPC's own range does not cover them.
        # docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-ddb.html
        to_gateways = [
            VpcSecurityGroupEgressRule(
                self,
                f"to-{service}",
                description=f"HTTPS to the gateway endpoint of {service}",
                security_group_id=function.id,
                prefix_list_id=prefix_list_id,
                ip_protocol="tcp",
                from_port=_HTTPS,
                to_port=_HTTPS,
            )
            for service, prefix_list_id in config.prefix_list_ids.items()
        ]
        self.outputs = SecurityGroupsOutputs(
            function_group_id=function.id,
            endpoint_group_id=endpoints.id,
            egress_rules=(to_vpc, *to_gateways),
        )
