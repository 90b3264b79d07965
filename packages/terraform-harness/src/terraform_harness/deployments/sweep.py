"""Deletes by API call the resources of a run that Terraform does not know."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from botocore.exceptions import BotoCoreError, ClientError

from terraform_harness.deployments.errors import LeftoverError
from terraform_harness.deployments.inventory import Resource
from terraform_harness.deployments.kinds import KINDS
from terraform_harness.deployments.ownership import left_of, reason_to_keep
from terraform_harness.deployments.run import Run
from terraform_harness.deployments.store import RunStore
from terraform_harness.errors import EventuallyError
from terraform_harness.polling import eventually
from terraform_harness.targets.target import Target

_SECONDS = 60.0
# AWS needs up to 45 minutes to delete the network interfaces of a function.
# https://github.com/hashicorp/terraform-provider-aws/issues/10329
_SECONDS_ON_AWS = 50 * 60.0
_PAUSE_SECONDS, _PAUSE_SECONDS_ON_AWS = 1.0, 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """The result of a sweep.

    Args:
        deleted: The deleted resources.
        kept: The skipped resources, each with the reason.
    """

    deleted: Sequence[Resource]
    kept: Mapping[Resource, str]


def sweep(run: Run, target: Target) -> Swept:
    """Delete the resources of a run, repeatedly, until they are gone or the time limit is exceeded.

    A resource is skipped unless the run provably created it (see `terraform_harness.deployments.ownership`).

    Raises:
        LeftoverError: Some cannot be deleted; it has each one with the response of its delete call.
    """
    created = RunStore.of(run).created(run)
    # Decided once for each resource: the tags of one that is being deleted cannot be read any more.
    reasons: dict[Resource, str | None] = {}
    responses: dict[Resource, str] = {}

    def remaining() -> Sequence[Resource]:
        left = left_of(run, target)
        for one in left:
            if one not in reasons:
                reasons[one] = reason_to_keep(one, run, created, target)
        return [one for one in left if reasons[one] is None]

    def delete_once() -> Sequence[Resource]:
        left = remaining()
        # Lambda needs the role of a function to release the function's network interfaces.
        # https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
        held = {"role"} if any(resource.kind == "network interface" for resource in left) else set()
        responses.update({one: _delete(one, target) for one in left if one.kind not in held})
        return remaining()

    found = remaining()
    if found:
        try:
            eventually(
                delete_once,
                until=lambda left: not left,
                what="all resources of the run are deleted",
                within=target.budget(localstack=_SECONDS, aws=_SECONDS_ON_AWS),
                longest_pause=target.budget(localstack=_PAUSE_SECONDS, aws=_PAUSE_SECONDS_ON_AWS),
                # A single failed list call must not end the sweep.
                transient=(BotoCoreError, ClientError),
            )
        except EventuallyError:
            left = [f"{one} ({responses.get(one, 'a resource that uses it still exists')})" for one in remaining()]
            raise LeftoverError(resources=left, command=destroy_command(run, target)) from None
    return Swept(deleted=found, kept={one: reason for one, reason in reasons.items() if reason is not None})


def destroy_command(run: Run, target: Target) -> str:
    """Return the command that deletes the resources of a run: by its id on this machine, else by its tags."""
    return (
        f"terraform-harness sweep --target {target.name} --yes"
        if RunStore.of(run).is_clean(run)
        else f"terraform-harness destroy {run.run_id}"
    )


def _delete(resource: Resource, target: Target) -> str:
    """Delete a resource; return the response, because a resource that is in use is deleted in a later attempt."""
    try:
        KINDS[resource.kind].delete(partial(target.client, region=resource.region), resource.identifier)
    except ClientError as error:
        return str(error)
    return "deleted, but still listed"
