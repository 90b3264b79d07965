"""Destroys what a run created, and proves that nothing is left of it."""

from collections.abc import Callable, Sequence

from terraform_harness.deployments.inventory import Resource, left_of
from terraform_harness.deployments.ownership import reason_to_keep
from terraform_harness.deployments.run import Run
from terraform_harness.deployments.sweep import destroy_command, sweep
from terraform_harness.errors import EventuallyError, LeftoverError, StateUnreadableError, TerraformError
from terraform_harness.polling import eventually
from terraform_harness.processes import noop
from terraform_harness.targets.target import Target
from terraform_harness.terraform.cli import Terraform
from terraform_harness.terraform.resource_types import FUNCTION, LAMBDA_LOG_GROUPS, LOG_GROUP
from terraform_harness.terraform.state import names_in

# AWS lists what was deleted for a while.
_LISTED_SECONDS = 120.0
_DECLARE = "Lambda made it: declare an aws_cloudwatch_log_group of this name, on which the function depends"


def tear_down(  # noqa: PLR0913 - what to destroy, where, and how to judge what is left
    terraform: Terraform,
    run: Run,
    target: Target,
    *,
    unrecorded: bool = False,
    strict: bool = False,
    on_warning: Callable[[str], None] = noop,
) -> None:
    """Destroy, and prove that nothing is left: by the state, and by the target's own APIs.

    Args:
        terraform: Has the state.
        run: Whose resources are looked for.
        target: Where.
        unrecorded: An apply that was cut short may have created what the state does not list: it is deleted too.
        strict: A log group that Lambda made is an error on LocalStack too, as it is on AWS.
        on_warning: Called with each such log group that was removed.

    Raises:
        ForeignStateError: The state lists what the run did not create; nothing was destroyed or deleted.
        LeftoverError: Something is left.
    """
    target.check()
    destroyed = _destroyed(terraform, run, target, unrecorded=unrecorded)
    if target.endpoint is not None and not strict:
        _remove_log_groups(run, target, on_warning)
    kept = sweep(run, target).kept if unrecorded else {}
    # What Terraform could not destroy may be gone by the sweep; only Terraform can tell.
    if not destroyed:
        _destroyed(terraform, run, target, unrecorded=True)
    listed = _still_listed(run, target)
    left = [*_left_in_state(terraform), *(_described(one, run, target, kept.get(one)) for one in listed)]
    if left:
        deletable = any(one not in kept for one in listed) or not listed
        raise LeftoverError(resources=left, command=destroy_command(run, target) if deletable else None)
    run.settle()


def _destroyed(terraform: Terraform, run: Run, target: Target, *, unrecorded: bool) -> bool:
    """Whether Terraform destroyed all that it knows of; with `unrecorded`, an error of Terraform is an answer too."""
    try:
        # A name that is recorded counts as the run's own from then on.
        terraform.check_state()
        names = names_in(terraform.state(), run.created.regions or target.regions)
        run.created.adding(names=names).write(run.folder)
        terraform.destroy()
    except (TerraformError, StateUnreadableError) as error:
        if not unrecorded:
            error.add_note(f"End what is left with: {destroy_command(run, target)}")
            raise
        return False
    return True


def _left_in_state(terraform: Terraform) -> Sequence[str]:
    try:
        return terraform.state_addresses()
    except StateUnreadableError as error:
        return [str(error)]


def _described(resource: Resource, run: Run, target: Target, kept: str | None) -> str:
    if _is_lambdas(resource, run):
        return f"{resource} ({_DECLARE})"
    reason = kept or reason_to_keep(resource, run, target)
    return f"{resource} ({reason})" if reason else str(resource)


def _remove_log_groups(run: Run, target: Target, on_warning: Callable[[str], None]) -> None:
    """Remove the log groups that Lambda made for functions of the run."""
    groups = [one for one in left_of(run, target, {LOG_GROUP}) if _is_lambdas(one, run)]
    for group in groups:
        target.client("logs", group.region).delete_log_group(logGroupName=group.name)
        on_warning(f"{group} was left after destroy and is removed now. {_DECLARE}.")


def _is_lambdas(resource: Resource, run: Run) -> bool:
    function = (FUNCTION, resource.name.removeprefix(LAMBDA_LOG_GROUPS), resource.region)
    is_made = resource.kind == LOG_GROUP and resource.name.startswith(LAMBDA_LOG_GROUPS)
    return is_made and function in run.created.names


def _still_listed(run: Run, target: Target) -> Sequence[Resource]:
    """What the target lists of a run, after the time that its lists take to settle."""
    try:
        return eventually(
            lambda: left_of(run, target),
            until=lambda left: not left,
            what="nothing is left",
            within=target.budget(localstack=0, aws=_LISTED_SECONDS),
        )
    except EventuallyError:
        return left_of(run, target)
