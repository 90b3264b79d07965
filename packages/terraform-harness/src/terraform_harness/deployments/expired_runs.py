"""Finds the runs that a sweep may destroy.

A run of this project expires with its process; a kept run, and a run of another machine, at its `ExpiresAt`.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

from terraform_harness.deployments.inventory import Resource
from terraform_harness.deployments.ownership import left_of
from terraform_harness.deployments.run import Run, has_own_suffix, is_run_id
from terraform_harness.deployments.store import RunStore
from terraform_harness.targets.localstack import LOCALSTACK, answers, reached_target
from terraform_harness.targets.target import Target

# A run, whether it has expired, and its existing resources; None if its LocalStack, and so every resource, is gone.
type EmbeddedRun = tuple[Run, bool, Sequence[Resource] | None]


def embedded_runs(store: RunStore, *, now: datetime | None = None) -> Iterator[EmbeddedRun]:
    """Yield the runs of a project with an embedded LocalStack, and those that ended before they had a target."""
    for run in store.known():
        if run.target is None or (run.folder / LOCALSTACK).is_dir():
            resources = _resources_of(run)
            is_held = run.kept and resources is not None
            yield run, run.expired(now or datetime.now(UTC)) if is_held else not run.is_alive(), resources


def _resources_of(run: Run) -> Sequence[Resource] | None:
    if run.endpoint is None or not answers(run.endpoint):
        return None
    with reached_target(run.endpoint) as target:
        return left_of(run, target)


def expired_runs(store: RunStore, target: Target, *, now: datetime | None = None) -> Sequence[Run]:
    """List the expired runs on a target: those of this project, and those of other machines by their tags."""
    moment = now or datetime.now(UTC)
    ours = {run.run_id: run for run in store.known() if run.is_on(target)}
    theirs = {
        tags["RunId"]: Run(
            run_id=tags["RunId"],
            folder=store.folder / tags["RunId"],
            suffix=tags["Environment"],
            expires_at=tags["ExpiresAt"],
            pid=0,
            endpoint=target.endpoint,
        )
        for tags in _tags(target)
        if _describes_a_run(tags) and tags["RunId"] not in ours
    }
    expired = [run for run in ours.values() if not run.is_alive() and (not run.kept or run.expired(moment))]
    return sorted([*expired, *(run for run in theirs.values() if run.expired(moment))], key=lambda run: run.run_id)


def _describes_a_run(tags: Mapping[str, str]) -> bool:
    # A wrong tag must not cause the deletion of the environment "prod".
    return {"RunId", "Environment", "ExpiresAt"} <= tags.keys() and (
        has_own_suffix(tags["Environment"]) and is_run_id(tags["RunId"])
    )


def _tags(target: Target) -> Iterator[Mapping[str, str]]:
    """Yield the tags of each resource that has the tag `RunId`."""
    tagging = target.client("resourcegroupstaggingapi")
    for page in tagging.get_paginator("get_resources").paginate(TagFilters=[{"Key": "RunId"}]):
        for resource in page["ResourceTagMappingList"]:
            yield {tag["Key"]: tag["Value"] for tag in resource["Tags"]}
