"""The copy of a Terraform configuration has each file of its folder, except states, caches and dependencies."""

import os
import socket
from pathlib import Path

import pytest

from harness_support.configuration_files import copied, link, write
from terraform_harness.terraform.configuration import find_configuration


def test_copy_has_each_file_of_the_folder(project: Path) -> None:
    names = {"stack/main.tf", "stack/.terraform.lock.hcl", "stack/a b/größe.json", "stack/network.tfstate.tf"}
    write(project, dict.fromkeys(names, ""))
    write(project, {"other/main.tf": "", "README.md": ""})

    copy = copied(project, "stack")

    assert copy == {"main.tf", ".terraform.lock.hcl", "a b/größe.json", "network.tfstate.tf"}


def test_copy_keeps_content_and_mode(project: Path) -> None:
    write(project, {"stack/main.tf": 'file("../run.sh")'})
    (project / "run.sh").write_bytes(b"\x00\xff\n")
    (project / "run.sh").chmod(0o755)

    folder = find_configuration(project / "stack", project=project).copy_to(project.parent / "copy")

    assert folder == project.parent / "copy" / "stack"
    assert (folder / "../run.sh").read_bytes() == b"\x00\xff\n"
    assert (folder / "../run.sh").stat().st_mode & 0o777 == 0o755


def test_each_file_has_its_source_in_order_of_paths(project: Path) -> None:
    names = [f"{folder}/{number}" for folder in ("src", "stack") for number in range(10, 30)]
    write(project, dict.fromkeys(reversed(names), ""))
    write(project, {"stack/main.tf": 'x = "../src"'})

    found = find_configuration(project / "stack", project=project)

    assert found.folder == Path("stack")
    assert list(found.files.items()) == [(Path(name), project / name) for name in [*names, "stack/main.tf"]]


EXCLUDED = [
    ".git/config",
    ".hg/store",
    ".hypothesis/unicode",
    ".mypy_cache/x",
    ".nox/x",
    ".runs/run-1/state",
    ".svn/entries",
    ".terraform/modules/modules.json",
    ".terraform.tfstate.lock.info",
    ".terragrunt-cache/main.tf",
    ".tox/x",
    "__pycache__/x.pyc",
    "node_modules/x/index.js",
    "plan.tfplan",
    "target/CACHEDIR.TAG",
    "terraform.tfstate",
    "terraform.tfstate.1700000000.backup",
    "terraform.tfstate.backup",
    "terraform.tfstate.d/prod/terraform.tfstate",
    "terraform.tfstate~",
    "venv/pyvenv.cfg",
]


@pytest.mark.parametrize("folder", ["", "a/b/"])
@pytest.mark.parametrize("name", EXCLUDED)
def test_copy_has_no_state_cache_or_dependency(project: Path, name: str, folder: str) -> None:
    write(project, {"main.tf": "", f"{folder}{name}": "", f"{folder}kept": ""})

    copy = copied(project, ".")

    assert copy == {"main.tf", f"{folder}kept"}


@pytest.mark.parametrize("text", ["", 'x = "../reports/today"', 'x = "reports"', 'x = "../out/today"', 'x = ".."'])
def test_folders_without_are_not_copied(project: Path, text: str) -> None:
    write(project, {"main.tf": text, "reports/today/x": ""})
    write(project.parent, {"shared/y/z": ""})
    link(project / "latest", "reports/today")
    link(project / "shared", "../shared")
    link(project.parent / "out", "project/reports")
    link(project.parent / "shared-y", "shared/y")

    without = [project.parent / "out", project.parent / "shared-y"]
    files = find_configuration(project, project=project, without=without).files

    assert list(files.values()) == [project / "main.tf"]


def test_configuration_may_be_in_a_folder_without(project: Path) -> None:
    write(project, {".runs/1/stack/main.tf": 'x = "../src/x"', ".runs/1/src/x": ""})

    copy = copied(project, ".runs/1/stack", without=[".runs"])

    assert copy == {"stack/main.tf", "src/x"}


def test_pipes_and_sockets_are_skipped(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(project, {"stack/main.tf": 'x = "../pipe"'})
    os.mkfifo(project / "pipe")
    os.mkfifo(project / "stack/pipe.tf")
    monkeypatch.chdir(project)  # the name of a socket is short
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("stack/socket")

        copy = copied(project, "stack")

    assert copy == {"stack/main.tf"}
