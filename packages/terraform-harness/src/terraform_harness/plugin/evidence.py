"""Gathers what explains a failure into a folder, without the secrets that the configuration and the state name."""

import hashlib
import json
import re
import shutil
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

from terraform_harness.deployments.deployment import Deployment
from terraform_harness.deployments.store import RunStore
from terraform_harness.probes import alarm_changes
from terraform_harness.targets.embedded import embedded_log
from terraform_harness.targets.localstack import LOCALSTACK
from terraform_harness.terraform.redaction import (
    redacted,
    redacted_event,
    redactor,
    secrets_in_configuration,
    secrets_in_state,
)
from terraform_harness.terraform.resource_types import LAMBDA_LOG_GROUPS
from terraform_harness.terraform.state import texts_in

type Json = Any
type Owns = Callable[[str], bool]

_METRICS = ("AWS/DynamoDB", "AWS/Events", "AWS/Kinesis", "AWS/Lambda", "AWS/SQS")
_PERIOD_SECONDS = 60
# The part of a log without times that is kept.
_LAST_LINES = 5000
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
# File systems allow names of 255 bytes.
_LONGEST_NAME = 150
_DIGEST_LENGTH = 8
_PLAIN_ID = re.compile(r"[A-Za-z0-9]+(?:(?:_|/|::|\.py::)[A-Za-z0-9]+)*")


def folder_name(nodeid: str) -> str:
    """Return the folder name for the evidence of a test: its id in letters, digits and hyphens.

    An id with parameters or other punctuation, and a long one, end in a digest: ids that differ only there must not
    share a folder.
    """
    name = re.sub(r"[^A-Za-z0-9]+", "-", nodeid).strip("-")
    if _PLAIN_ID.fullmatch(nodeid) and len(name) <= _LONGEST_NAME:
        return name
    digest = hashlib.sha256(nodeid.encode()).hexdigest()[:_DIGEST_LENGTH]
    return f"{name[: _LONGEST_NAME - _DIGEST_LENGTH - 1]}-{digest}".strip("-")


