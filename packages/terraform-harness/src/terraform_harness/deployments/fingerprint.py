"""Compares a kept deployment with the one that a session would make, so that only the same one is reused."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from terraform_harness.deployments.deployment import configuration_of
from terraform_harness.targets.target import Target
from terraform_harness.terraform.providers import required_providers

_REASONS = {
    "synthesis": "the configuration has changed",
    "providers": "it needs other providers",
    "target": "it is on another target",
}


def fingerprint(folder: Path, target: Target, runs: Path) -> dict[str, str]:
    """Return what must stay the same: the configuration with its assets, its providers, and the target."""
    digest = hashlib.sha256()
    for path, source in configuration_of(folder, runs).files.items():
        digest.update(path.as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(source.read_bytes()).digest())
    return {
        "synthesis": digest.hexdigest(),
        "providers": " ".join(f"{one.address}@{one.version}" for one in required_providers(folder)),
        "target": f"{target.name} {target.place} {target.session}",
    }


def differences(kept: Mapping[str, str], wanted: Mapping[str, str]) -> Sequence[str]:
    """Return the reasons why a kept deployment cannot be reused."""
    return [reason for part, reason in _REASONS.items() if kept.get(part) != wanted[part]]
