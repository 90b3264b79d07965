"""Decides which existing resources belong to a run, and which of them the run may delete."""

from collections.abc import Collection, Sequence
from contextlib import suppress
from functools import partial

from botocore.exceptions import BotoCoreError, ClientError

from terraform_harness.deployments.inventory import Resource, existing
from terraform_harness.deployments.kinds import KINDS, Tags
from terraform_harness.deployments.run import Run
from terraform_harness.deployments.store import RunStore
from terraform_harness.targets.target import Target
from terraform_harness.terraform.created import Created


def left_of(run: Run, target: Target, kinds: Collection[str] = KINDS.keys()) -> Sequence[Resource]:
    """List the existing resources of a run, of these kinds, in the order of deletion.

    They have a name from the state or a plan of the run, its tag, or its suffix if that is unique. A resource that
    existed before the run does not belong to it.
    """
    created = RunStore.of(run).created(run)
    return [
        resource
        for resource in existing(target.in_regions(created.regions or target.regions), kinds)
        if resource.key not in created.existed
        and (
            resource.key in created.names
            or (resource.tags or {}).get("RunId") == run.run_id
            or run.owns_name(resource.name)
        )
    ]


def reason_to_keep(resource: Resource, run: Run, created: Created, target: Target) -> str | None:
    """Return why the run must not delete a resource; None if it may.

    On AWS, the tag `RunId` must be the id of the run. LocalStack does not return the tags of every kind: there, a name
    that only this run can have given is enough.
    """
    tags = _tags_of(resource, target)
    owner = (tags or {}).get("RunId")
    if owner == run.run_id:
        return None
    if owner is not None:
        return f"its tag RunId is {owner}"
    has_tags = resource.tags is not None or KINDS[resource.kind].tags is not None
    if (target.endpoint is not None or not has_tags) and (
        run.owns_name(resource.name) or resource.key in created.names
    ):
        return None
    return "its tags cannot be read" if tags is None else "it has no tag RunId"


def _tags_of(resource: Resource, target: Target) -> Tags | None:
    """Return the tags of a resource; None if they cannot be read."""
    read = KINDS[resource.kind].tags
    if resource.tags is not None or read is None:
        return resource.tags or {}
    # The resource may be deleted by now, and S3 returns an error for a bucket without tags.
    with suppress(BotoCoreError, ClientError):
        return read(partial(target.client, region=resource.region), resource.identifier, resource.region)
    return None
