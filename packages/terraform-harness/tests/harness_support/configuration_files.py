"""Helpers that write the files of a Terraform configuration and copy it."""

from collections.abc import Collection, Mapping
from pathlib import Path

from terraform_harness.terraform.configuration import find_configuration


def write(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def link(path: Path, target: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(target)


def copied(project: Path, folder: str, *, without: Collection[str] = ()) -> set[str]:
    """Copy a configuration and return the path of each file in the copy; nothing in it is a link."""
    found = find_configuration(project / folder, project=project, without=[project / one for one in without])
    root = project.parent / "copy"
    found.copy_to(root)
    assert not any(path.is_symlink() for path in root.rglob("*"))
    return {path.relative_to(root).as_posix() for path in root.rglob("*") if not path.is_dir()}
