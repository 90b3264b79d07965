"""What the VPC refused to let through, in an encrypted log group."""

from dataclasses import dataclass

from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from cdktf_cdktf_provider_aws.flow_log import FlowLog
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from constructs import Construct

from modules import iam as policy
from modules.account import Place
from modules.checkov_suppressions import LOGS_MAY_GO, accept
from modules.iam import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowLogsConfig:
    """What the caller decides."""

    vpc_id: str
    log_group: str
    log_retention_days: int
    role_name: str
    boundary_arn: str | None
    key_arn: str
    place: Place


class FlowLogs(Construct):
    """Rejected connections only: in this network each of them is worth a look, and accepted ones are priced by GB."""

    def __init__(self, scope: Construct, id_: str, config: FlowLogsConfig) -> None:
        super().__init__(scope, id_)
        logs = CloudwatchLogGroup(
            self, "logs", name=config.log_group, retention_in_days=config.log_retention_days, kms_key_id=config.key_arn
        )
        accept(logs, LOGS_MAY_GO)
        role = IamRole(
            self,
            "role",
            name=config.role_name,
            description="Lets the VPC write its flow logs",
            assume_role_policy=policy.trust("vpc-flow-logs.amazonaws.com", account=config.place.account),
            permissions_boundary=config.boundary_arn,
        )
        group_arn = config.place.arn("logs", f"log-group:{config.log_group}")
        # docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html, without the creation of groups
        permissions = IamRolePolicy(
            self,
            "policy",
            name="permissions",
            role=role.name,
            policy=policy.document(
                Statement(
                    sid="WriteTheGroup",
                    actions=["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
                    resources=[group_arn, f"{group_arn}:*"],
                ),
                Statement(
                    sid="FindTheGroup",
                    actions=["logs:DescribeLogGroups"],
                    resources=[config.place.arn("logs", "log-group:*")],
                ),
                policy.key_for_logs(config.key_arn, region=config.place.region),
            ),
        )
        FlowLog(
            self,
            "flow-log",
            vpc_id=config.vpc_id,
            traffic_type="REJECT",
            log_destination=logs.arn,
            iam_role_arn=role.arn,
            max_aggregation_interval=60,
            depends_on=[permissions],
        )
