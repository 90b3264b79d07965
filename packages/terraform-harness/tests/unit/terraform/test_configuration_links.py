"""Symbolic links in a Terraform configuration are followed, except in a loop or to an excluded file."""

from pathlib import Path

import pytest

from harness_support.configuration_files import copied, link, write
from terraform_harness.terraform.configuration import find_configuration


def test_links_are_followed(project: Path) -> None:
    write(project, {"main.tf": "", "src/a": "", "src/b/c": ""})
    link(project / "stack/main.tf", "../main.tf")
    link(project / "stack/src", "../src")
    link(project / "stack/link", "src/b")

    copy = copied(project, "stack")

    assert copy == {"main.tf", "src/a", "src/b/c", "link/c"}


@pytest.mark.parametrize("target", [".", "..", "../..", "/", "loop", "missing", "../other"])
def test_link_is_not_followed_endlessly(project: Path, target: str) -> None:
    write(project, {"stack/main.tf": "", "stack/a/b": "", "stack/other/c": ""})
    link(project / "stack/a/loop", target)
    link(project / "stack/other/back", "../a")
    here = {"main.tf", "a/b", "other/c", "other/back/b"}

    copy = copied(project, "stack")

    assert copy == (here | {"a/loop/c"} if target == "../other" else here)


@pytest.mark.parametrize(
    "target", ["other.tfstate", ".git/config", "terraform.tfstate.d/prod/data", ".terraform", "hidden"]
)
def test_link_to_an_excluded_file_is_not_followed(project: Path, target: str) -> None:
    write(project, {"stack/main.tf": 'file("../state")\nfile("../named.tfstate")', "stack/kept": "", "kept": ""})
    write(project, dict.fromkeys(["other.tfstate", ".git/config", "terraform.tfstate.d/prod/data"], ""))
    write(project, {".terraform/x": ""})
    link(project / "hidden", "other.tfstate")
    link(project / "stack/state.json", f"../{target}")
    link(project / "stack/kept.tfstate", "kept")
    link(project / "named.tfstate", "kept")
    link(project / "state", target)

    copy = copied(project, "stack")

    assert copy == {"stack/main.tf", "stack/kept"}


def test_linked_folder_has_no_dependencies(project: Path) -> None:
    write(project, {"stack/main.tf": "", "src/node_modules/x": "", "src/y": ""})
    link(project / "stack/src", "../src")

    copy = copied(project, "stack")

    assert copy == {"main.tf", "src/y"}


def test_configuration_may_be_a_link(project: Path) -> None:
    write(project, {"releases/1/stack/main.tf": 'file("../src/x")', "releases/1/src/x": ""})
    link(project / "stack", "releases/1/stack")

    copy = copied(project, "stack")

    assert copy == {"stack/main.tf", "src/x"}


def test_project_may_be_a_link(project: Path) -> None:
    write(project, {"stack/main.tf": 'x = "../${var.x}.zip"', "v-1.zip": ""})
    link(project.parent / "linked", "project")

    files = find_configuration(project / "stack", project=project.parent / "linked").files

    assert list(files.values()) == [project / "stack/main.tf", project / "v-1.zip"]


def test_path_through_a_link_to_the_parent_is_copied(project: Path) -> None:
    write(project, {"stack/main.tf": 'x = "repository/src/x"\ny = "rootfs/*"', "src/x": "", "src/y": ""})
    link(project / "stack/repository", "..")
    link(project / "stack/rootfs", "/")

    copy = copied(project, "stack")

    assert copy == {"main.tf", "repository/src/x"}
