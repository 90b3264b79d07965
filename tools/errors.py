"""Errors of the maintainers' programs.

ToolsError
├── ReleasedError  the version has a release already
└── MarkersError   a page has no place for generated text
"""

from pathlib import Path


class ToolsError(Exception):
    """The base of all errors of the maintainers' programs."""


class ReleasedError(ToolsError):
    """The version has a release already."""

    def __init__(self, *, version: str, folder: Path) -> None:
        super().__init__(
            f"Version {version} was released before: {folder} exists. Raise the version in pyproject.toml."
        )


class MarkersError(ToolsError):
    """A page has no place for generated text."""

    def __init__(self, *, page: Path, begin: str, end: str) -> None:
        super().__init__(f"Cannot update {page}: it lacks the lines '{begin}' and '{end}'. Add both to the page.")
