"""One CloudWatch alarm on one metric, or on one that counts only while another is silent."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from cdktf_cdktf_provider_aws.cloudwatch_metric_alarm import (
    CloudwatchMetricAlarm,
    CloudwatchMetricAlarmMetricQuery,
    CloudwatchMetricAlarmMetricQueryMetric,
)
from constructs import Construct

RUNBOOK = "docs/runbook.md"

# Where `unless` has no datapoint it is 0 too: a mapping that is switched off publishes none.
# docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
COUNTED_UNLESS = "IF(FILL(unless, 0) == 0, counted, 0)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A metric, with the dimensions with which AWS publishes it."""

    namespace: str
    name: str
    dimensions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmConfig:
    """When the alarm rings, what that means, and whom it tells. It rings at the threshold and above.

    Where there is a metric `unless`, only those periods count in which that one is 0 or has no datapoint.
    """

    subject: str
    name: str
    meaning: str
    metric: Metric
    unless: Metric | None = None
    statistic: Literal["Sum", "Maximum"] = "Sum"
    threshold: int
    period_seconds: int
    periods: int = 1
    # How many of the periods must reach the threshold; all of them if it is not said.
    enough_periods: int | None = None
    # A metric that counts events is not published when there are none: silence is health. Nor is the age of records
    # while nobody reads them: that is no health, but the business of records-unread. CloudWatch itself decides "ignore"
    # for metrics of DynamoDB (docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html).
    missing_data: Literal["ignore", "notBreaching"] = "notBreaching"
    topic_arn: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmOutputs:
    """References to the alarm."""

    name: str
    arn: str


class Alarm(Construct):
    """An alarm that tells the topic when it begins.

    It does not tell when it is over: after a deployment every alarm becomes OK for the first time.
    """

    def __init__(self, scope: Construct, id_: str, config: AlarmConfig) -> None:
        super().__init__(scope, id_)
        alarm = CloudwatchMetricAlarm(
            self,
            "alarm",
            alarm_name=config.name,
            alarm_description=f"{config.meaning} {RUNBOOK}#{config.subject}",
            comparison_operator="GreaterThanOrEqualToThreshold",
            threshold=config.threshold,
            evaluation_periods=config.periods,
            datapoints_to_alarm=config.enough_periods,
            treat_missing_data=config.missing_data,
            alarm_actions=[config.topic_arn],
        )
        if config.unless is None:
            alarm.namespace = config.metric.namespace
            alarm.metric_name = config.metric.name
            if config.metric.dimensions:
                alarm.dimensions = dict(config.metric.dimensions)
            alarm.statistic = config.statistic
            alarm.period = config.period_seconds
        else:
            alarm.put_metric_query(
                [
                    CloudwatchMetricAlarmMetricQuery(
                        id="watched", label=config.subject, expression=COUNTED_UNLESS, return_data=True
                    ),
                    _query("counted", config.metric, config),
                    _query("unless", config.unless, config),
                ]
            )
        self.outputs = AlarmOutputs(name=alarm.alarm_name, arn=alarm.arn)


def _query(id_: str, metric: Metric, config: AlarmConfig) -> CloudwatchMetricAlarmMetricQuery:
    return CloudwatchMetricAlarmMetricQuery(
        id=id_,
        metric=CloudwatchMetricAlarmMetricQueryMetric(
            namespace=metric.namespace,
            metric_name=metric.name,
            dimensions=dict(metric.dimensions),
            stat=config.statistic,
            period=config.period_seconds,
        ),
    )
