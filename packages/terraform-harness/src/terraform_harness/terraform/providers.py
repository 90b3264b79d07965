"""Finds a local mirror of provider plugins, so that terraform works offline; else the registry is asked."""

import json
import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

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
class Provider:
    """A provider as the synthesized JSON asks for it."""

    source: str
    version: str

    @property
    def address(self) -> str:
        """HOST/NAMESPACE/TYPE; Terraform lets the first two be left out."""
        parts = self.source.split("/")
        return "/".join([_REGISTRY, "hashicorp"][: 3 - len(parts)] + parts)

    @property
    def folder(self) -> str:
        """Where Terraform's unpacked mirror layout keeps it, relative to the mirror."""
        system = f"{platform.system().lower()}_{_MACHINES.get(platform.machine(), platform.machine())}"
        return f"{self.address}/{self.version}/{system}"


def required_providers(folder: Path) -> Sequence[Provider]:
    """The providers that the `*.tf.json` files of a folder ask for, with an exact version."""
    found: list[Provider] = []
    for path in sorted(folder.glob("*.tf.json")):
        terraform = json.loads(path.read_text()).get("terraform", {})
        for block in terraform if isinstance(terraform, list) else [terraform]:
            required = block.get("required_providers", {})
            for requirements in required if isinstance(required, list) else [required]:
                found.extend(
                    Provider(source=one["source"], version=str(one["version"]).lstrip("= "))
                    for one in requirements.values()
                    if "version" in one
                )
    return found


def mirror_candidates(environment: Mapping[str, str]) -> Iterator[Path]:
    """The folders that may hold a mirror: the one that is set, Terraform's own, those of /opt."""
    # A plugin cache has the layout of a mirror; as one it is read and never written.
    for variable in ("TF_PROVIDER_MIRROR", "TF_PLUGIN_CACHE_DIR"):
        if chosen := environment.get(variable):
            yield Path(chosen)
    for implied in _IMPLIED:
        yield Path(implied).expanduser()
    if _MIRRORS_BELOW.is_dir():
        yield from sorted(path.parent for path in _MIRRORS_BELOW.glob(f"*/{_REGISTRY}"))
        yield from sorted(path.parent for path in _MIRRORS_BELOW.glob(f"*/*/{_REGISTRY}"))


def find_mirror(providers: Sequence[Provider], environment: Mapping[str, str]) -> Path | None:
    """The first candidate that holds every provider, or None."""
    for mirror in mirror_candidates(environment):
        if providers and all((mirror / provider.folder).is_dir() for provider in providers):
            return mirror.resolve()
    return None


def cli_configuration(folder: Path, cache: Path, environment: Mapping[str, str] = os.environ) -> str:
    """The Terraform CLI configuration for a folder: the mirror that holds its providers, else the registry and a cache.

    Args:
        folder: Holds the `*.tf.json`.
        cache: Keeps downloaded plugins between runs, where no mirror was found.
        environment: Read for TF_PROVIDER_MIRROR and TF_PLUGIN_CACHE_DIR.
    """
    providers = required_providers(folder)
    mirror = find_mirror(providers, environment)
    if mirror is None:
        cache.mkdir(parents=True, exist_ok=True)
        return f"plugin_cache_dir = {json.dumps(str(cache))}\n"
    # Each provider belongs to one method: Terraform asks every method that may have it, the registry too.
    sources = json.dumps([provider.address for provider in providers])
    return (
        "provider_installation {\n"
        f"  filesystem_mirror {{\n    path    = {json.dumps(str(mirror))}\n    include = {sources}\n  }}\n"
        f"  direct {{\n    exclude = {sources}\n  }}\n"
        "}\n"
    )
