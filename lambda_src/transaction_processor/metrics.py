"""The counts of an invocation as CloudWatch metrics, by a line in its log.

Embedded metric format needs no call, no endpoint and no permission.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

from collections.abc import Mapping

from .batch import Outcome

NAMESPACE = "TransactionPipeline"

_METRICS = {
    "TransactionsStored": Outcome.STORED,
    "TransactionsDuplicate": Outcome.DUPLICATE,
    "TransactionsRejected": Outcome.REJECTED,
    "TransactionsConflicting": Outcome.CONFLICTING,
}


def embedded_metrics(counts: Mapping[Outcome, int], *, function_name: str, timestamp: int) -> Mapping[str, object]:
    """Return the fields that the line must have; `timestamp` is in epoch milliseconds."""
    declaration = {
        "Namespace": NAMESPACE,
        "Dimensions": [["FunctionName"]],
        "Metrics": [{"Name": name, "Unit": "Count"} for name in _METRICS],
    }
    return {
        "_aws": {"Timestamp": timestamp, "CloudWatchMetrics": [declaration]},
        "FunctionName": function_name,
        **{name: counts.get(outcome, 0) for name, outcome in _METRICS.items()},
    }
