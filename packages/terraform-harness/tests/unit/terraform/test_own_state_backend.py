"""Terraform uses the local backend of the run, whatever the configuration and the environment set."""

import json
from typing import Any

import pytest

from terraform_harness.terraform.errors import BackendError
from terraform_harness.terraform.own_state import OwnState


def test_override_file_sets_the_local_backend(own: OwnState) -> None:
    own.prepare()

    override = own.configuration / "~harness_override.tf.json"
    assert json.loads(override.read_text()) == {
        "terraform": {"backend": {"local": {"path": f"{own.folder}/terraform.tfstate"}}}
    }


def test_override_file_sorts_after_other_override_files() -> None:
    """Terraform merges override files in the order of their names."""
    others = ["override.tf", "zz_override.tf.json", "ZZ_override.tf", "_override.tf", "{_override.tf", "|_override.tf"]

    assert max([*others, "~harness_override.tf.json"]) == "~harness_override.tf.json"


def test_environment_drops_variables_that_select_another_state(own: OwnState) -> None:
    shell = {
        "PATH": "/bin",
        "TF_VAR_region": "eu-west-1",
        "TF_PROVIDER_MIRROR": "/opt/mirror",
        "TF_CLI_ARGS": "-lock=false",
        "TF_CLI_ARGS_apply": "-state=/live.tfstate",
        "TF_DATA_DIR": "/live/.terraform",
        "TF_LOG_PATH": "/live/log",
        "TF_PLUGIN_CACHE_DIR": "/live/plugins",
        "TF_WORKSPACE": "live",
    }

    assert own.environment(shell) == {
        "PATH": "/bin",
        "TF_VAR_region": "eu-west-1",
        "TF_PROVIDER_MIRROR": "/opt/mirror",
        "TF_DATA_DIR": f"{own.folder}/.terraform",
    }


def chosen(own: OwnState, kind: str, **config: object) -> None:
    """Write the backend that `terraform init` has chosen into the data folder."""
    (own.folder / ".terraform").mkdir()
    backend = {"type": kind, "config": config, "hash": 3483867418}
    content = {"version": 3, "terraform_version": "1.11.4", "backend": backend}
    (own.folder / ".terraform" / "terraform.tfstate").write_text(json.dumps(content))


def test_own_backend_is_accepted(own: OwnState) -> None:
    chosen(own, "local", path=str(own.file), workspace_dir=None)

    own.check_backend()


@pytest.mark.parametrize(
    ("kind", "config"),
    [
        ("s3", {"bucket": "states", "key": "live"}),
        ("local", {"path": "/live/terraform.tfstate"}),
        ("local", {"path": None}),
        ("local", {}),
        ("cloud", {"organization": "shop"}),
        ("http", {"path": "{file}"}),
    ],
)
def test_other_backend_is_refused(own: OwnState, kind: str, config: dict[str, Any]) -> None:
    own.prepare()
    for name in ("c_override.tf", "~~_override.tf", "main.tf", "override.tf.json", "overrides.tf", "b_override.tf"):
        (own.configuration / name).touch()
    chosen(own, kind, **{name: value and value.format(file=own.file) for name, value in config.items()})

    with pytest.raises(BackendError) as refused:
        own.check_backend()

    assert str(refused.value) == (
        f"Terraform would use the backend '{kind}' instead of the run's own state {own.file}. Nothing was changed. "
        "Remove the backend from the override files of the configuration "
        "(b_override.tf, c_override.tf, override.tf.json, ~~_override.tf)."
    )
