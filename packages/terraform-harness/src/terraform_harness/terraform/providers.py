"""Finds a local mirror of provider plugins, so that Terraform works offline."""

import json
import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_REGISTRY = "registry.terraform.io"
# Terraform's own implied mirror folders, in its order: https://developer.hashicorp.com/terraform/cli/config/config-file
_IMPLIED = (
    "terraform.d/plugins",
    "~/.terraform.d/plugins",
    "~/.local/share/terraform/plugins",
    "~/Library/Application Support/io.terraform/plugins",
    "/usr/local/share/terraform/plugins",
    "/usr/share/terraform/plugins",
)
_MIRRORS_BELOW = Path("/opt")
_MACHINES = {"x86_64": "amd64", "AMD64": "amd64", "aarch64": "arm64", "arm64": "arm64"}


@dataclass(frozen=True, slots=True, kw_only=True)
class RequiredProvider:
    """A provider that a configuration requires."""

    source: str
    version: str

    @property
    def address(self) -> str:
        """HOST/NAMESPACE/TYPE, with Terraform's defaults for a missing host and namespace."""
        parts = self.source.split("/")
        return "/".join([_REGISTRY, "hashicorp"][: 3 - len(parts)] + parts)

    @property
    def folder(self) -> str:
        """The folder in Terraform's unpacked mirror layout."""
        system = f"{platform.system().lower()}_{_MACHINES.get(platform.machine(), platform.machine())}"
        return f"{self.address}/{self.version}/{system}"


def required_providers(folder: Path) -> Sequence[RequiredProvider]:
    """Return the providers that the `*.tf.json` files of a folder require, each with an exact version."""
    found: list[RequiredProvider] = []
    for path in sorted(folder.glob("*.tf.json")):
        for block in _as_list(json.loads(path.read_text()).get("terraform", {})):
            for requirements in _as_list(block.get("required_providers", {})):
                found.extend(
                    RequiredProvider(source=one["source"], version=str(one["version"]).lstrip("= "))
                    for one in requirements.values()
                    if "version" in one
                )
    return found


def mirror_candidates(environment: Mapping[str, str]) -> Iterator[Path]:
    """Yield the folders that may be a mirror: from the environment, Terraform's own, and those in /opt."""
    # A plugin cache has the layout of a mirror. It is read as a mirror and never written.
    for variable in ("TF_PROVIDER_MIRROR", "TF_PLUGIN_CACHE_DIR"):
        if chosen := environment.get(variable):
            yield Path(chosen)
    for implied in _IMPLIED:
        yield Path(implied).expanduser()
    if _MIRRORS_BELOW.is_dir():
        yield from sorted(path.parent for path in _MIRRORS_BELOW.glob(f"*/{_REGISTRY}"))
        yield from sorted(path.parent for path in _MIRRORS_BELOW.glob(f"*/*/{_REGISTRY}"))


def find_mirror(providers: Sequence[RequiredProvider], environment: Mapping[str, str]) -> Path | None:
    """Return the first candidate that has every provider, or None."""
    for mirror in mirror_candidates(environment):
        if providers and all((mirror / provider.folder).is_dir() for provider in providers):
            return mirror.resolve()
    return None


def cli_configuration(folder: Path, cache: Path, environment: Mapping[str, str]) -> str:
    """Return the Terraform CLI configuration for a folder: a mirror if one has its providers, else the registry.

    Args:
        folder: Holds the `*.tf.json` files.
        cache: Keeps downloaded plugins between runs, if there is no mirror.
        environment: Read for TF_PROVIDER_MIRROR and TF_PLUGIN_CACHE_DIR.
    """
    providers = required_providers(folder)
    mirror = find_mirror(providers, environment)
    if mirror is None:
        cache.mkdir(parents=True, exist_ok=True)
        return f"plugin_cache_dir = {json.dumps(str(cache))}\n"
    # Terraform asks every installation method that may have a provider, so each provider is listed for one method.
    sources = json.dumps([provider.address for provider in providers])
    return (
        "provider_installation {\n"
        f"  filesystem_mirror {{\n    path    = {json.dumps(str(mirror))}\n    include = {sources}\n  }}\n"
        f"  direct {{\n    exclude = {sources}\n  }}\n"
        "}\n"
    )


def _as_list(blocks: Any) -> list[Any]:  # noqa: ANN401 - any JSON value
    """Return the blocks of a name: JSON has one as an object, several as a list."""
    return blocks if isinstance(blocks, list) else [blocks]
