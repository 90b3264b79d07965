"""Keeps the artifact of a release, as the first version of the upgrade test: `python -m tools release`."""

import shutil
import tomllib
from collections.abc import Mapping
from pathlib import Path

import typer

from terraform_harness import synthesize
from tools.errors import ReleasedError
from tools.project import PROJECT

RELEASES = PROJECT / "releases"

# Each deployment of a kept release replaces these values by its own.
PLACEHOLDERS = {
    "ENVIRONMENT_SUFFIX": "suffix-of-the-run",
    "RUN_ID": "run-that-deploys",
    "EXPIRES_AT": "2000-01-01T00:00:00+00:00",
}
# The upgrade test destroys what it deploys.
SETTINGS = PLACEHOLDERS | {"EPHEMERAL": "true"}


def run() -> None:
    """Synthesize the version of pyproject.toml and keep its artifact in releases/."""
    folder = keep(tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]["version"])
    typer.echo(f"Wrote {folder.relative_to(PROJECT)}. Commit it: the next version is tested as an upgrade of it.")


def keep(version: str, releases: Path = RELEASES) -> Path:
    """Synthesize an ephemeral environment, and copy the stack's folder to that of the version.

    Raises:
        ReleasedError: The version has a release already.
    """
    folder = releases / version
    if folder.exists():
        raise ReleasedError(version=version, folder=folder)
    return Path(shutil.copytree(synthesize(PROJECT, SETTINGS).stack_folder(), folder))


def last(releases: Path = RELEASES) -> Path:
    """Return the folder of the highest version."""
    return max(releases.iterdir(), key=lambda folder: tuple(map(int, folder.name.split("."))))


def copied(release: Path, to: Path, values: Mapping[str, str]) -> Path:
    """Copy a release, with the values of a deployment instead of the placeholders."""
    shutil.copytree(release, to)
    file = to / "cdk.tf.json"
    text = file.read_text()
    for setting, placeholder in PLACEHOLDERS.items():
        text = text.replace(placeholder, values[setting])
    file.write_text(text)
    return to
