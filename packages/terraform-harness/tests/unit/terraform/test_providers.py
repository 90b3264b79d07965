"""A mirror that has all providers of a configuration is used for them; the registry has the others."""

import json
from pathlib import Path

import pytest

from terraform_harness.terraform import providers
from terraform_harness.terraform.providers import RequiredProvider, cli_configuration, find_mirror, required_providers


@pytest.fixture
def stack(tmp_path: Path) -> Path:
    folder = tmp_path / "stack"
    folder.mkdir()
    required = {"aws": {"source": "hashicorp/aws", "version": "5.100.0"}}
    (folder / "cdk.tf.json").write_text(json.dumps({"terraform": {"required_providers": required}}))
    return folder


@pytest.fixture
def mirror(tmp_path: Path, stack: Path) -> Path:
    mirror = tmp_path / "mirror"
    (provider,) = required_providers(stack)
    (mirror / provider.folder).mkdir(parents=True)
    return mirror


@pytest.fixture(autouse=True)
def no_mirror_on_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(providers, "_IMPLIED", (str(tmp_path / "implied"),))
    monkeypatch.setattr(providers, "_MIRRORS_BELOW", tmp_path / "opt")


def test_providers_are_read_from_the_configuration(stack: Path) -> None:
    found = required_providers(stack)

    assert found == [RequiredProvider(source="hashicorp/aws", version="5.100.0")]


@pytest.mark.parametrize(
    ("source", "address"),
    [
        ("aws", "registry.terraform.io/hashicorp/aws"),
        ("hashicorp/aws", "registry.terraform.io/hashicorp/aws"),
        ("example.com/team/thing", "example.com/team/thing"),
    ],
)
def test_source_has_the_defaults_of_terraform(source: str, address: str) -> None:
    provider = RequiredProvider(source=source, version="1.0.0")

    assert provider.address == address


@pytest.mark.parametrize("variable", ["TF_PROVIDER_MIRROR", "TF_PLUGIN_CACHE_DIR"])
def test_mirror_of_the_environment_is_first(stack: Path, mirror: Path, variable: str) -> None:
    found = find_mirror(required_providers(stack), {variable: str(mirror)})

    assert found == mirror


def test_mirror_in_opt_is_found(stack: Path, mirror: Path, tmp_path: Path) -> None:
    (tmp_path / "opt").mkdir()
    moved = mirror.rename(tmp_path / "opt" / "plugins")

    found = find_mirror(required_providers(stack), {})

    assert found == moved


def test_mirror_with_another_version_is_not_used(mirror: Path) -> None:
    newer = RequiredProvider(source="hashicorp/aws", version="6.0.0")

    found = find_mirror([newer], {"TF_PROVIDER_MIRROR": str(mirror)})

    assert found is None


def test_mirror_has_its_providers_and_the_registry_the_others(stack: Path, mirror: Path) -> None:
    text = cli_configuration(stack, stack / "cache", {"TF_PROVIDER_MIRROR": str(mirror)})

    assert text == (
        "provider_installation {\n"
        "  filesystem_mirror {\n"
        f'    path    = "{mirror}"\n'
        '    include = ["registry.terraform.io/hashicorp/aws"]\n'
        "  }\n"
        "  direct {\n"
        '    exclude = ["registry.terraform.io/hashicorp/aws"]\n'
        "  }\n"
        "}\n"
    )


def test_cache_keeps_plugins_of_the_registry(stack: Path, tmp_path: Path) -> None:
    text = cli_configuration(stack, tmp_path / "cache", {})

    assert text == f'plugin_cache_dir = "{tmp_path}/cache"\n'
    assert (tmp_path / "cache").is_dir()
