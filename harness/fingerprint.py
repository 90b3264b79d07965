"""What a deployment was made of, so that a kept one is only used again for the same."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from harness.providers import required_providers
from harness.targets import Target

_WORDS = {
    "synthesis": "the synthesized configuration has changed",
    "providers": "it needs other providers",
    "target": "it is on another target",
}


def fingerprint(configuration: Path, target: Target) -> dict[str, str]:
    """The parts that must be the same: the configuration with its assets, its providers, and the target."""
    digest = hashlib.sha256()
    for path in sorted(path for path in configuration.rglob("*") if path.is_file()):
        digest.update(path.relative_to(configuration).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return {
        "synthesis": digest.hexdigest(),
        "providers": " ".join(f"{one.address}@{one.version}" for one in required_providers(configuration)),
        "target": f"{target.name} {target.place}",
    }


def differences(kept: Mapping[str, str], wanted: Mapping[str, str]) -> Sequence[str]:
    """Why a kept deployment is not the wanted one, in words."""
    return [words for part, words in _WORDS.items() if kept.get(part) != wanted[part]]
