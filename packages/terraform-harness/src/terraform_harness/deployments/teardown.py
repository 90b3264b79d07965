"""Destroys what a run created, and proves that no resource remains."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from terraform_harness.deployments.errors import LeftoverError
from terraform_harness.deployments.inventory import Resource
from terraform_harness.deployments.ownership import left_of, reason_to_keep
from terraform_harness.deployments.run import Run
from terraform_harness.deployments.store import RunStore
from terraform_harness.deployments.sweep import destroy_command, sweep
from terraform_harness.errors import EventuallyError
from terraform_harness.polling import eventually
from terraform_harness.processes import noop
from terraform_harness.targets.target import Target
from terraform_harness.terraform.cli import Terraform
from terraform_harness.terraform.created import Created
from terraform_harness.terraform.errors import StateUnreadableError, TerraformError
from terraform_harness.terraform.resource_types import FUNCTION, LAMBDA_LOG_GROUPS, LOG_GROUP
from terraform_harness.terraform.state import names_in

# AWS lists a deleted resource for a while.
_LISTED_SECONDS = 120.0
_DECLARE = "Lambda created it: declare an aws_cloudwatch_log_group with this name, in the depends_on of the function"


def tear_down(
    terraform: Terraform, run: Run, target: Target, *, strict: bool = False, on_warning: Callable[[str], None] = noop
) -> None:
    """Destroy a complete deployment, and prove with the state and the target's APIs that no resource remains.

    Args:
        terraform: Has the state of the run.
        run: Owns the resources.
        target: Has the resources.
        strict: Report a log group that Lambda made as a leftover on LocalStack too, as on AWS.
        on_warning: Called for each such log group that was removed.

    Raises:
        ForeignStateError: The state lists resources that the run did not create; nothing was destroyed or deleted.
        LeftoverError: Resources still exist.
    """
    target.check()
    try:
        _destroy(terraform, run, target)
    except (TerraformError, StateUnreadableError) as error:
        error.add_note(f"Delete the leftover resources with: {destroy_command(run, target)}")
        raise
    _remove_log_groups(run, target, strict=strict, on_warning=on_warning)
    _prove_clean(terraform, run, target)


def tear_down_interrupted(
    terraform: Terraform, run: Run, target: Target, *, strict: bool = False, on_warning: Callable[[str], None] = noop
) -> None:
    """Destroy what a failed or interrupted command left, including resources that the state does not list.

    Takes and raises the same as `tear_down`. A failure of Terraform is not an error if a sweep and a second destroy
    remove the rest.
    """
    target.check()
    is_destroyed = False
    with suppress(TerraformError, StateUnreadableError):
        _destroy(terraform, run, target)
        is_destroyed = True
    _remove_log_groups(run, target, strict=strict, on_warning=on_warning)
    kept = sweep(run, target).kept
    if not is_destroyed:
        with suppress(TerraformError, StateUnreadableError):
            _destroy(terraform, run, target)
    _prove_clean(terraform, run, target, kept)


def _destroy(terraform: Terraform, run: Run, target: Target) -> None:
    # A recorded name belongs to the run from then on: the state must be the run's own.
    terraform.check_state()
    store = RunStore.of(run)
    created = store.created(run)
    store.record(run, created.adding(names=names_in(terraform.state(), created.regions or target.regions)))
    terraform.destroy()


def _prove_clean(terraform: Terraform, run: Run, target: Target, kept: Mapping[Resource, str] | None = None) -> None:
    """Mark the run clean, or raise LeftoverError; `kept` are the resources that a sweep skipped."""
    kept = kept or {}
    created = RunStore.of(run).created(run)
    listed = _still_listed(run, target)
    try:
        left = [*terraform.state_addresses()]
    except StateUnreadableError as error:
        left = [str(error)]
    for one in listed:
        by_lambda = _DECLARE if _is_made_by_lambda(one, created) else None
        reason = by_lambda or kept.get(one) or reason_to_keep(one, run, created, target)
        left.append(f"{one} ({reason})" if reason else str(one))
    if left:
        is_deletable = any(one not in kept for one in listed) or not listed
        raise LeftoverError(resources=left, command=destroy_command(run, target) if is_deletable else None)
    RunStore.of(run).mark_clean(run)


def _remove_log_groups(run: Run, target: Target, *, strict: bool, on_warning: Callable[[str], None]) -> None:
    """Remove the log groups that Lambda made for functions of the run, on LocalStack."""
    if target.endpoint is None or strict:
        return
    created = RunStore.of(run).created(run)
    for group in left_of(run, target, {LOG_GROUP}):
        if _is_made_by_lambda(group, created):
            target.client("logs", group.region).delete_log_group(logGroupName=group.name)
            on_warning(f"{group} still existed after destroy and was removed. {_DECLARE}.")


def _is_made_by_lambda(resource: Resource, created: Created) -> bool:
    function = (FUNCTION, resource.name.removeprefix(LAMBDA_LOG_GROUPS), resource.region)
    is_for_lambda = resource.kind == LOG_GROUP and resource.name.startswith(LAMBDA_LOG_GROUPS)
    return is_for_lambda and function in created.names


def _still_listed(run: Run, target: Target) -> Sequence[Resource]:
    """List the resources of a run after the time that AWS needs to stop listing deleted ones."""
    try:
        return eventually(
            lambda: left_of(run, target),
            until=lambda left: not left,
            what="no resource remains",
            within=target.budget(localstack=0, aws=_LISTED_SECONDS),
        )
    except EventuallyError:
        return left_of(run, target)
