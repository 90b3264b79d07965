"""Releases: the artifact is kept once, and can be deployed again under other names."""

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest

from terraform_harness import Synthesis
from tools import release
from tools.errors import ReleasedError
from tools.project import PROJECT


@pytest.mark.usefixtures("syntheses")
def test_release_is_the_synthesis_of_an_ephemeral_environment(
    tmp_path: Path, syntheses: Mapping[str, Synthesis]
) -> None:
    folder = release.keep("1.2.3", tmp_path)

    kept = json.loads((folder / "cdk.tf.json").read_text())
    assert folder == tmp_path / "1.2.3"
    assert kept["resource"].keys() == syntheses["ephemeral"].terraform()["resource"].keys()


def test_version_is_released_once(tmp_path: Path) -> None:
    (tmp_path / "1.2.3").mkdir()

    with pytest.raises(ReleasedError) as raised:
        release.keep("1.2.3", tmp_path)

    assert str(raised.value) == (
        f"Version 1.2.3 was released before: {tmp_path / '1.2.3'} exists. Raise the version in pyproject.toml."
    )


def test_last_release_has_the_highest_version(tmp_path: Path) -> None:
    for version in ("0.9.0", "0.10.0", "0.2.11"):
        (tmp_path / version).mkdir()

    assert release.last(tmp_path) == tmp_path / "0.10.0"


def test_this_version_is_higher_than_the_last_release() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]

    assert tuple(map(int, project["version"].split("."))) > tuple(map(int, release.last().name.split(".")))


def test_copy_has_the_names_and_tags_of_its_deployment(tmp_path: Path) -> None:
    values = {"ENVIRONMENT_SUFFIX": "t-1", "RUN_ID": "run-1", "EXPIRES_AT": "2026-11-23T20:00:00Z"}

    copy = release.copied(release.last(), tmp_path / "copy", values)

    text = (copy / "cdk.tf.json").read_text()
    stack = json.loads(text)
    (table,) = stack["resource"]["aws_dynamodb_table"].values()
    assert table["name"] == "transactions-t-1"
    tags = stack["provider"]["aws"][0]["default_tags"][0]["tags"]
    assert (tags["RunId"], tags["ExpiresAt"]) == ("run-1", values["EXPIRES_AT"])
    assert [placeholder for placeholder in release.PLACEHOLDERS.values() if placeholder in text] == []
    assert [path.name for path in copy.glob("assets/**/*.zip")] == ["function.zip"]
