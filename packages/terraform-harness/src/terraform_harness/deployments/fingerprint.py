"""What a deployment was made of, so that a kept one is only used again for the same."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from terraform_harness.deployments.deployment import configuration_of
from terraform_harness.targets.target import Target
from terraform_harness.terraform.providers import required_providers

_WORDS = {
    "synthesis": "the synthesized configuration has changed",
    "providers": "it needs other providers",
    "target": "it is on another target",
}


def fingerprint(folder: Path, target: Target, runs: Path) -> dict[str, str]:
    """The parts that must be the same: the configuration with its assets, its providers, and the target."""
    configuration = configuration_of(folder, runs)
    digest = hashlib.sha256()
    for path, source in configuration.files.items():
        digest.update(path.as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(source.read_bytes()).digest())
    return {
        "synthesis": digest.hexdigest(),
        "providers": " ".join(f"{one.address}@{one.version}" for one in required_providers(folder)),
        "target": f"{target.name} {target.place} {target.session}",
    }


def differences(kept: Mapping[str, str], wanted: Mapping[str, str]) -> Sequence[str]:
    """Why a kept deployment is not the wanted one, in words."""
    return [words for part, words in _WORDS.items() if kept.get(part) != wanted[part]]
