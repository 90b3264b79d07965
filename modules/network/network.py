"""The network of the pipeline: every construct of this folder, wired."""

from constructs import Construct

from modules.account import Account
from modules.arns import Arns
from modules.naming import Names
from modules.network.endpoint_policy import endpoint_policies
from modules.network.flow_logs import FlowLogs
from modules.network.gateway_endpoints import GatewayEndpoints
from modules.network.interface_endpoints import InterfaceEndpoints
from modules.network.security_groups import SecurityGroups
from modules.network.vpc import PrivateVpc
from modules.processor.role import FunctionRole
from modules.settings import Settings


class Network(Construct):
    """A private VPC, where the function reaches the services only through endpoints."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: Settings,
        names: Names,
        arns: Arns,
        account: Account,
        key_arn: str,
        role: FunctionRole,
        boundary_arn: str | None,
    ) -> None:
        super().__init__(scope, id_)
        vpc = PrivateVpc(
            self,
            "vpc",
            region=account.region,
            vpc_name=names.vpc,
            subnet_names=names.subnets,
            address_range=settings.vpc_cidr,
        )
        policies = endpoint_policies(
            {
                "dynamodb": [arns.ledger, f"{arns.ledger}/index/*"],
                "s3": [arns.quarantine_bucket, f"{arns.quarantine_bucket}/*"],
                "kinesis-streams": [arns.stream],
                "kms": [key_arn],
                "lambda": [arns.function, f"{arns.function}:*"],
                "logs": [f"{arns.function_log_group}:*"],
            },
            account_id=account.id,
        )
        endpoint_names = {service: names.endpoint(service) for service in policies}
        gateways = GatewayEndpoints(
            self,
            "gateways",
            region=account.region,
            vpc_id=vpc.id,
            route_table_id=vpc.route_table_id,
            names=endpoint_names,
            policies=policies,
        )
        groups = SecurityGroups(
            self,
            "groups",
            function_group_name=names.function_group,
            endpoint_group_name=names.endpoint_group,
            vpc_id=vpc.id,
            vpc_range=vpc.address_range,
            prefix_list_ids=gateways.prefix_list_ids,
            role_policy=role.policy,
        )
        InterfaceEndpoints(
            self,
            "interfaces",
            region=account.region,
            vpc_id=vpc.id,
            subnet_ids=vpc.subnet_ids,
            security_group_id=groups.endpoint_group_id,
            services=settings.interface_endpoints,
            names=endpoint_names,
            policies=policies,
        )
        if settings.flow_logs:
            FlowLogs(
                self,
                "flow-logs",
                vpc_id=vpc.id,
                log_group=names.flow_log_group,
                log_group_arn=arns.flow_log_group,
                log_retention_days=settings.log_retention_days,
                role_name=names.flow_log_role,
                policy_name=names.flow_log_policy,
                account=account,
                boundary_arn=boundary_arn,
                key_arn=key_arn,
            )
        self.vpc_id = vpc.id
        self.subnet_ids = vpc.subnet_ids
        self.function_group_id = groups.function_group_id
        self.egress_rules = groups.egress_rules
