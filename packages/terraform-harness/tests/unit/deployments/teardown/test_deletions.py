"""The teardown destroys and deletes only resources of the run."""

import pytest

from harness_support.stores import add_created, created, is_clean
from harness_support.teardown_fakes import (
    DECLARE,
    FUNCTION,
    LOG_GROUP,
    QUEUE,
    REGION,
    THEIRS,
    Terraform,
    World,
    end,
    end_interrupted,
)
from terraform_harness.deployments.errors import LeftoverError
from terraform_harness.deployments.run import Run
from terraform_harness.targets.target import Target


def test_only_resources_of_the_run_are_destroyed(terraform: Terraform, run: Run, world: World, shared: Target) -> None:
    end(terraform, run, shared)

    assert (world.exists, world.deleted) == ({THEIRS: {}}, [QUEUE])
    assert is_clean(run)


def test_names_in_the_state_are_looked_for_in_every_region(
    terraform: Terraform, run: Run, world: World, aws: Target
) -> None:
    """A generated name is in the state only. A resource without an ARN may be in any Region of the run."""
    add_created(run, regions=[REGION, "us-west-2"])
    terraform.write(FUNCTION)
    world.exists[FUNCTION] = world.exists[LOG_GROUP] = {}

    with pytest.raises(LeftoverError) as failure:
        end(terraform, run, aws)

    west = {(kind, name, "us-west-2") for kind, name, _ in (FUNCTION, LOG_GROUP)}
    assert created(run).names == {QUEUE, FUNCTION, LOG_GROUP, *west}
    assert failure.value.resources == ("queue orders (it has no tag RunId)", f"log group /aws/lambda/f ({DECLARE})")


def test_unrecorded_resources_of_an_interrupted_apply_are_deleted(
    terraform: Terraform, run: Run, world: World, shared: Target
) -> None:
    named, tagged = ("topic", "bills-t-0123abcd", REGION), ("VPC", "vpc-1", REGION)
    others = {("topic", "bills-t-ffffffff", REGION): {}, ("VPC", "vpc-2", REGION): {"RunId": "run-2"}, THEIRS: {}}
    terraform.write()
    world.exists = {QUEUE: {}, named: {}, tagged: {"RunId": "run-1"}, **others}

    end_interrupted(terraform, run, shared)

    assert (world.exists, world.deleted) == (others, [named, QUEUE, tagged])
    assert is_clean(run)


def test_existing_resource_is_neither_deleted_nor_reported(
    terraform: Terraform, run: Run, world: World, shared: Target
) -> None:
    before = ("topic", "bills-t-0123abcd", REGION)
    add_created(run, existed=[before])
    world.exists[before] = {}

    end_interrupted(terraform, run, shared)

    assert (world.exists, is_clean(run)) == ({THEIRS: {}, before: {}}, True)
