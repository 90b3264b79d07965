"""Compares what was asked for with what is there, and says every difference."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

_MISSING = object()


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a value stands, as a failure names it, and the addresses of all that is in the same template."""

    path: str = ""
    addresses: Collection[str] = ()

    def member(self, name: str) -> "Place":
        """The place of a member of a mapping that stands here."""
        return replace(self, path=f"{self.path}.{name}" if self.path else name)

    def item(self, index: int) -> "Place":
        """The place of an item of a list that stands here."""
        return replace(self, path=f"{self.path}[{index}]")

    def __str__(self) -> str:
        """Return the path."""
        return self.path


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One place where the two are not the same, and what helps to see why."""

    at: str
    wanted: str
    found: str
    hint: str = ""

    def __str__(self) -> str:
        """Return the line that a failure shows."""
        where = f"{self.at}: " if self.at else ""
        return f"{where}wanted {self.wanted}, found {self.found}{self.hint}"


class Pattern(ABC):
    """A description of many values. Its `repr` is how a failure speaks of it, alone or inside of a value."""

    accepts_absence = False

    @abstractmethod
    def differences(self, found: Any, at: Place) -> list[Difference]:  # noqa: ANN401 - any JSON value
        """Return what keeps the value from fitting."""


def differences(wanted: Any, found: Any, at: Place) -> list[Difference]:  # noqa: ANN401 - any JSON value
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
            for difference in _member(value, found.get(name, _MISSING), at.member(str(name)))
        ]
    if is_list(wanted) and is_list(found):
        if len(wanted) != len(found):
            return [Difference(at=str(at), wanted=repr(wanted), found=repr(found), hint=_unpaired(wanted, found, at))]
        return [
            difference
            for index, (item, other) in enumerate(zip(wanted, found, strict=True))
            for difference in differences(item, other, at.item(index))
        ]
    # True == 1 in Python, but not in JSON.
    if not is_list(wanted) and isinstance(wanted, bool) == isinstance(found, bool) and wanted == found:
        return []
    return [Difference(at=str(at), wanted=repr(wanted), found=repr(found))]


def nearest(comparisons: Iterable[tuple[Place, Sequence[Difference]]]) -> str:
    """Return what the best of several comparisons lacks, for the end of a failure; nothing if that helps nobody."""
    telling = [found for at, found in comparisons if any(one.hint or one.at != str(at) for one in found)]
    best: Sequence[Difference] = min(telling, key=len, default=())
    return f" (nearest: {'; '.join(map(str, best))})" if best else ""


def is_list(value: object) -> bool:
    """Whether a value is what JSON calls an array."""
    return isinstance(value, Sequence) and not isinstance(value, str)


def _member(wanted: Any, found: Any, at: Place) -> list[Difference]:  # noqa: ANN401 - any JSON value
    if found is not _MISSING:
        return differences(wanted, found, at)
    if isinstance(wanted, Pattern) and wanted.accepts_absence:
        return []
    return [Difference(at=str(at), wanted=repr(wanted), found="nothing")]


def _unpaired(wanted: Sequence[Any], found: Sequence[Any], at: Place) -> str:
    """Return the items of each of two lists that the other one lacks, for the end of a failure."""
    missing = [item for item in wanted if all(differences(item, other, at) for other in found)]
    surplus = [other for other in found if all(differences(item, other, at) for item in wanted)]
    parts = [
        f"{word}: {', '.join(map(repr, items))}"
        for word, items in (("missing", missing), ("surplus", surplus))
        if items
    ]
    return f" ({'; '.join(parts)})" if parts else ""
