"""A foreign or unreadable state, or an unreachable target, stops the teardown before any deletion."""

from dataclasses import replace

import pytest

from harness_support.teardown_fakes import QUEUE, THEIRS, Terraform, World, end
from terraform_harness.deployments.run import Run
from terraform_harness.errors import ForeignStateError, StateUnreadableError, TargetGoneError
from terraform_harness.targets.target import Target


def test_unreachable_target_stops_the_teardown(terraform: Terraform, run: Run, world: World, shared: Target) -> None:
    def check() -> None:
        raise TargetGoneError(endpoint=shared.endpoint)

    with pytest.raises(TargetGoneError):
        end(terraform, run, replace(shared, check=check), unrecorded=True)

    assert (terraform.destroys, world.deleted, run.is_left) == (0, [], True)


@pytest.mark.parametrize("unrecorded", [False, True])
def test_foreign_state_stops_the_teardown_before_any_deletion(
    terraform: Terraform, run: Run, world: World, shared: Target, *, unrecorded: bool
) -> None:
    terraform.write(QUEUE, THEIRS)

    with pytest.raises(ForeignStateError):
        end(terraform, run, shared, unrecorded=unrecorded)

    assert (terraform.destroys, world.deleted, run.is_left) == (0, [], True)


def test_foreign_resource_survives_after_the_remedy(
    terraform: Terraform, run: Run, world: World, shared: Target
) -> None:
    """The remedy of ForeignStateError: remove it from the state and run the command again."""
    terraform.write(QUEUE, THEIRS)
    with pytest.raises(ForeignStateError):
        end(terraform, run, shared, unrecorded=True)

    terraform.write(QUEUE)
    end(terraform, run, shared, unrecorded=True)

    assert world.exists == {THEIRS: {}}
    assert run.created.names == {QUEUE}


def test_unreadable_state_stops_the_teardown(terraform: Terraform, run: Run, world: World, shared: Target) -> None:
    terraform.own.file.write_text("{")

    with pytest.raises(StateUnreadableError) as failure:
        end(terraform, run, shared)

    assert failure.value.__notes__ == ["End what is left with: terraform-harness destroy run-1"]
    assert (world.deleted, run.is_left) == ([], True)
