"""The encrypted topic that every alarm notifies."""

from dataclasses import dataclass

from cdktf_cdktf_provider_aws.sns_topic import SnsTopic
from cdktf_cdktf_provider_aws.sns_topic_policy import SnsTopicPolicy
from constructs import Construct

from modules import iam as policy
from modules.account import Place
from modules.iam import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmTopicConfig:
    """What the caller decides; the alarms are told by a pattern of their names, since they refer to the topic."""

    name: str
    key_arn: str
    place: Place
    alarm_name_pattern: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmTopicOutputs:
    """References to the topic."""

    arn: str


class AlarmTopic(Construct):
    """A topic to which only this environment's alarms may publish, and only over TLS."""

    def __init__(self, scope: Construct, id_: str, config: AlarmTopicConfig) -> None:
        super().__init__(scope, id_)
        topic = SnsTopic(self, "topic", name=config.name, kms_master_key_id=config.key_arn)
        SnsTopicPolicy(
            self,
            "policy",
            arn=topic.arn,
            policy=policy.document(
                Statement(
                    sid="AlarmsPublish",
                    principal={"Service": "cloudwatch.amazonaws.com"},
                    actions=["sns:Publish"],
                    resources=[topic.arn],
                    conditions={
                        "StringEquals": {"aws:SourceAccount": config.place.account},
                        "ArnLike": {
                            "aws:SourceArn": config.place.arn("cloudwatch", f"alarm:{config.alarm_name_pattern}")
                        },
                    },
                ),
                policy.only_over_tls("sns:Publish", [topic.arn]),
            ),
        )
        self.outputs = AlarmTopicOutputs(arn=topic.arn)
