"""Compares a wanted value with a found one, and reports every mismatch."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any


class _Missing:
    """A missing member, as opposed to null."""

    def __repr__(self) -> str:
        return "nothing"


_MISSING = _Missing()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mismatch:
    """A location where the wanted and the found value differ, with a hint if that helps."""

    at: str
    wanted: str
    found: str
    hint: str = ""

    def __str__(self) -> str:
        """Return the line of a failure."""
        where = f"{self.at}: " if self.at else ""
        return f"{where}wanted {self.wanted}, found {self.found}{self.hint}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """The path of a value, and the addresses of all resources in the same template."""

    path: str = ""
    addresses: Collection[str] = ()

    def member(self, name: str) -> "Location":
        """Return the location of a member of the mapping at this location."""
        return replace(self, path=f"{self.path}.{name}" if self.path else name)

    def item(self, index: int) -> "Location":
        """Return the location of an item of the list at this location."""
        return replace(self, path=f"{self.path}[{index}]")

    def mismatch(self, wanted: str, found: object, hint: str = "") -> list[Mismatch]:
        """Return the mismatch of the value at this location."""
        return [Mismatch(at=self.path, wanted=wanted, found=repr(found), hint=hint)]


class Pattern(ABC):
    """A description of many values. Failures show its `repr`."""

    accepts_absence = False

    @abstractmethod
    def mismatches(self, found: Any, at: Location) -> list[Mismatch]:  # noqa: ANN401 - any JSON value
        """Return the reasons why the value does not match."""


def mismatches(wanted: Any, found: Any, at: Location) -> list[Mismatch]:  # noqa: ANN401 - any JSON value
    """Return every mismatch.

    A mapping wants its own members and ignores others. A list wants the same items in the same order. A pattern decides
    for itself. Everything else must be equal.
    """
    if found is _MISSING:
        return [] if isinstance(wanted, Pattern) and wanted.accepts_absence else at.mismatch(repr(wanted), found)
    if isinstance(wanted, Pattern):
        return wanted.mismatches(found, at)
    if isinstance(wanted, Mapping) and isinstance(found, Mapping):
        members = ((value, found.get(name, _MISSING), at.member(str(name))) for name, value in wanted.items())
        return [mismatch for member in members for mismatch in mismatches(*member)]
    if is_list(wanted) and is_list(found):
        if len(wanted) != len(found):
            return at.mismatch(repr(wanted), found, _unpaired(wanted, found, at))
        items = ((item, other, at.item(index)) for index, (item, other) in enumerate(zip(wanted, found, strict=True)))
        return [mismatch for item in items for mismatch in mismatches(*item)]
    # True == 1 in Python, but not in JSON.
    is_equal = not is_list(wanted) and isinstance(wanted, bool) == isinstance(found, bool) and wanted == found
    return [] if is_equal else at.mismatch(repr(wanted), found)


def closest(comparisons: Iterable[tuple[Location, Sequence[Mismatch]]]) -> str:
    """Return the mismatches of the best of several comparisons as a hint; empty if they add nothing."""
    helpful = [found for at, found in comparisons if any(one.hint or one.at != at.path for one in found)]
    best: Sequence[Mismatch] = min(helpful, key=len, default=())
    return f" (closest: {'; '.join(map(str, best))})" if best else ""


def is_list(value: object) -> bool:
    """Return whether a value is a JSON array."""
    return isinstance(value, Sequence) and not isinstance(value, str)


def _unpaired(wanted: Sequence[Any], found: Sequence[Any], at: Location) -> str:
    """Return the items that only one of two lists has, as a hint."""
    missing = [item for item in wanted if all(mismatches(item, other, at) for other in found)]
    surplus = [other for other in found if all(mismatches(item, other, at) for item in wanted)]
    named = (("missing", missing), ("surplus", surplus))
    parts = [f"{word}: {', '.join(map(repr, items))}" for word, items in named if items]
    return f" ({'; '.join(parts)})" if parts else ""
