"""The one line that an invocation logs: its counts, which CloudWatch also reads as metrics.

Embedded metric format needs no call, no endpoint and no permission.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

import json
from collections.abc import Mapping

from .batch import Outcome

NAMESPACE = "TransactionPipeline"

_METRICS = {
    "TransactionsStored": Outcome.STORED,
    "TransactionsDuplicate": Outcome.DUPLICATE,
    "TransactionsRejected": Outcome.REJECTED,
    "TransactionsConflicting": Outcome.CONFLICTING,
}


def summary(counts: Mapping[Outcome, int], *, function_name: str, timestamp: int, facts: Mapping[str, object]) -> str:
    """Return the line; `timestamp` is in epoch milliseconds, `facts` are further fields and no metrics."""
    declaration = {
        "Namespace": NAMESPACE,
        "Dimensions": [["FunctionName"]],
        "Metrics": [{"Name": name, "Unit": "Count"} for name in _METRICS],
    }
    return json.dumps(
        {
            "_aws": {"Timestamp": timestamp, "CloudWatchMetrics": [declaration]},
            "FunctionName": function_name,
            **{name: counts.get(outcome, 0) for name, outcome in _METRICS.items()},
            **facts,
        }
    )
