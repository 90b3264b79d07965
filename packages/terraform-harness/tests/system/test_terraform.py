"""Real Terraform with its built-in resource type, which needs no provider and no network."""

import json
import os
from pathlib import Path

import pytest

from terraform_harness.terraform.cli import Terraform
from terraform_harness.terraform.errors import ProviderMissingError, TerraformError
from terraform_harness.terraform.progress import Progress

GREETING = {
    "variable": {"greeting": {"default": "hello"}},
    "resource": {"terraform_data": {"greeting": {"input": "${var.greeting}"}}},
    "output": {"greeting": {"value": "${terraform_data.greeting.output}"}},
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "stack"
    folder.mkdir()
    return folder


def terraform_in(folder: Path, configuration: object, progress: list[Progress] | None = None) -> Terraform:
    (folder / "main.tf.json").write_text(json.dumps(configuration))
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder)}
    on_progress = (lambda _: None) if progress is None else progress.append
    return Terraform(folder, environment, cache=folder.parent / "plugins", on_progress=on_progress)


def test_stack_is_applied_read_and_destroyed(folder: Path) -> None:
    progress: list[Progress] = []
    terraform = terraform_in(folder, GREETING, progress)
    terraform.init()

    terraform.apply()
    outputs, addresses, plan = terraform.outputs(), terraform.state_addresses(), terraform.plan()
    terraform.destroy()

    assert (outputs, addresses, plan.empty) == ({"greeting": "hello"}, ("terraform_data.greeting",), True)
    assert terraform.state_addresses() == ()
    assert progress == [
        Progress(action="create", address="terraform_data.greeting", done=1, total=1),
        Progress(action="delete", address="terraform_data.greeting", done=1, total=1),
    ]


def test_stack_that_was_never_applied_has_no_state(folder: Path) -> None:
    terraform = terraform_in(folder, GREETING)

    assert terraform.state_addresses() == ()


def test_plan_shows_each_changed_attribute(folder: Path) -> None:
    terraform = terraform_in(folder, GREETING)
    terraform.init()
    terraform.apply()

    changed = terraform_in(folder, {**GREETING, "variable": {"greeting": {"default": "goodbye"}}})

    assert str(changed.plan()) == (
        'update terraform_data.greeting\n    input: "hello" -> "goodbye"\n    output: "hello" -> "(known after apply)"'
    )


def test_broken_configuration_is_reported(folder: Path) -> None:
    terraform = terraform_in(folder, {"output": {"x": {"value": "${terraform_data.absent.id}"}}})
    terraform.init()

    with pytest.raises(TerraformError) as failure:
        terraform.apply()

    assert str(failure.value) == (
        "'terraform plan -json -lock-timeout=15m -parallelism=30 -out=apply.tfplan -detailed-exitcode' "
        f"failed with exit code 1 in {folder}:\n"
        "  Reference to undeclared resource\n"
        '  A managed resource "terraform_data" "absent" has not been declared in the root module.'
    )


def test_failed_resource_is_named_in_the_error(folder: Path) -> None:
    failing = {"resource": {"terraform_data": {"broken": {"provisioner": [{"local-exec": {"command": "exit 9"}}]}}}}
    terraform = terraform_in(folder, failing)
    terraform.init()

    with pytest.raises(TerraformError) as failure:
        terraform.apply()

    assert failure.value.message.splitlines()[:2] == ["terraform_data.broken", "local-exec provisioner error"]


def test_missing_provider_is_reported_with_the_remedies(folder: Path) -> None:
    nowhere = {
        "terraform": {"required_providers": {"ghost": {"source": "registry.invalid/no/ghost", "version": "1.0.0"}}}
    }
    terraform = terraform_in(folder, nowhere)

    with pytest.raises(ProviderMissingError) as failure:
        terraform.init()

    message = str(failure.value)
    assert message.startswith("Terraform found no plugin for registry.invalid/no/ghost 1.0.0: no local mirror has it")
    assert message.endswith(
        "Connect this machine to the registry, or set TF_PROVIDER_MIRROR to a folder that holds the plugin in "
        "Terraform's unpacked layout (HOST/NAMESPACE/TYPE/VERSION/OS_ARCH/)."
    )
