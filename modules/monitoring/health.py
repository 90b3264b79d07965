"""One alarm for the whole pipeline."""

from collections.abc import Collection

from cdktf_cdktf_provider_aws.cloudwatch_composite_alarm import CloudwatchCompositeAlarm
from constructs import Construct

from modules.monitoring.alarm import RUNBOOK, Alarm


class PipelineHealth(Construct):
    """A composite alarm that is in ALARM while an alarm of the pipeline is.

    It leaves out alarms on metrics of the whole account: another system could keep them in ALARM. It also notifies the
    topic when it returns to OK.
    """

    def __init__(self, scope: Construct, id_: str, *, name: str, alarms: Collection[Alarm], topic_arn: str) -> None:
        super().__init__(scope, id_)
        account_wide = [alarm.subject for alarm in alarms if alarm.row.metric.covers_account]
        CloudwatchCompositeAlarm(
            self,
            "alarm",
            alarm_name=name,
            alarm_description="At least one alarm of the pipeline is in ALARM. Not included, because the metric covers"
            f" the whole account: {', '.join(account_wide)}. {RUNBOOK}#{id_}",
            alarm_rule=" OR ".join(f'ALARM("{alarm.arn}")' for alarm in alarms if alarm.subject not in account_wide),
            alarm_actions=[topic_arn],
            ok_actions=[topic_arn],
        )
