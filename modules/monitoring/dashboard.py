"""The dashboard: alarm states, transactions by outcome, and each alarm's metric with its threshold."""

import json
from collections.abc import Collection

from cdktf_cdktf_provider_aws.cloudwatch_dashboard import CloudwatchDashboard
from constructs import Construct

from modules.monitoring.alarm import RUNBOOK, Alarm, Metric
from modules.naming import METRIC_NAMESPACE, METRICS

_PAGE_WIDTH = 24
_COLUMNS = 3
_WIDTH, _HEIGHT = _PAGE_WIDTH // _COLUMNS, 6
_STATES_HEIGHT = 3

type _Json = dict[str, object]


class Dashboard(Construct):
    """A dashboard with one graph for each alarm."""

    def __init__(
        self, scope: Construct, id_: str, *, name: str, region: str, function_name: str, alarms: Collection[Alarm]
    ) -> None:
        super().__init__(scope, id_)
        states: _Json = {"title": f"Alarms ({RUNBOOK})", "alarms": [alarm.arn for alarm in alarms]}
        outcomes: _Json = {
            "title": "Transactions by outcome",
            "region": region,
            "view": "timeSeries",
            "stacked": True,
            "stat": "Sum",
            "period": 60,
            "metrics": [[METRIC_NAMESPACE, metric, "FunctionName", function_name] for metric in METRICS],
        }
        widgets = [
            _widget("alarm", states, width=_PAGE_WIDTH, height=_STATES_HEIGHT),
            _widget("metric", outcomes, y=_STATES_HEIGHT, width=_PAGE_WIDTH),
        ]
        for position, alarm in enumerate(alarms):
            row, column = divmod(position, _COLUMNS)
            top = _STATES_HEIGHT + (row + 1) * _HEIGHT
            widgets.append(_widget("metric", _graph(alarm, region), x=column * _WIDTH, y=top))
        CloudwatchDashboard(self, "dashboard", dashboard_name=name, dashboard_body=json.dumps({"widgets": widgets}))


def _widget(
    type_: str, properties: _Json, *, x: int = 0, y: int = 0, width: int = _WIDTH, height: int = _HEIGHT
) -> _Json:
    return {"type": type_, "x": x, "y": y, "width": width, "height": height, "properties": properties}


def _graph(alarm: Alarm, region: str) -> _Json:
    return {
        "title": alarm.subject,
        "region": region,
        "view": "timeSeries",
        "stat": alarm.row.statistic,
        "period": alarm.period_seconds,
        "metrics": _lines(alarm),
        "annotations": {"horizontal": [{"label": "alarm", "value": alarm.threshold, "fill": "above"}]},
    }


def _lines(alarm: Alarm) -> list[list[object]]:
    if alarm.row.expression is None:
        return [_line(alarm, alarm.row.metric)]
    return [
        [{"id": "watched", "label": alarm.subject, "expression": alarm.row.expression}],
        *([*_line(alarm, metric), {"id": id_}] for id_, metric in alarm.row.queries.items()),
    ]


def _line(alarm: Alarm, metric: Metric) -> list[object]:
    return [metric.namespace, metric.name, *(part for pair in alarm.dimensions(metric).items() for part in pair)]
