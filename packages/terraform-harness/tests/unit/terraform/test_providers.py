"""A mirror is found where it stands, and asked for the providers that it holds and no others."""

import json
from pathlib import Path

import pytest

from terraform_harness.terraform import providers
from terraform_harness.terraform.providers import Provider, cli_configuration, find_mirror, required_providers


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
def nothing_on_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(providers, "_IMPLIED", (str(tmp_path / "implied"),))
    monkeypatch.setattr(providers, "_MIRRORS_BELOW", tmp_path / "opt")


def test_the_providers_of_a_stack_are_read_from_its_json(stack: Path) -> None:
    found = required_providers(stack)

    assert found == [Provider(source="hashicorp/aws", version="5.100.0")]


@pytest.mark.parametrize(
    ("source", "address"),
    [
        ("aws", "registry.terraform.io/hashicorp/aws"),
        ("hashicorp/aws", "registry.terraform.io/hashicorp/aws"),
        ("example.com/team/thing", "example.com/team/thing"),
    ],
)
def test_what_a_source_leaves_out_is_terraforms_own(source: str, address: str) -> None:
    provider = Provider(source=source, version="1.0.0")

    assert provider.address == address


@pytest.mark.parametrize("variable", ["TF_PROVIDER_MIRROR", "TF_PLUGIN_CACHE_DIR"])
def test_the_mirror_that_is_set_comes_first(stack: Path, mirror: Path, variable: str) -> None:
    found = find_mirror(required_providers(stack), {variable: str(mirror)})

    assert found == mirror


def test_a_mirror_below_opt_is_discovered(stack: Path, mirror: Path, tmp_path: Path) -> None:
    (tmp_path / "opt").mkdir()
    place = mirror.rename(tmp_path / "opt" / "plugins")

    found = find_mirror(required_providers(stack), {})

    assert found == place


def test_a_mirror_with_another_version_does_not_serve(mirror: Path) -> None:
    newer = Provider(source="hashicorp/aws", version="6.0.0")

    found = find_mirror([newer], {"TF_PROVIDER_MIRROR": str(mirror)})

    assert found is None


def test_the_mirror_is_asked_for_its_providers_and_the_registry_for_the_rest(stack: Path, mirror: Path) -> None:
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


def test_without_a_mirror_what_the_registry_gives_is_kept_between_runs(stack: Path, tmp_path: Path) -> None:
    text = cli_configuration(stack, tmp_path / "cache", {})

    assert text == f'plugin_cache_dir = "{tmp_path}/cache"\n'
    assert (tmp_path / "cache").is_dir()
