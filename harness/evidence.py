"""What is needed to understand a failure, gathered into one folder: never a secret, never all of it in memory."""

import json
import shutil
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from harness.deployment import Deployment
from harness.probes import alarm_changes
from harness.redaction import redacted

type Json = Any

_METRICS = ("AWS/Lambda", "AWS/SQS", "TransactionPipeline")
_PERIOD_SECONDS = 60


def gather(deployment: Deployment, folder: Path, *, since: datetime) -> Path:
    """Write plan, apply log, state, logs, alarm history and metrics into a folder, as far as each can be had.

    Args:
        deployment: What failed a test.
        folder: Made anew.
        since: When the test began; logs, alarms and metrics from then on.

    Returns:
        The folder.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    terraform, target, suffix = deployment.terraform, deployment.target, deployment.run.suffix
    pieces: dict[str, Callable[[], str]] = {
        "plan.txt": lambda: str(terraform.plan()),
        "apply.log": (terraform.folder / "terraform.log").read_text,
        "state.json": lambda: _pretty(redacted(terraform.state())),
        "localstack.log": lambda: target.log_file.read_text() if target.log_file else "no log: not our LocalStack\n",
        "alarms.json": lambda: _pretty(list(_alarm_history(deployment, suffix, since))),
        "metrics.json": lambda: _pretty(list(_metrics(deployment, since))),
        "function.log": lambda: "".join(_function_log(deployment, suffix, since)),
    }
    for name, piece in pieces.items():
        try:
            text = piece()
        except Exception as error:  # noqa: BLE001 - one piece that cannot be had must not cost the others
            text = f"could not be had: {error}\n"
        (folder / name).write_text(text)
    return folder


def _alarm_history(deployment: Deployment, suffix: str, since: datetime) -> Iterable[Json]:
    for change in alarm_changes(deployment.target.client("cloudwatch")):
        if change.alarm.endswith(suffix) and change.at >= since.replace(microsecond=0):
            yield {"at": change.at, "alarm": change.alarm, "what": change.summary}


def _metrics(deployment: Deployment, since: datetime) -> Iterable[Json]:
    cloudwatch = deployment.target.client("cloudwatch")
    for namespace in _METRICS:
        for page in cloudwatch.get_paginator("list_metrics").paginate(Namespace=namespace):
            for metric in page["Metrics"]:
                answer = cloudwatch.get_metric_statistics(
                    Namespace=namespace,
                    MetricName=metric["MetricName"],
                    Dimensions=metric["Dimensions"],
                    StartTime=since,
                    EndTime=_now(),
                    Period=_PERIOD_SECONDS,
                    Statistics=["Sum", "Maximum"],
                )
                yield {"metric": metric, "datapoints": answer["Datapoints"]}


def _function_log(deployment: Deployment, suffix: str, since: datetime) -> Iterable[str]:
    logs = deployment.target.client("logs")
    groups = logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix="/aws/lambda/")
    for name in (group["logGroupName"] for page in groups for group in page["logGroups"]):
        if name.endswith(suffix):
            pages = logs.get_paginator("filter_log_events").paginate(
                logGroupName=name, startTime=int(since.timestamp() * 1000)
            )
            for page in pages:
                yield from (f"{name} {event['message'].rstrip()}\n" for event in page["events"])


def _pretty(value: Json) -> str:
    return json.dumps(value, indent=2, default=str) + "\n"


def _now() -> datetime:
    return datetime.now(UTC)
