"""The encrypted topic that every alarm notifies."""

from cdktf_cdktf_provider_aws.sns_topic import SnsTopic
from cdktf_cdktf_provider_aws.sns_topic_policy import SnsTopicPolicy
from constructs import Construct

from modules import iam


class AlarmTopic(Construct):
    """A topic that accepts messages only from this environment's alarms, and only over TLS.

    `alarms_arn` is a pattern of names. The alarms refer to the topic, so the topic cannot refer to them.
    """

    def __init__(
        self, scope: Construct, id_: str, *, name: str, key_arn: str, account_id: str, alarms_arn: str
    ) -> None:
        super().__init__(scope, id_)
        topic = SnsTopic(self, "topic", name=name, kms_master_key_id=key_arn)
        publish = iam.Statement(
            sid="AlarmsPublish",
            principal={"Service": "cloudwatch.amazonaws.com"},
            actions=["sns:Publish"],
            resources=[topic.arn],
            conditions={"StringEquals": {"aws:SourceAccount": account_id}, "ArnLike": {"aws:SourceArn": alarms_arn}},
        )
        policy = iam.document(publish, iam.deny_without_tls("sns:Publish", [topic.arn]))
        SnsTopicPolicy(self, "policy", arn=topic.arn, policy=policy)
        self.arn = topic.arn
