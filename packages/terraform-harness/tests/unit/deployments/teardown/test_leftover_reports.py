"""The teardown reports each leftover resource and the command that deletes it."""

import pytest

from harness_support.stores import is_clean
from harness_support.teardown_fakes import QUEUE, THEIRS, Terraform, World, end, end_interrupted
from terraform_harness.deployments.errors import LeftoverError
from terraform_harness.deployments.run import Run
from terraform_harness.targets.target import Target
from terraform_harness.terraform.errors import StateUnreadableError, TerraformError

BY_HAND = "The harness deletes only resources with the tag RunId of their run. Delete the others yourself."


def test_leftover_is_reported_with_the_command(terraform: Terraform, run: Run, world: World, shared: Target) -> None:
    terraform.write()

    with pytest.raises(LeftoverError) as failure:
        end(terraform, run, shared)

    assert str(failure.value) == (
        "1 resource still exists after destroy:\n  queue orders\nDelete it with: terraform-harness destroy run-1"
    )
    assert (world.deleted, is_clean(run)) == ([], False)


def test_failed_destroy_adds_the_command(terraform: Terraform, run: Run, world: World, shared: Target) -> None:
    terraform.failures = 1

    with pytest.raises(TerraformError) as failure:
        end(terraform, run, shared)

    assert failure.value.__notes__ == ["Delete the leftover resources with: terraform-harness destroy run-1"]
    assert (world.deleted, is_clean(run)) == ([], False)


def test_failed_destroy_is_repeated_after_the_sweep(terraform: Terraform, run: Run, world: World, aws: Target) -> None:
    terraform.failures = 1

    end_interrupted(terraform, run, aws)

    assert (terraform.destroys, world.exists, is_clean(run)) == (2, {THEIRS: {}}, True)


def test_address_in_the_state_is_reported_as_leftover(
    terraform: Terraform, run: Run, world: World, shared: Target
) -> None:
    terraform.failures = 2

    with pytest.raises(LeftoverError) as failure:
        end_interrupted(terraform, run, shared)

    assert str(failure.value) == (
        "1 resource still exists after destroy:\n  aws_sqs_queue.orders\n"
        "Delete it with: terraform-harness destroy run-1"
    )
    assert (world.exists, is_clean(run)) == ({THEIRS: {}}, False)


def test_unreadable_state_is_reported_after_the_sweep(
    terraform: Terraform, run: Run, world: World, shared: Target
) -> None:
    terraform.own.file.write_text("{")

    with pytest.raises(LeftoverError) as failure:
        end_interrupted(terraform, run, shared)

    with pytest.raises(StateUnreadableError) as unreadable:
        terraform.state()
    assert failure.value.resources == (str(unreadable.value),)
    assert (world.exists, is_clean(run)) == ({THEIRS: {}}, False)


def test_untagged_resource_is_kept_on_aws(terraform: Terraform, run: Run, world: World, aws: Target) -> None:
    terraform.write()

    with pytest.raises(LeftoverError) as failure:
        end_interrupted(terraform, run, aws)

    assert str(failure.value) == (
        f"1 resource still exists after destroy:\n  queue orders (it has no tag RunId)\n{BY_HAND}"
    )
    assert (world.deleted, is_clean(run)) == ([], False)


def test_undeletable_resource_is_reported_with_the_response(
    terraform: Terraform, run: Run, world: World, shared: Target
) -> None:
    terraform.write()
    world.stuck = {QUEUE}

    with pytest.raises(LeftoverError) as failure:
        end_interrupted(terraform, run, shared)

    assert failure.value.resources == ("queue orders (deleted, but still listed)",)
    assert not is_clean(run)
