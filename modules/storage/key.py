"""The customer-managed key that encrypts everything at rest, and the policy that never names a role."""

from dataclasses import dataclass

from cdktf_cdktf_provider_aws.kms_alias import KmsAlias
from cdktf_cdktf_provider_aws.kms_key import KmsKey
from constructs import Construct

from modules import iam as policy
from modules.account import Place
from modules.iam import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class EncryptionKeyConfig:
    """What the key must serve. Everything is told by name: a reference would make a cycle."""

    alias: str
    place: Place
    log_groups: tuple[str, ...]
    alarm_name_pattern: str
    deletion_window_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EncryptionKeyOutputs:
    """References to the key."""

    id: str
    arn: str


class EncryptionKey(Construct):
    """A rotated key whose policy trusts the account's own IAM policies and a few service principals."""

    def __init__(self, scope: Construct, id_: str, config: EncryptionKeyConfig) -> None:
        super().__init__(scope, id_)
        key = KmsKey(
            self,
            "key",
            description=f"Encrypts the transaction pipeline ({config.alias})",
            enable_key_rotation=True,
            deletion_window_in_days=config.deletion_window_days,
            policy=_key_policy(config),
        )
        KmsAlias(self, "alias", name=config.alias, target_key_id=key.key_id)
        self.outputs = EncryptionKeyOutputs(id=key.key_id, arn=key.arn)


def _key_policy(config: EncryptionKeyConfig) -> str:
    place = config.place
    same_account = {"StringEquals": {"aws:SourceAccount": place.account}}
    return policy.document(
        Statement(sid="AccountPoliciesDecide", principal={"AWS": place.root_arn}, actions=["kms:*"]),
        # docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
        Statement(
            sid="CloudWatchLogsEncryptsItsGroups",
            principal={"Service": f"logs.{place.region}.amazonaws.com"},
            actions=["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
            conditions={
                "ArnEquals": {
                    "kms:EncryptionContext:aws:logs:arn": [
                        place.arn("logs", f"log-group:{group}") for group in config.log_groups
                    ]
                }
            },
        ),
        # An alarm that may not use the topic's key still goes to ALARM, and its message is silently dropped.
        Statement(
            sid="AlarmsPublishToTheTopic",
            principal={"Service": "cloudwatch.amazonaws.com"},
            actions=["kms:Decrypt", "kms:GenerateDataKey*"],
            conditions={
                **same_account,
                "ArnLike": {"aws:SourceArn": place.arn("cloudwatch", f"alarm:{config.alarm_name_pattern}")},
            },
        ),
        # Below docs.aws.amazon.com, AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html gives this
        # statement, and lists EventBridge among those that support aws:SourceArn; sns/latest/dg/sns-key-management.html
        # says that EventBridge supports neither that nor aws:SourceAccount. Where a condition is not supported, every
        # message is lost. Who may send is decided by the queue's own policy.
        Statement(
            sid="EventBridgeSendsToTheQueue",
            principal={"Service": "events.amazonaws.com"},
            actions=["kms:Decrypt", "kms:GenerateDataKey"],
        ),
        # Both work with the caller's permissions and with grants; they only look the key up as themselves.
        Statement(
            sid="StoresDescribeTheKey",
            principal={"Service": ["dynamodb.amazonaws.com", "kinesis.amazonaws.com"]},
            actions=["kms:DescribeKey"],
            conditions=same_account,
        ),
    )
