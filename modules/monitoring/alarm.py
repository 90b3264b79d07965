"""A CloudWatch alarm, built from one row of the table in `alarms.py`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from cdktf_cdktf_provider_aws.cloudwatch_metric_alarm import (
    CloudwatchMetricAlarm,
    CloudwatchMetricAlarmMetricQuery,
    CloudwatchMetricAlarmMetricQueryMetric,
)
from constructs import Construct

RUNBOOK = "docs/runbook.md"

# FILL makes a metric 0 in periods without a datapoint: a disabled mapping publishes none, and a table without throttled
# writes publishes none. docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
_COUNTED_UNLESS = "IF(FILL(unless, 0) == 0, counted, 0)"
_COUNTED_OR_ZERO = "FILL(counted, 0)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A metric, and the names of the dimensions that AWS publishes it with."""

    namespace: str
    name: str
    dimensions: tuple[str, ...] = ()

    @property
    def covers_account(self) -> bool:
        """Whether the metric is about the whole account and Region: then AWS publishes it without dimensions."""
        return not self.dimensions


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmRow:
    """The facts about one alarm. It goes to ALARM when the statistic is at or above the threshold."""

    meaning: str
    metric: Metric
    # If set, the alarm ignores periods where this metric is above 0.
    unless: Metric | None = None
    # If true, a period without a datapoint counts as 0. A late datapoint is 0 until it arrives, so `periods` must be
    # more than `datapoints_to_alarm`, or the alarm never goes to ALARM.
    fill_missing: bool = False
    statistic: Literal["Sum", "Maximum"] = "Sum"
    threshold: int = 1
    record_age_share: float | None = None  # the threshold as a share of RECORD_AGE_SECONDS
    period_seconds: int | None = None  # None: ALARM_PERIOD_SECONDS
    periods: int = 1
    datapoints_to_alarm: int | None = None  # None: all of the periods
    # AWS does not publish a count of zero events, so a period without a datapoint is normal.
    missing_data: Literal["ignore", "notBreaching"] = "notBreaching"

    @property
    def expression(self) -> str | None:
        """The metric math that the alarm evaluates instead of the metric; None if it evaluates the metric itself."""
        if self.unless is not None:
            return _COUNTED_UNLESS
        return _COUNTED_OR_ZERO if self.fill_missing else None

    @property
    def queries(self) -> Mapping[str, Metric]:
        """The metrics by their names in the expression."""
        return {"counted": self.metric} | ({} if self.unless is None else {"unless": self.unless})


class Alarm(Construct):
    """An alarm that notifies the topic when it goes to ALARM.

    It does not notify the topic when it returns to OK, because every new alarm becomes OK after a deployment.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        row: AlarmRow,
        name: str,
        dimensions: Mapping[str, str],
        period_seconds: int,
        record_age_seconds: int,
        topic_arn: str,
    ) -> None:
        super().__init__(scope, id_)
        self.subject = id_
        self.row = row
        self.period_seconds = row.period_seconds or period_seconds
        share = row.record_age_share
        self.threshold = row.threshold if share is None else int(record_age_seconds * share * 1000)
        self._dimensions = dimensions
        alarm = CloudwatchMetricAlarm(
            self,
            "alarm",
            alarm_name=name,
            alarm_description=f"{row.meaning} {RUNBOOK}#{id_}",
            comparison_operator="GreaterThanOrEqualToThreshold",
            threshold=self.threshold,
            evaluation_periods=row.periods,
            datapoints_to_alarm=row.datapoints_to_alarm,
            treat_missing_data=row.missing_data,
            alarm_actions=[topic_arn],
            **self._metrics(),
        )
        self.name = alarm.alarm_name
        self.arn = alarm.arn

    def dimensions(self, metric: Metric) -> dict[str, str]:
        """Return the dimensions of a metric with their values in this environment."""
        return {name: self._dimensions[name] for name in metric.dimensions}

    def _metrics(self) -> dict[str, object]:
        metric, expression = self.row.metric, self.row.expression
        if expression is None:
            return {
                "namespace": metric.namespace,
                "metric_name": metric.name,
                "dimensions": self.dimensions(metric) or None,
                "statistic": self.row.statistic,
                "period": self.period_seconds,
            }
        watched = CloudwatchMetricAlarmMetricQuery(
            id="watched", label=self.subject, expression=expression, return_data=True
        )
        return {"metric_query": [watched, *(self._query(id_, each) for id_, each in self.row.queries.items())]}

    def _query(self, id_: str, metric: Metric) -> CloudwatchMetricAlarmMetricQuery:
        return CloudwatchMetricAlarmMetricQuery(
            id=id_,
            metric=CloudwatchMetricAlarmMetricQueryMetric(
                namespace=metric.namespace,
                metric_name=metric.name,
                dimensions=self.dimensions(metric),
                stat=self.row.statistic,
                period=self.period_seconds,
            ),
        )
