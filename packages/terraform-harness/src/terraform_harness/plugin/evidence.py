"""What is needed to understand a failure, gathered into one folder: never a secret, as far as one can be known."""

import hashlib
import json
import re
import shutil
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any, Self

from embedded_localstack.server import log_of
from terraform_harness.deployments.deployment import Deployment
from terraform_harness.probes import alarm_changes
from terraform_harness.targets.target import LOCALSTACK
from terraform_harness.terraform.redaction import (
    blotter,
    redacted,
    redacted_event,
    secrets_in_configuration,
    secrets_in_state,
)
from terraform_harness.terraform.resource_types import LAMBDA_LOG_GROUPS
from terraform_harness.terraform.state import texts_in

type Json = Any

_METRICS = (
    "AWS/DynamoDB",
    "AWS/Events",
    "AWS/Kinesis",
    "AWS/Lambda",
    "AWS/SQS",
)
_PERIOD_SECONDS = 60
# Of a log that does not say since when.
_LAST_LINES = 5000
_STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
# A file system allows a name of 255 bytes.
_LONGEST_NAME = 150
_DIGEST_LENGTH = 8
_PLAIN_ID = re.compile(r"[A-Za-z0-9]+(?:(?:_|/|::|\.py::)[A-Za-z0-9]+)*")


def folder_name(nodeid: str) -> str:
    """A name for the folder of a test's evidence: its id in letters, digits and hyphens.

    An id with more than paths and names in it, such as parameters, and one that is too long end in a digest of the
    whole: what differs only in punctuation, or at its end, must not share a folder.
    """
    name = re.sub(r"[^A-Za-z0-9]+", "-", nodeid).strip("-")
    if _PLAIN_ID.fullmatch(nodeid) and len(name) <= _LONGEST_NAME:
        return name
    digest = hashlib.sha256(nodeid.encode()).hexdigest()[:_DIGEST_LENGTH]
    return f"{name[: _LONGEST_NAME - _DIGEST_LENGTH - 1]}-{digest}".strip("-")


def gather(deployment: Deployment, folder: Path, *, since: datetime, namespaces: Sequence[str] = ()) -> Path:
    """Write plan, apply log, state, logs, alarm history and metrics into a folder, as far as each can be had.

    Args:
        deployment: What failed a test.
        folder: Made anew.
        since: When the test began; logs, alarms and metrics from then on.
        namespaces: The metric namespaces of the project, besides those of AWS.

    Returns:
        The folder.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    terraform, state = deployment.terraform, cache(deployment.terraform.state)
    names = cache(lambda: _Names.of(deployment, state))
    pieces: dict[str, Callable[[], Iterable[str]]] = {
        "plan.txt": lambda: [str(terraform.plan())],
        "apply.log": lambda: _apply_log(terraform.log_file),
        "state.json": lambda: [_pretty(redacted(state()))],
        "localstack.log": lambda: _localstack_log(deployment, since),
        "alarms.json": lambda: [_pretty(list(_alarm_history(deployment, names(), since)))],
        "metrics.json": lambda: [_pretty(list(_metrics(deployment, names(), since, [*_METRICS, *namespaces])))],
        "function.log": lambda: _function_log(deployment, names(), since),
    }
    blotted = blotter(_known_secrets(terraform.folder, state))
    for name, piece in pieces.items():
        with (folder / name).open("w") as file:
            try:
                for text in piece():
                    file.write(blotted(text))
            except Exception as error:  # noqa: BLE001 - one piece that cannot be had must not cost the others
                file.write(blotted(f"could not be had: {error}\n"))
    return folder


def _known_secrets(configuration: Path, state: Callable[[], Json]) -> set[str]:
    found: set[str] = set()
    # What cannot be read has no secrets that could be known; that it cannot is said where it is written down.
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
                yield "(a line that was cut off is left out)\n"


def _localstack_log(deployment: Deployment, since: datetime) -> Iterator[str]:
    # A deployment that was attached to has a log as well: that of the process which started its LocalStack.
    file = deployment.target.log_file or log_of(deployment.run.folder / LOCALSTACK)
    if not file.exists():
        yield "no log: not our LocalStack\n"
        return
    # LocalStack writes local time, as 2026-11-24T06:00:00.123.
    moment = since.astimezone().strftime("%Y-%m-%dT%H:%M:%S")
    begun, before = False, deque[str](maxlen=_LAST_LINES)
    with file.open(errors="replace") as lines:
        for line in lines:
            stamp = _STAMP.match(line)
            begun = begun or (stamp is not None and stamp[0] >= moment)
            if begun:
                yield line
            else:
                before.append(line)
    if not begun:
        yield from before


@dataclass(frozen=True, slots=True, kw_only=True)
class _Names:
    """The names of what was deployed: those in the state, and those that end in the run's suffix."""

    known: frozenset[str]
    suffix: str

    @classmethod
    def of(cls, deployment: Deployment, state: Callable[[], Json]) -> Self:
        """The names of a deployment; without its state, those that its plans named."""
        known = {name for _, name, _ in deployment.run.created.names}
        with suppress(Exception):
            known |= texts_in(state())
        return cls(known=frozenset(known), suffix=deployment.run.suffix)

    def __contains__(self, name: str) -> bool:
        """Whether a name was deployed; the suffix may stand in the middle, but not as a part of a longer word."""
        suffix = re.escape(self.suffix)
        return name in self.known or re.search(rf"(?<![A-Za-z0-9]){suffix}(?![A-Za-z0-9])", name) is not None


def _alarm_history(deployment: Deployment, names: _Names, since: datetime) -> Iterator[Json]:
    for region in deployment.target.regions:
        for change in alarm_changes(deployment.target.client("cloudwatch", region)):
            if change.alarm in names and change.at >= since.replace(microsecond=0):
                yield {"at": change.at, "alarm": change.alarm, "what": change.summary}


def _metrics(deployment: Deployment, names: _Names, since: datetime, namespaces: Sequence[str]) -> Iterator[Json]:
    """The metrics of what was deployed, and those of the whole account, such as DynamoDB's UserErrors."""
    for region, namespace in product(deployment.target.regions, namespaces):
        cloudwatch = deployment.target.client("cloudwatch", region)
        for page in cloudwatch.get_paginator("list_metrics").paginate(Namespace=namespace):
            for metric in page["Metrics"]:
                values = [dimension["Value"] for dimension in metric["Dimensions"]]
                if values and not any(value in names for value in values):
                    continue
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


def _function_log(deployment: Deployment, names: _Names, since: datetime) -> Iterator[str]:
    for region in deployment.target.regions:
        logs = deployment.target.client("logs", region)
        groups = logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=LAMBDA_LOG_GROUPS)
        for name in (group["logGroupName"] for page in groups for group in page["logGroups"]):
            # A function may leave its log group to Lambda: then only the function's name is known.
            if name in names or name.removeprefix(LAMBDA_LOG_GROUPS) in names:
                pages = logs.get_paginator("filter_log_events").paginate(
                    logGroupName=name, startTime=int(since.timestamp() * 1000)
                )
                for page in pages:
                    yield from (f"{name} {event['message'].rstrip()}\n" for event in page["events"])


def _pretty(value: Json) -> str:
    return json.dumps(value, indent=2, default=str) + "\n"


def _now() -> datetime:
    return datetime.now(UTC)
