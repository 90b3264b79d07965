"""Compares what was asked for with what is there, and says every difference."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_MISSING = object()


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One place where the two are not the same."""

    at: str
    wanted: str
    found: str

    def __str__(self) -> str:
        """Return the line that a failure shows."""
        where = f"{self.at}: " if self.at else ""
        return f"{where}wanted {self.wanted}, found {self.found}"


class Pattern(ABC):
    """A description of many values. Its `str` is how a failure speaks of it."""

    accepts_absence = False

    @abstractmethod
    def differences(self, found: Any, at: str) -> list[Difference]:  # noqa: ANN401 - any JSON value
        """Return what keeps the value from fitting."""


def differences(wanted: Any, found: Any, at: str = "") -> list[Difference]:  # noqa: ANN401 - any JSON value
    """Return every difference.

    A mapping wants what it names and ignores the rest; a list wants the same items in the same order; a pattern
    decides for itself; everything else must be equal.
    """
    if isinstance(wanted, Pattern):
        return wanted.differences(found, at)
    if isinstance(wanted, Mapping) and isinstance(found, Mapping):
        return [
            difference
            for name, value in wanted.items()
            for difference in _member(value, found.get(name, _MISSING), f"{at}.{name}" if at else str(name))
        ]
    if is_list(wanted) and is_list(found) and len(wanted) == len(found):
        return [
            difference
            for index, (item, other) in enumerate(zip(wanted, found, strict=True))
            for difference in differences(item, other, f"{at}[{index}]")
        ]
    # True == 1 in Python, but not in JSON.
    if not is_list(wanted) and isinstance(wanted, bool) == isinstance(found, bool) and wanted == found:
        return []
    return [Difference(at=at, wanted=shown(wanted), found=shown(found))]


def _member(wanted: Any, found: Any, at: str) -> list[Difference]:  # noqa: ANN401 - any JSON value
    if found is not _MISSING:
        return differences(wanted, found, at)
    if isinstance(wanted, Pattern) and wanted.accepts_absence:
        return []
    return [Difference(at=at, wanted=shown(wanted), found="nothing")]


def is_list(value: object) -> bool:
    """Whether a value is what JSON calls an array."""
    return isinstance(value, Sequence) and not isinstance(value, str)


def shown(value: object) -> str:
    """Return a value as a failure shows it."""
    return str(value) if isinstance(value, Pattern) else repr(value)
