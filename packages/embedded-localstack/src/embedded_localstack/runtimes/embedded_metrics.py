"""Publishes the metrics that functions log in embedded metric format.

On AWS, CloudWatch Logs extracts them. LocalStack does not.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

import json
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

from localstack.aws.connect import connect_to

LOG = logging.getLogger(__name__)

# PutMetricData accepts at most this many.
_DATA_PER_CALL = 1000

_publisher = ThreadPoolExecutor(max_workers=1, thread_name_prefix="embedded-metrics")


def publish_later(log: str, *, account: str, region: str) -> None:
    """Publish the metrics of a log in the background, so that the invocation does not wait."""
    if '"_aws"' in log:
        _publisher.submit(_publish, log, account, region)


def metrics_in(log: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the namespace and the metric datum of each metric in a log."""
    for line in log.splitlines():
        document = _document(line)
        metadata = document.get("_aws", {})
        for directive in metadata.get("CloudWatchMetrics", []):
            for metric in directive["Metrics"]:
                for dimensions in directive.get("Dimensions") or [[]]:
                    yield directive["Namespace"], _datum(document, metadata["Timestamp"], metric, dimensions)


def _document(line: str) -> dict[str, Any]:
    if not line.startswith("{"):
        return {}
    try:
        document = json.loads(line)
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def _datum(document: dict[str, Any], timestamp: int, metric: dict[str, Any], dimensions: list[str]) -> dict[str, Any]:
    value = document[metric["Name"]]
    return {
        "MetricName": metric["Name"],
        "Timestamp": datetime.fromtimestamp(timestamp / 1000, UTC),
        "Dimensions": [{"Name": name, "Value": str(document[name])} for name in dimensions],
        "Unit": metric.get("Unit", "None"),
        "StorageResolution": metric.get("StorageResolution", 60),
        **({"Values": value} if isinstance(value, list) else {"Value": value}),
    }


def _publish(log: str, account: str, region: str) -> None:
    try:
        by_namespace: dict[str, list[dict[str, Any]]] = {}
        for namespace, datum in metrics_in(log):
            by_namespace.setdefault(namespace, []).append(datum)
        cloudwatch = connect_to(aws_access_key_id=account, region_name=region).cloudwatch
        for namespace, data in by_namespace.items():
            for first in range(0, len(data), _DATA_PER_CALL):
                cloudwatch.put_metric_data(Namespace=namespace, MetricData=data[first : first + _DATA_PER_CALL])
    except Exception:
        # A function can log anything: an invalid metric must not stop the publisher.
        LOG.exception("Cannot publish the metrics of a function's log.")
