"""Flow logs of the VPC's rejected connections, in an encrypted log group."""

from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from cdktf_cdktf_provider_aws.flow_log import FlowLog
from constructs import Construct

from modules.account import Account
from modules.checkov_suppressions import SHORT_LOG_RETENTION, accept
from modules.iam import Statement, add_role, allow_key_for_logs


class FlowLogs(Construct):
    """Only rejected connections are logged. Each deserves a look, and AWS charges for accepted ones by the GB."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        vpc_id: str,
        log_group: str,
        log_group_arn: str,
        log_retention_days: int,
        role_name: str,
        policy_name: str,
        account: Account,
        boundary_arn: str | None,
        key_arn: str,
    ) -> None:
        super().__init__(scope, id_)
        logs = CloudwatchLogGroup(
            self, "logs", name=log_group, retention_in_days=log_retention_days, kms_key_id=key_arn
        )
        accept(logs, SHORT_LOG_RETENTION)
        role, policy = add_role(
            self,
            name=role_name,
            policy_name=policy_name,
            description="Lets the VPC write its flow logs",
            service="vpc-flow-logs.amazonaws.com",
            # docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html has this condition and these actions. The
            # log group exists, so logs:CreateLogGroup is missing here.
            source={"StringEquals": {"aws:SourceAccount": account.id}},
            boundary_arn=boundary_arn,
            statements=[
                Statement(
                    sid="WriteTheGroup",
                    actions=["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
                    resources=[log_group_arn, f"{log_group_arn}:*"],
                ),
                Statement(sid="FindTheGroup", actions=["logs:DescribeLogGroups"]),
                allow_key_for_logs(key_arn=key_arn, region=account.region),
            ],
        )
        FlowLog(
            self,
            "flow-log",
            vpc_id=vpc_id,
            traffic_type="REJECT",
            log_destination=logs.arn,
            iam_role_arn=role.arn,
            max_aggregation_interval=60,
            depends_on=[policy],
        )
