"""One alarm for the whole pipeline."""

from collections.abc import Collection

from cdktf_cdktf_provider_aws.cloudwatch_composite_alarm import CloudwatchCompositeAlarm
from constructs import Construct

from modules.monitoring.alarm import RUNBOOK, Alarm


class PipelineHealth(Construct):
    """A composite alarm that is in ALARM while any other alarm is. It also notifies the topic when it returns to OK."""

    def __init__(self, scope: Construct, id_: str, *, name: str, alarms: Collection[Alarm], topic_arn: str) -> None:
        super().__init__(scope, id_)
        CloudwatchCompositeAlarm(
            self,
            "alarm",
            alarm_name=name,
            alarm_description=f"At least one alarm of the pipeline is in ALARM. {RUNBOOK}#{id_}",
            alarm_rule=" OR ".join(f'ALARM("{alarm.arn}")' for alarm in alarms),
            alarm_actions=[topic_arn],
            ok_actions=[topic_arn],
        )
