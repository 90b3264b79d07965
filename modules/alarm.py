"""One CloudWatch alarm on one metric."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from cdktf_cdktf_provider_aws.cloudwatch_metric_alarm import CloudwatchMetricAlarm
from constructs import Construct

RUNBOOK = "docs/runbook.md"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmConfig:
    """When the alarm rings, what that means, and whom it tells. It rings at the threshold and above."""

    subject: str
    name: str
    meaning: str
    namespace: str
    metric: str
    dimensions: Mapping[str, str] = field(default_factory=dict)
    statistic: Literal["Sum", "Maximum"] = "Sum"
    threshold: int
    period_seconds: int
    periods: int = 1
    # A metric that counts events is not published when there are none: silence is health.
    missing_data: Literal["ignore", "notBreaching"] = "notBreaching"
    topic_arn: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmOutputs:
    """References to the alarm."""

    name: str
    arn: str


class Alarm(Construct):
    """An alarm that tells the topic when it begins and when it is over."""

    def __init__(self, scope: Construct, id_: str, config: AlarmConfig) -> None:
        super().__init__(scope, id_)
        alarm = CloudwatchMetricAlarm(
            self,
            "alarm",
            alarm_name=config.name,
            alarm_description=f"{config.meaning} {RUNBOOK}#{config.subject}",
            namespace=config.namespace,
            metric_name=config.metric,
            dimensions=dict(config.dimensions) or None,
            statistic=config.statistic,
            comparison_operator="GreaterThanOrEqualToThreshold",
            threshold=config.threshold,
            period=config.period_seconds,
            evaluation_periods=config.periods,
            treat_missing_data=config.missing_data,
            alarm_actions=[config.topic_arn],
            ok_actions=[config.topic_arn],
        )
        self.outputs = AlarmOutputs(name=alarm.alarm_name, arn=alarm.arn)
