"""Finds the dead runs of a target: those whose tags say that their time is over, and those whose process is gone."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import psutil

from harness.runs import Run, known_runs
from harness.targets import Target


def dead_runs(runs: Path, target: Target, *, now: datetime | None = None) -> list[Run]:
    """Every run that may have left something on the target and that nobody works on any more.

    Args:
        runs: The folder of this project's own runs, whose manifests name their process.
        target: Asked for the tags `RunId`, `ExpiresAt` and `Environment`: other machines' runs are found by these.
        now: By default the present.
    """
    ours = {run.run_id: run for run in known_runs(runs) if run.endpoint == target.endpoint}
    found = {
        tags["RunId"]: Run(
            run_id=tags["RunId"],
            folder=runs / tags["RunId"],
            suffix=tags["Environment"],
            expires_at=tags["ExpiresAt"],
            pid=0,
            endpoint=target.endpoint,
        )
        for tags in _tags(target)
        if {"RunId", "Environment", "ExpiresAt"} <= tags.keys() and tags["RunId"] not in ours
    }
    moment = now or datetime.now(UTC)
    alive = {run_id for run_id, run in ours.items() if psutil.pid_exists(run.pid)}
    return [
        run
        for run_id, run in sorted((ours | found).items())
        if run_id not in alive and (run_id in ours or datetime.fromisoformat(run.expires_at) <= moment)
    ]


def _tags(target: Target) -> Iterator[Mapping[str, str]]:
    """The tags of everything that carries `RunId`."""
    tagging = target.client("resourcegroupstaggingapi")
    for page in tagging.get_paginator("get_resources").paginate(TagFilters=[{"Key": "RunId"}]):
        for resource in page["ResourceTagMappingList"]:
            yield {tag["Key"]: tag["Value"] for tag in resource["Tags"]}
