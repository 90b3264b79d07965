"""The customer-managed key that encrypts all data at rest."""

from collections.abc import Sequence

from cdktf_cdktf_provider_aws.kms_alias import KmsAlias
from cdktf_cdktf_provider_aws.kms_key import KmsKey
from constructs import Construct

from modules.account import Account
from modules.iam import Statement, document
from modules.storage.protection import kept_unless


class EncryptionKey(Construct):
    """A rotated key. Its policy names the account and service principals, never a role.

    Every other resource depends on the key. ARNs in its policy are therefore built from names: a reference to a
    resource would be a dependency cycle.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        alias: str,
        account: Account,
        root_arn: str,
        log_group_arns: Sequence[str],
        alarms_arn: str,
        ephemeral: bool,
    ) -> None:
        super().__init__(scope, id_)
        policy = document(
            Statement(sid="AccountPoliciesDecide", principal={"AWS": root_arn}, actions=["kms:*"]),
            # docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
            Statement(
                sid="CloudWatchLogsEncryptsItsGroups",
                principal={"Service": f"logs.{account.region}.amazonaws.com"},
                actions=["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
                conditions={"ArnEquals": {"kms:EncryptionContext:aws:logs:arn": log_group_arns}},
            ),
            # Without this statement an alarm still goes to ALARM, but CloudWatch drops the message. Only the alarm's
            # history shows the error. Two sources of AWS have these conditions: the guide of SNS
            # (docs.aws.amazon.com/sns/latest/dg/sns-key-management.html) and the function
            # grantCloudWatchAlarmsTopicAccess of aws/modern-data-architecture-accelerator. Neither has one on
            # kms:EncryptionContext.
            Statement(
                sid="AlarmsPublishToTheTopic",
                principal={"Service": "cloudwatch.amazonaws.com"},
                actions=["kms:Decrypt", "kms:GenerateDataKey*"],
                conditions={
                    "StringEquals": {"aws:SourceAccount": account.id},
                    "ArnLike": {"aws:SourceArn": alarms_arn},
                },
            ),
            # AWS contradicts itself about conditions for EventBridge (below docs.aws.amazon.com):
            # AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html says that it supports
            # aws:SourceArn. sns/latest/dg/sns-key-management.html says that it supports neither aws:SourceArn nor
            # aws:SourceAccount. An unsupported condition would lose every message, so the statement has no condition.
            # The queue's own policy restricts the senders.
            Statement(
                sid="EventBridgeSendsToTheQueue",
                principal={"Service": "events.amazonaws.com"},
                actions=["kms:Decrypt", "kms:GenerateDataKey"],
            ),
            # Both encrypt with the caller's permissions or with grants. As service principals they only read the key's
            # description. docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html has no
            # condition on it.
            Statement(
                sid="StoresDescribeTheKey",
                principal={"Service": ["dynamodb.amazonaws.com", "kinesis.amazonaws.com"]},
                actions=["kms:DescribeKey"],
            ),
        )
        key = KmsKey(
            self,
            "key",
            description=f"Encrypts the transaction pipeline ({alias})",
            enable_key_rotation=True,
            deletion_window_in_days=7 if ephemeral else 30,
            policy=policy,
            lifecycle=kept_unless(ephemeral),
        )
        KmsAlias(self, "alias", name=alias, target_key_id=key.key_id)
        self.id = key.key_id
        self.arn = key.arn
