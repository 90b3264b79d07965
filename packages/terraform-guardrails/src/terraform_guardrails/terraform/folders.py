"""Finds the folders with Terraform configurations, in JSON or in HCL."""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

JSON, HCL = ".tf.json", ".tf"
# These have copies, plugins and packages, not configurations of the user.
_SKIPPED = {".git", ".runs", ".terraform", "node_modules"}
_LOCAL_SOURCE = re.compile(r'(?m)(?:^|\{)\s*source\s*=\s*"(\.\.?/[^"]*)"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """A folder, with the files that Terraform reads as one configuration."""

    path: Path
    json: tuple[Path, ...]
    hcl: tuple[Path, ...]


def folders_below(path: Path) -> Iterator[Folder]:
    """Yield the folders with Terraform files, the given one included."""
    for folder_path, names, files in path.walk():
        names[:] = sorted(set(names) - _SKIPPED)
        folder = _folder(folder_path, files)
        if folder.json or folder.hcl:
            yield folder


def folder_of(file: Path) -> Folder:
    """Return the folder of a file."""
    path, _, files = next(file.parent.walk(), (file.parent, [], []))
    return _folder(path, files)


def _folder(path: Path, names: list[str]) -> Folder:
    # Terraform ignores hidden files, such as an editor's lock files.
    files = [path / name for name in sorted(names) if not name.startswith(".")]
    return Folder(
        path=path,
        json=tuple(file for file in files if file.name.endswith(JSON)),
        hcl=tuple(file for file in files if file.name.endswith(HCL)),
    )


def unread(folders: Iterable[Folder], called: Iterable[Path]) -> list[Folder]:
    """Return the folders with HCL that are not local modules, called directly or through other modules."""
    found = {folder.path.resolve(): folder for folder in folders if folder.hcl}
    waiting = [path.resolve() for path in called]
    while waiting:
        path = waiting.pop()
        # A module with JSON and HCL is checked as a configuration, so its HCL counts as unread.
        if path in found and not found[path].json:
            waiting.extend(source.resolve() for source in _called_in(found.pop(path)))
    return list(found.values())


def _called_in(folder: Folder) -> Iterator[Path]:
    """Yield the folders that the HCL of a folder calls as local modules."""
    for file in folder.hcl:
        with suppress(OSError):
            yield from (folder.path / source for source in _LOCAL_SOURCE.findall(file.read_text(errors="replace")))
