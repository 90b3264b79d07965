"""One alarm that says whether anything at all is wrong."""

from dataclasses import dataclass

from cdktf_cdktf_provider_aws.cloudwatch_composite_alarm import CloudwatchCompositeAlarm
from constructs import Construct

from modules.monitoring.alarm import RUNBOOK


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineHealthConfig:
    """The alarms of which one is enough, and whom to tell."""

    subject: str
    name: str
    alarm_arns: tuple[str, ...]
    topic_arn: str


class PipelineHealth(Construct):
    """A composite alarm that is in ALARM as long as one of its children is, and tells when the last one is over."""

    def __init__(self, scope: Construct, id_: str, config: PipelineHealthConfig) -> None:
        super().__init__(scope, id_)
        CloudwatchCompositeAlarm(
            self,
            "alarm",
            alarm_name=config.name,
            alarm_description=f"Something is wrong with the pipeline. {RUNBOOK}#{config.subject}",
            alarm_rule=" OR ".join(f'ALARM("{arn}")' for arn in config.alarm_arns),
            alarm_actions=[config.topic_arn],
            ok_actions=[config.topic_arn],
        )
