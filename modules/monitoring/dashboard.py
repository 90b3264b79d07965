"""The pipeline on one page: what became of the transactions, and every alarm's metric with its threshold."""

import json
from dataclasses import dataclass

from cdktf_cdktf_provider_aws.cloudwatch_dashboard import CloudwatchDashboard
from constructs import Construct

from modules.monitoring.alarm import COUNTED_UNLESS, RUNBOOK, AlarmConfig, Metric
from modules.naming import METRIC_NAMESPACE, METRICS

_COLUMNS = 3
_WIDTH, _HEIGHT = 8, 6
_PAGE_WIDTH = 24

type _Widget = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class DashboardConfig:
    """What is shown."""

    name: str
    region: str
    function_name: str
    alarms: tuple[AlarmConfig, ...]
    alarm_arns: tuple[str, ...]


class Dashboard(Construct):
    """The states of all alarms, the fate of the transactions, and one graph for each alarm."""

    def __init__(self, scope: Construct, id_: str, config: DashboardConfig) -> None:
        super().__init__(scope, id_)
        widgets = [_states(config), _fates(config), *_graphs(config)]
        CloudwatchDashboard(
            self, "dashboard", dashboard_name=config.name, dashboard_body=json.dumps({"widgets": widgets})
        )


def _states(config: DashboardConfig) -> _Widget:
    properties = {"title": f"Alarms ({RUNBOOK})", "alarms": list(config.alarm_arns)}
    return {"type": "alarm", "x": 0, "y": 0, "width": _PAGE_WIDTH, "height": 3, "properties": properties}


def _fates(config: DashboardConfig) -> _Widget:
    properties = {
        "title": "What became of the transactions",
        "region": config.region,
        "view": "timeSeries",
        "stacked": True,
        "stat": "Sum",
        "period": 60,
        "metrics": [[METRIC_NAMESPACE, fate, "FunctionName", config.function_name] for fate in METRICS],
    }
    return {"type": "metric", "x": 0, "y": 3, "width": _PAGE_WIDTH, "height": _HEIGHT, "properties": properties}


def _graphs(config: DashboardConfig) -> list[_Widget]:
    return [
        {
            "type": "metric",
            "x": position % _COLUMNS * _WIDTH,
            "y": 3 + _HEIGHT + position // _COLUMNS * _HEIGHT,
            "width": _WIDTH,
            "height": _HEIGHT,
            "properties": {
                "title": alarm.subject,
                "region": config.region,
                "view": "timeSeries",
                "stat": alarm.statistic,
                "period": alarm.period_seconds,
                "metrics": _lines(alarm),
                "annotations": {"horizontal": [{"label": "alarm", "value": alarm.threshold, "fill": "above"}]},
            },
        }
        for position, alarm in enumerate(config.alarms)
    ]


def _lines(alarm: AlarmConfig) -> list[list[object]]:
    if alarm.unless is None:
        return [_line(alarm.metric)]
    return [
        [{"id": "watched", "label": alarm.subject, "expression": COUNTED_UNLESS}],
        [*_line(alarm.metric), {"id": "counted"}],
        [*_line(alarm.unless), {"id": "unless"}],
    ]


def _line(metric: Metric) -> list[object]:
    return [metric.namespace, metric.name, *(part for pair in metric.dimensions.items() for part in pair)]
