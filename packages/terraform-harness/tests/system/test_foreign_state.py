"""Terraform changes and destroys nothing with a state that lists what the run did not create."""

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from terraform_harness.terraform.binary import find_terraform
from terraform_harness.terraform.cli import Terraform
from terraform_harness.terraform.errors import BackendError, ForeignStateError

ORDERS: dict[str, Any] = {"resource": {"terraform_data": {"orders": {}}}}


def terraform_in(folder: Path, state_folder: Path, environment: dict[str, str] | None = None) -> Terraform:
    shell = {"PATH": os.environ["PATH"], "HOME": str(folder), **(environment or {})}
    return Terraform(folder, shell, cache=folder.parent / "plugins", state_folder=state_folder)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a configuration of one resource."""
    folder = tmp_path / "stack"
    folder.mkdir()
    (folder / "main.tf.json").write_text(json.dumps(ORDERS))
    return folder


@pytest.fixture
def state_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "run"
    folder.mkdir()
    return folder


@pytest.fixture
def applied(folder: Path, state_folder: Path) -> Terraform:
    """Terraform with a state of its own, which lists what it has applied."""
    terraform = terraform_in(folder, state_folder)
    terraform.init()
    terraform.apply()
    return terraform


@pytest.fixture
def foreign_state(applied: Terraform, state_folder: Path) -> Path:
    """The state of `applied` with another resource in it."""
    state = state_folder / "terraform.tfstate"
    (orders,) = applied.state()["resources"]
    change(state, resources=[orders, {**orders, "name": "customers"}])
    return state


def as_a_developer(folder: Path, *arguments: str) -> None:
    """Run Terraform as a developer does."""
    for command in (["init"], list(arguments)):
        subprocess.run([find_terraform(), *command], cwd=folder, capture_output=True, check=True)


def change(state: Path, **changes: Any) -> None:  # noqa: ANN401 - parts of a state
    state.write_text(json.dumps({**json.loads(state.read_text()), **changes}))


def test_live_state_is_refused_before_any_change(folder: Path) -> None:
    as_a_developer(folder, "apply", "-auto-approve")
    state = folder / "terraform.tfstate"
    before = state.read_bytes()

    with pytest.raises(ForeignStateError) as refused:
        terraform_in(folder, folder).init()

    assert str(refused.value) == (
        f"The state {state} is not this run's own; it lists 1 resource:\n"
        "  terraform_data.orders\n"
        "Nothing was changed. Move this state to another folder: a run begins with an empty state."
    )
    assert state.read_bytes() == before


def test_foreign_resource_stops_destroy(
    applied: Terraform, foreign_state: Path, folder: Path, state_folder: Path
) -> None:
    before = foreign_state.read_bytes()

    with pytest.raises(ForeignStateError) as refused:
        applied.destroy()

    assert str(refused.value) == (
        f"The state {foreign_state} lists 1 resource that this run did not create:\n"
        "  terraform_data.customers\n"
        "Nothing was changed. "
        "Remove it from this state, and run the command again: "
        f"TF_DATA_DIR={state_folder}/.terraform terraform -chdir={folder} state rm terraform_data.customers"
    )
    assert foreign_state.read_bytes() == before


@pytest.mark.usefixtures("foreign_state")
def test_remedy_for_a_foreign_resource_works(applied: Terraform, state_folder: Path) -> None:
    with pytest.raises(ForeignStateError) as refused:
        applied.destroy()
    command = str(refused.value).partition("run the command again: ")[2]
    subprocess.run(command, cwd=state_folder, shell=True, capture_output=True, check=True)  # noqa: S602 - as it says
    applied.destroy()

    assert applied.state_addresses() == ()


def test_another_state_of_the_same_configuration_stops_destroy(applied: Terraform, state_folder: Path) -> None:
    """Its addresses are those of the run: only its lineage differs."""
    change(state_folder / "terraform.tfstate", lineage="that of the developer's state")

    with pytest.raises(ForeignStateError) as refused:
        applied.destroy()

    assert "is not this run's own; it lists 1 resource" in str(refused.value)
    assert applied.state_addresses() == ("terraform_data.orders",)


def test_import_of_a_test_is_not_destroyed(applied: Terraform, folder: Path, state_folder: Path) -> None:
    """A resource that a test brings into the state by other means than apply is foreign."""
    (folder / "more.tf.json").write_text(json.dumps({"resource": {"terraform_data": {"customers": {}}}}))
    command = [find_terraform(), "import", "terraform_data.customers", "7"]
    subprocess.run(command, cwd=folder, env={**os.environ, "TF_DATA_DIR": str(state_folder / ".terraform")}, check=True)

    with pytest.raises(ForeignStateError) as refused:
        applied.destroy()

    assert "  terraform_data.customers\n" in str(refused.value)


def test_later_override_file_with_a_backend_is_refused(folder: Path, state_folder: Path) -> None:
    """Files are merged in the order of their names, and this one comes after the harness's own."""
    backend = {"terraform": {"backend": {"local": {"path": str(folder.parent / "live.tfstate")}}}}
    (folder / "ö_override.tf.json").write_text(json.dumps(backend))
    terraform = terraform_in(folder, state_folder)

    with pytest.raises(BackendError) as refused:
        terraform.init()

    assert str(refused.value) == (
        f"Terraform would use the backend 'local' instead of the run's own state {state_folder / 'terraform.tfstate'}. "
        "Nothing was changed. Remove the backend from the override files of the configuration (ö_override.tf.json)."
    )
    assert not (folder.parent / "live.tfstate").exists()


def test_variables_of_the_shell_select_no_other_state(folder: Path, state_folder: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    misleading = {
        "TF_CLI_ARGS_apply": f"-state={elsewhere}.tfstate",
        "TF_CLI_ARGS_plan": f"-state={elsewhere}.tfstate",
        "TF_DATA_DIR": str(elsewhere),
        "TF_LOG": "trace",
        "TF_LOG_PATH": f"{elsewhere}.log",
        "TF_WORKSPACE": "live",
    }
    terraform = terraform_in(folder, state_folder, misleading)
    terraform.init()
    terraform.apply()

    left = sorted(path.name for path in tmp_path.iterdir())

    assert left == ["plugins", "run", "stack"]
    assert terraform.state_addresses() == ("terraform_data.orders",)


@pytest.mark.parametrize(
    "key", ['a"b', "a.b[0]", "${a}", "%{if}", "ä\n", "\\"], ids=lambda key: re.sub(r"\W", "_", key)
)
def test_addresses_are_those_of_terraform(folder: Path, state_folder: Path, key: str) -> None:
    """A key is written in the state, in the plan and by 'terraform state list' in three ways."""
    escaped = key.replace("${", "$${").replace("%{", "%%{")
    for_each = {"resource": {"terraform_data": {"orders": {"for_each": {escaped: "1"}}}}}
    (folder / "main.tf.json").write_text(json.dumps(for_each))
    terraform = terraform_in(folder, state_folder)
    terraform.init()

    terraform.apply()
    terraform.destroy()

    assert terraform.state_addresses() == ()
