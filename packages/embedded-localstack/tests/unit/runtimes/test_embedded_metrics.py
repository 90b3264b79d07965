import json
from datetime import UTC, datetime

from embedded_localstack.runtimes.embedded_metrics import metrics_in

_LINE = {
    "_aws": {
        "Timestamp": 1_700_000_000_000,
        "CloudWatchMetrics": [
            {
                "Namespace": "Shop",
                "Dimensions": [["FunctionName"], ["FunctionName", "Region"]],
                "Metrics": [{"Name": "Sold", "Unit": "Count"}, {"Name": "Prices", "StorageResolution": 1}],
            }
        ],
    },
    "FunctionName": "seller",
    "Region": "north",
    "Sold": 3,
    "Prices": [1.5, 2],
}


def test_metric_is_found_once_for_each_set_of_dimensions() -> None:
    log = f"START\n{json.dumps(_LINE)}\nEND\n"

    found = list(metrics_in(log))

    at = datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    by_function = [{"Name": "FunctionName", "Value": "seller"}]
    by_both = [*by_function, {"Name": "Region", "Value": "north"}]
    sold = {"MetricName": "Sold", "Timestamp": at, "Unit": "Count", "StorageResolution": 60, "Value": 3}
    prices = {"MetricName": "Prices", "Timestamp": at, "Unit": "None", "StorageResolution": 1, "Values": [1.5, 2]}
    assert found == [
        ("Shop", {**sold, "Dimensions": by_function}),
        ("Shop", {**sold, "Dimensions": by_both}),
        ("Shop", {**prices, "Dimensions": by_function}),
        ("Shop", {**prices, "Dimensions": by_both}),
    ]


def test_other_lines_are_not_metrics() -> None:
    log = '{"level": "INFO"}\n{not json "_aws"}\n["_aws"]\nplain "_aws"\n'

    assert list(metrics_in(log)) == []
