"""Finds the dead runs of a target: those whose tags say that their time is over, and those whose process is gone."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from terraform_harness.deployments.run import Run, has_own_suffix, is_run_id, known_runs
from terraform_harness.targets.target import Target


def dead_runs(runs: Path, target: Target, *, now: datetime | None = None) -> list[Run]:
    """Every run that may have left something on the target and that nobody works on any more.

    One of this project's is dead when its process is; one that was kept, or is another's, when its time is over.

    Args:
        runs: The folder of this project's own runs, whose manifests name their process.
        target: Asked for the tags `RunId`, `ExpiresAt` and `Environment`: other machines' runs are found by these.
        now: By default the present.
    """
    ours = {run.run_id: run for run in known_runs(runs) if run.is_on(target)}
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
        if _names_a_run(tags) and tags["RunId"] not in ours
    }
    moment = now or datetime.now(UTC)
    dead = [run for run in ours.values() if not run.is_alive and (not run.kept or run.is_over(moment))]
    return sorted([*dead, *(run for run in found.values() if run.is_over(moment))], key=lambda run: run.run_id)


def _names_a_run(tags: Mapping[str, str]) -> bool:
    # A tag alone must not let anybody sweep "prod" away.
    return {"RunId", "Environment", "ExpiresAt"} <= tags.keys() and (
        has_own_suffix(tags["Environment"]) and is_run_id(tags["RunId"])
    )


def _tags(target: Target) -> Iterator[Mapping[str, str]]:
    """The tags of everything that carries `RunId`."""
    tagging = target.client("resourcegroupstaggingapi")
    for page in tagging.get_paginator("get_resources").paginate(TagFilters=[{"Key": "RunId"}]):
        for resource in page["ResourceTagMappingList"]:
            yield {tag["Key"]: tag["Value"] for tag in resource["Tags"]}
