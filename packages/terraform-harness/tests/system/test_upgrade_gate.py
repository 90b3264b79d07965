"""An upgrade is applied, unless it would delete a stateful resource; with Terraform's built-in resource type."""

import json
import os
from pathlib import Path

import pytest

from terraform_harness.deployments.deployment import Deployment, copy_configuration, terraform_of
from terraform_harness.deployments.errors import ReplacementError
from terraform_harness.deployments.store import RunStore
from terraform_harness.deployments.upgrade import upgraded
from terraform_harness.targets.target import Target


def configuration(folder: Path, *, replaced_by: str = "1", value: str = "first") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    kept = {"input": value, "triggers_replace": replaced_by}
    content = {
        "resource": {"terraform_data": {"kept": kept}},
        "output": {"value": {"value": "${terraform_data.kept.output}"}},
    }
    (folder / "main.tf.json").write_text(json.dumps(content))
    return folder


@pytest.fixture
def deployment(tmp_path: Path) -> Deployment:
    run = RunStore(tmp_path / "runs").new()
    copy_configuration(configuration(tmp_path / "old"), run)
    target = Target(name="localstack", environment={"PATH": os.environ["PATH"], "HOME": str(tmp_path)}, is_own=True)
    terraform = terraform_of(run, target)
    terraform.init()
    terraform.apply()
    return Deployment(run=run, target=target, terraform=terraform, outputs=terraform.outputs())


def test_change_in_place_is_applied(deployment: Deployment, tmp_path: Path) -> None:
    new = configuration(tmp_path / "new", value="second")

    after = upgraded(deployment, new, stateful={"terraform_data"})

    assert (deployment.outputs, after.outputs) == ({"value": "first"}, {"value": "second"})
    assert after.terraform.plan().empty


def test_stateless_resource_may_be_replaced(deployment: Deployment, tmp_path: Path) -> None:
    new = configuration(tmp_path / "new", replaced_by="2", value="second")

    after = upgraded(deployment, new, stateful={"another_type"})

    assert after.outputs == {"value": "second"}


def test_replacement_of_a_stateful_resource_is_refused(deployment: Deployment, tmp_path: Path) -> None:
    new = configuration(tmp_path / "new", replaced_by="2", value="second")

    with pytest.raises(ReplacementError) as refused:
        upgraded(deployment, new, stateful={"terraform_data"})

    assert str(refused.value) == (
        "The upgrade would delete resources that hold data:\n"
        "  delete/create terraform_data.kept\n"
        "Nothing was applied. Add a 'moved' block for each renamed resource, or undo the change that forces the "
        "replacement."
    )
    assert deployment.terraform.outputs() == {"value": "first"}


def test_deletion_of_a_stateful_resource_is_refused(deployment: Deployment, tmp_path: Path) -> None:
    new = tmp_path / "new"
    new.mkdir()
    (new / "another.tf.json").write_text(json.dumps({"resource": {"terraform_data": {"other": {}}}}))

    with pytest.raises(ReplacementError) as refused:
        upgraded(deployment, new, stateful={"terraform_data"})

    assert str(refused.value) == (
        "The upgrade would delete resources that hold data:\n"
        "  delete terraform_data.kept\n"
        "Nothing was applied. Add a 'moved' block for each renamed resource, or undo the change that forces the "
        "replacement."
    )


def test_new_version_replaces_the_files_and_keeps_the_state(deployment: Deployment, tmp_path: Path) -> None:
    folder = deployment.terraform.folder
    (folder / "old.tf.json").write_text("{}")
    new = configuration(tmp_path / "new", value="second")
    (new / "assets").mkdir()
    (new / "assets" / "new.zip").touch()
    before = deployment.terraform.state()

    upgraded(deployment, new)

    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    assert files == ["assets/new.zip", "main.tf.json", "~harness_override.tf.json"]
    assert deployment.terraform.state()["lineage"] == before["lineage"]
