"""A foreign or unreadable state, or an unreachable target, stops the teardown before any deletion."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from harness_support.stores import created, is_clean
from harness_support.teardown_fakes import QUEUE, THEIRS, Terraform, World, end, end_interrupted
from terraform_harness.deployments.run import Run
from terraform_harness.targets.errors import TargetGoneError
from terraform_harness.targets.target import Target
from terraform_harness.terraform.errors import ForeignStateError, StateUnreadableError


def test_unreachable_target_stops_the_teardown(terraform: Terraform, run: Run, world: World, shared: Target) -> None:
    def check() -> None:
        raise TargetGoneError(endpoint=shared.endpoint)

    with pytest.raises(TargetGoneError):
        end_interrupted(terraform, run, replace(shared, check=check))

    assert (terraform.destroys, world.deleted, is_clean(run)) == (0, [], False)


@pytest.mark.parametrize("end_run", [end, end_interrupted], ids=["complete", "interrupted"])
def test_foreign_state_stops_the_teardown_before_any_deletion(
    terraform: Terraform, run: Run, world: World, shared: Target, end_run: Callable[[Terraform, Run, Target], None]
) -> None:
    terraform.write(QUEUE, THEIRS)

    with pytest.raises(ForeignStateError):
        end_run(terraform, run, shared)

    assert (terraform.destroys, world.deleted, is_clean(run)) == (0, [], False)


def test_foreign_resource_survives_after_the_remedy(
    terraform: Terraform, run: Run, world: World, shared: Target
) -> None:
    """The remedy of ForeignStateError: remove it from the state and run the command again."""
    terraform.write(QUEUE, THEIRS)
    with pytest.raises(ForeignStateError):
        end_interrupted(terraform, run, shared)

    terraform.write(QUEUE)
    end_interrupted(terraform, run, shared)

    assert world.exists == {THEIRS: {}}
    assert created(run).names == {QUEUE}


def test_unreadable_state_stops_the_teardown(terraform: Terraform, run: Run, world: World, shared: Target) -> None:
    terraform.own.file.write_text("{")

    with pytest.raises(StateUnreadableError) as failure:
        end(terraform, run, shared)

    assert failure.value.__notes__ == ["Delete the leftover resources with: terraform-harness destroy run-1"]
    assert (world.deleted, is_clean(run)) == ([], False)
