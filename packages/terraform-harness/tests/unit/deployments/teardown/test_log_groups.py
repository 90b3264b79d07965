"""The teardown removes a log group of Lambda on LocalStack, and reports it in strict mode and on AWS."""

import pytest

from harness_support.stores import add_created, is_clean
from harness_support.teardown_fakes import DECLARE, FUNCTION, LOG_GROUP, REGION, THEIRS, Terraform, World, end
from terraform_harness.deployments.errors import LeftoverError
from terraform_harness.deployments.run import Run
from terraform_harness.targets.target import Target


@pytest.fixture
def with_log_group(terraform: Terraform, run: Run, world: World) -> Terraform:
    """Lambda made a log group for a function of the run."""
    terraform.write(FUNCTION)
    add_created(run, names=[FUNCTION, LOG_GROUP])
    world.exists = {FUNCTION: {}, LOG_GROUP: {}, THEIRS: {}}
    return terraform


def test_lambda_log_group_is_removed_with_a_warning_on_localstack(
    with_log_group: Terraform, run: Run, world: World, shared: Target
) -> None:
    warnings: list[str] = []

    end(with_log_group, run, shared, on_warning=warnings.append)

    assert warnings == [f"log group /aws/lambda/f still existed after destroy and was removed. {DECLARE}."]
    assert (world.exists, is_clean(run)) == ({THEIRS: {}}, True)


def test_existing_lambda_log_group_is_kept_without_a_warning(
    with_log_group: Terraform, run: Run, world: World, shared: Target
) -> None:
    add_created(run, existed=[LOG_GROUP])
    warnings: list[str] = []

    end(with_log_group, run, shared, on_warning=warnings.append)

    assert (warnings, world.exists, is_clean(run)) == ([], {LOG_GROUP: {}, THEIRS: {}}, True)


def test_other_log_groups_are_not_attributed_to_lambda(
    terraform: Terraform, run: Run, world: World, shared: Target
) -> None:
    """Only /aws/lambda/NAME of a function of the run counts."""
    groups = [("log group", name, REGION) for name in ("f", "/aws/lambda/g-t-0123abcd", "/aws/lambda/g")]
    add_created(run, names=[FUNCTION, groups[0]])
    world.exists.update({group: {} for group in groups})

    with pytest.raises(LeftoverError) as failure:
        end(terraform, run, shared)

    assert failure.value.resources == ("log group f", "log group /aws/lambda/g-t-0123abcd")
    assert set(groups) <= world.exists.keys()


@pytest.mark.parametrize("on_aws", [False, True], ids=["strict", "AWS"])
def test_lambda_log_group_is_an_error_if_strict_or_on_aws(  # noqa: PLR0913 - each is a fixture
    with_log_group: Terraform, run: Run, world: World, shared: Target, aws: Target, *, on_aws: bool
) -> None:
    there = aws if on_aws else shared

    with pytest.raises(LeftoverError) as failure:
        end(with_log_group, run, there, strict=not on_aws)

    assert str(failure.value) == (
        f"1 resource still exists after destroy:\n  log group /aws/lambda/f ({DECLARE})\n"
        "Delete it with: terraform-harness destroy run-1"
    )
    assert (world.exists, is_clean(run)) == ({LOG_GROUP: {}, THEIRS: {}}, False)
