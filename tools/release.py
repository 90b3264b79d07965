"""Keeps what a release deploys, for the upgrade test to begin with: `python -m tools.release`."""

import shutil
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path

from operations.errors import OperationsError, ReleasedError
from terraform_harness.synthesis import synthesize

PROJECT = Path(__file__).parent.parent
RELEASES = PROJECT / "releases"

# What stands in a kept release for what each deployment of it has of its own.
PLACEHOLDERS = {
    "ENVIRONMENT_SUFFIX": "suffix-of-the-run",
    "RUN_ID": "run-that-deploys",
    "EXPIRES_AT": "2000-01-01T00:00:00+00:00",
}


def keep(version: str, releases: Path = RELEASES) -> Path:
    """Synthesize with default settings, and keep the stack's folder under the version.

    Raises:
        ReleasedError: The version was released before.
    """
    folder = releases / version
    if folder.exists():
        raise ReleasedError(version=version, folder=folder)
    return Path(shutil.copytree(synthesize(PROJECT, PLACEHOLDERS).stack_folder(), folder))


def last(releases: Path = RELEASES) -> Path:
    """The folder of the highest version."""
    return max(releases.iterdir(), key=lambda folder: tuple(map(int, folder.name.split("."))))


def copied(release: Path, to: Path, values: Mapping[str, str]) -> Path:
    """Copy a release, with a deployment's own values for the settings that have placeholders."""
    shutil.copytree(release, to)
    file = to / "cdk.tf.json"
    text = file.read_text()
    for setting, placeholder in PLACEHOLDERS.items():
        text = text.replace(placeholder, values[setting])
    file.write_text(text)
    return to


def main() -> int:
    """Keep the version that pyproject.toml names."""
    version = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]["version"]
    try:
        folder = keep(version)
    except OperationsError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{folder.relative_to(PROJECT)} is what the next version must be able to follow: commit it.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