def gather(deployment: Deployment, folder: Path, *, since: datetime, namespaces: Sequence[str] = ()) -> Path:
    """Write plan, apply log, state, logs, alarm history and metrics into a folder, each if it is available.

    Args:
        deployment: The deployment of the failed test.
        folder: Replaced if it exists.
        since: The start of the test; logs, alarms and metrics begin there.
        namespaces: The metric namespaces of the project, besides those of AWS.

    Returns:
        The folder.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    terraform, state = deployment.terraform, cache(deployment.terraform.state)
    owns = cache(lambda: _owner(deployment, state))
    pieces: dict[str, Callable[[], Iterable[str]]] = {
        "plan.txt": lambda: [str(terraform.plan())],
        "apply.log": lambda: _apply_log(terraform.log_file),
        "state.json": lambda: [_pretty(redacted(state()))],
        "localstack.log": lambda: _localstack_log(deployment, since),
        "alarms.json": lambda: [_pretty(list(_alarm_history(deployment, owns(), since)))],
        "metrics.json": lambda: [_pretty(list(_metrics(deployment, owns(), since, [*_METRICS, *namespaces])))],
        "function.log": lambda: _function_log(deployment, owns(), since),
    }
    without_secrets = redactor(_known_secrets(terraform.folder, state))
    for name, piece in pieces.items():
        with (folder / name).open("w") as file:
            try:
                for text in piece():
                    file.write(without_secrets(text))
            except Exception as error:  # noqa: BLE001 - the other pieces are written without this one
                file.write(without_secrets(f"not available: {error}\n"))
    return folder


def _known_secrets(configuration: Path, state: Callable[[], Json]) -> set[str]:
    found: set[str] = set()
    # The piece with an unreadable file reports it.
    with suppress(Exception):
        found.update(secrets_in_state(state()))
    for file in configuration.glob("*.tf.json"):
        with suppress(Exception):
            found.update(secrets_in_configuration(json.loads(file.read_text())))
    return found


def _apply_log(file: Path) -> Iterator[str]:
    with file.open(errors="replace") as lines:
        for line in lines:
            if not line.startswith("{"):
                yield line
                continue
            try:
                yield f"{json.dumps(redacted_event(json.loads(line)))}\n"
            except ValueError:
                yield "(an incomplete line is omitted)\n"


def _localstack_log(deployment: Deployment, since: datetime) -> Iterator[str]:
    # The LocalStack of a reused deployment has the log of the process that started it.
    file = deployment.target.log_file or embedded_log(deployment.run.folder / LOCALSTACK)
    if file is None or not file.exists():
        yield "no log: the harness did not start this LocalStack\n"
        return
    # LocalStack writes local time, as 2026-11-24T06:00:00.123.
    start = since.astimezone().strftime("%Y-%m-%dT%H:%M:%S")
    has_begun, before = False, deque[str](maxlen=_LAST_LINES)
    with file.open(errors="replace") as lines:
        for line in lines:
            time = _TIME.match(line)
            has_begun = has_begun or (time is not None and time[0] >= start)
            if has_begun:
                yield line
            else:
                before.append(line)
    if not has_begun:
        yield from before


def _owner(deployment: Deployment, state: Callable[[], Json]) -> Owns:
    """Return whether a name is in the plans or the state of a deployment, or has the suffix of its run as a word."""
    known = {name for _, name, _ in RunStore.of(deployment.run).created(deployment.run).names}
    with suppress(Exception):
        known |= texts_in(state())
    suffix = re.compile(rf"(?<![A-Za-z0-9]){re.escape(deployment.run.suffix)}(?![A-Za-z0-9])")
    return lambda name: name in known or suffix.search(name) is not None


def _alarm_history(deployment: Deployment, owns: Owns, since: datetime) -> Iterator[Json]:
    for region in deployment.target.regions:
        for change in alarm_changes(deployment.target.client("cloudwatch", region)):
            if owns(change.alarm) and change.at >= since.replace(microsecond=0):
                yield {"at": change.at, "alarm": change.alarm, "what": change.summary}


def _metrics(deployment: Deployment, owns: Owns, since: datetime, namespaces: Sequence[str]) -> Iterator[Json]:
    """Yield the metrics of the deployment, and those of the account, which have no dimensions."""
    for region, namespace in product(deployment.target.regions, namespaces):
        cloudwatch = deployment.target.client("cloudwatch", region)
        for page in cloudwatch.get_paginator("list_metrics").paginate(Namespace=namespace):
            for metric in page["Metrics"]:
                values = [dimension["Value"] for dimension in metric["Dimensions"]]
                if values and not any(map(owns, values)):
                    continue
                statistics = cloudwatch.get_metric_statistics(
                    Namespace=namespace,
                    MetricName=metric["MetricName"],
                    Dimensions=metric["Dimensions"],
                    StartTime=since,
                    EndTime=datetime.now(UTC),
                    Period=_PERIOD_SECONDS,
                    Statistics=["Sum", "Maximum"],
                )
                yield {"metric": metric, "datapoints": statistics["Datapoints"]}


def _function_log(deployment: Deployment, owns: Owns, since: datetime) -> Iterator[str]:
    for region in deployment.target.regions:
        logs = deployment.target.client("logs", region)
        groups = logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=LAMBDA_LOG_GROUPS)
        for name in (group["logGroupName"] for page in groups for group in page["logGroups"]):
            # A log group that Lambda made is not in the state, but its function is.
            if owns(name) or owns(name.removeprefix(LAMBDA_LOG_GROUPS)):
                start = int(since.timestamp() * 1000)
                for page in logs.get_paginator("filter_log_events").paginate(logGroupName=name, startTime=start):
                    yield from (f"{name} {event['message'].rstrip()}\n" for event in page["events"])


def _pretty(value: Json) -> str:
    return json.dumps(value, indent=2, default=str) + "\n"
