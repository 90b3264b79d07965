"""Patterns: descriptions of many values."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, override

from terraform_harness.template.matching import Location, Mismatch, Pattern, closest, is_list, mismatches
from terraform_harness.template.references import closest_addresses, whole_reference

type Json = Any


def matching(expression: str) -> Pattern:
    """Return a pattern for strings that match a whole regular expression."""
    compiled = re.compile(expression)
    return _Simple(
        f"a string matching {expression!r}",
        lambda found: isinstance(found, str) and compiled.fullmatch(found) is not None,
    )


def containing(*items: Json) -> Pattern:
    """Return a pattern for lists that have these items in any order, and for strings that have these parts."""
    return _Containing(items)


def exactly(wanted: dict[str, Json]) -> Pattern:
    """Return a pattern for mappings that have these members and no others."""
    return _Exactly(wanted)


def one_of(*values: Json) -> Pattern:
    """Return a pattern for any of several values."""
    return _OneOf(values)


def decoded(wanted: Json) -> Pattern:
    """Return a pattern for JSON texts, such as policies and dashboards, by their content."""
    return _Decoded(wanted)


def attribute(of: str, name: str) -> Pattern:
    """Return a pattern for a reference to an attribute of a resource in the template, by its type or address."""
    return _Attribute(of, name)


@dataclass(frozen=True, slots=True)
class _Simple(Pattern):
    text: str
    fits: Callable[[Json], bool]
    accepts_absence: bool = False

    @override
    def mismatches(self, found: Json, at: Location) -> list[Mismatch]:
        return [] if self.fits(found) else at.mismatch(self.text, found)

    def __repr__(self) -> str:
        return self.text


ANYTHING: Pattern = _Simple("anything", lambda _: True)
# Terraform treats null as not set.
ABSENT: Pattern = _Simple("nothing", lambda found: found is None, accepts_absence=True)


@dataclass(frozen=True, slots=True)
class _Containing(Pattern):
    items: tuple[Json, ...]

    @override
    def mismatches(self, found: Json, at: Location) -> list[Mismatch]:
        missing = [item for item in self.items if not self._is_in(item, found, at)]
        if not missing:
            return []
        compared = [comparison for item in missing for comparison in self._compared(item, found, at)]
        return at.mismatch(f"also {', '.join(map(repr, missing))}", found, closest(compared))

    def _is_in(self, item: Json, found: Json, at: Location) -> bool:
        if isinstance(item, str) and isinstance(found, str):
            return item in found
        return any(not lacking for _, lacking in self._compared(item, found, at))

    @staticmethod
    def _compared(item: Json, found: Json, at: Location) -> list[tuple[Location, list[Mismatch]]]:
        others = found if is_list(found) else ()
        return [(at.item(index), mismatches(item, other, at.item(index))) for index, other in enumerate(others)]

    def __repr__(self) -> str:
        return f"something containing {', '.join(map(repr, self.items))}"


@dataclass(frozen=True, slots=True)
class _Exactly(Pattern):
    wanted: dict[str, Json]

    @override
    def mismatches(self, found: Json, at: Location) -> list[Mismatch]:
        if not isinstance(found, dict):
            return at.mismatch(repr(self), found)
        surplus = [at.member(name).mismatch("nothing", found[name]) for name in found if name not in self.wanted]
        return sum(surplus, mismatches(self.wanted, found, at))

    def __repr__(self) -> str:
        return f"exactly {self.wanted!r}"


@dataclass(frozen=True, slots=True)
class _OneOf(Pattern):
    values: tuple[Json, ...]

    @override
    def mismatches(self, found: Json, at: Location) -> list[Mismatch]:
        compared = [(at, mismatches(value, found, at)) for value in self.values]
        fits = any(not lacking for _, lacking in compared)
        return [] if fits else at.mismatch(repr(self), found, closest(compared))

    def __repr__(self) -> str:
        return f"one of {', '.join(map(repr, self.values))}"


@dataclass(frozen=True, slots=True)
class _Decoded(Pattern):
    wanted: Json

    @override
    def mismatches(self, found: Json, at: Location) -> list[Mismatch]:
        try:
            content = json.loads(found)
        except (TypeError, ValueError):
            return at.mismatch(repr(self), found)
        return mismatches(self.wanted, content, at)

    def __repr__(self) -> str:
        return f"the JSON of {self.wanted!r}"


@dataclass(frozen=True, slots=True)
class _Attribute(Pattern):
    of: str
    name: str

    @override
    def mismatches(self, found: Json, at: Location) -> list[Mismatch]:
        reference = whole_reference(found) if isinstance(found, str) else None
        if reference is None or self.of not in {reference.address, reference.type} or reference.attribute != self.name:
            return at.mismatch(repr(self), found)
        if reference.address in at.addresses:
            return []
        hint = f", but {reference.address} is not in the template{closest_addresses(reference.address, at.addresses)}"
        return at.mismatch(repr(self), found, hint)

    def __repr__(self) -> str:
        return f"the {self.name} of {self.of}"
