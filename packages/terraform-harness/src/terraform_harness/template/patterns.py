"""Values that are described rather than given."""

import json
import re
from dataclasses import dataclass
from typing import Any, override

from terraform_harness.template.matching import Difference, Pattern, Place, differences, is_list, nearest
from terraform_harness.template.references import nearest_addresses, whole_reference


def matching(expression: str) -> Pattern:
    """Return a pattern for strings in which the whole regular expression matches."""
    return _Matching(expression)


def containing(*items: Any) -> Pattern:  # noqa: ANN401 - any JSON value
    """Return a pattern for lists that have these items, in any order and among others, and strings with these parts."""
    return _Containing(items)


def exactly(wanted: dict[str, Any]) -> Pattern:
    """Return a pattern for mappings that have these members and no other."""
    return _Exactly(wanted)


def one_of(*values: Any) -> Pattern:  # noqa: ANN401 - any JSON value
    """Return a pattern for any of several values."""
    return _OneOf(values)


def decoded(wanted: Any) -> Pattern:  # noqa: ANN401 - any JSON value
    """Return a pattern for strings of JSON, such as policies and dashboards, whose content is as wanted."""
    return _Decoded(wanted)


def attribute(of: str, name: str) -> Pattern:
    """Return a pattern for a reference to an attribute of a resource of the template, given by type or address."""
    return _Attribute(of, name)


@dataclass(frozen=True, slots=True)
class _Matching(Pattern):
    expression: str

    @override
    def differences(self, found: Any, at: Place) -> list[Difference]:
        fits = isinstance(found, str) and re.fullmatch(self.expression, found) is not None
        return [] if fits else [Difference(at=str(at), wanted=repr(self), found=repr(found))]

    def __repr__(self) -> str:
        return f"a string matching {self.expression!r}"


@dataclass(frozen=True, slots=True)
class _Containing(Pattern):
    items: tuple[Any, ...]

    @override
    def differences(self, found: Any, at: Place) -> list[Difference]:
        missing = [item for item in self.items if not _is_in(item, found, at)]
        if not missing:
            return []
        compared = [pair for item in missing for pair in _compared(item, found, at)]
        wanted = f"also {', '.join(map(repr, missing))}"
        return [Difference(at=str(at), wanted=wanted, found=repr(found), hint=nearest(compared))]

    def __repr__(self) -> str:
        return f"something containing {', '.join(map(repr, self.items))}"


def _is_in(item: Any, found: Any, at: Place) -> bool:  # noqa: ANN401 - any JSON value
    if isinstance(item, str) and isinstance(found, str):
        return item in found
    return any(not lacking for _, lacking in _compared(item, found, at))


def _compared(item: Any, found: Any, at: Place) -> list[tuple[Place, list[Difference]]]:  # noqa: ANN401 - any JSON value
    others = found if is_list(found) else ()
    return [(at.item(index), differences(item, other, at.item(index))) for index, other in enumerate(others)]


@dataclass(frozen=True, slots=True)
class _Exactly(Pattern):
    wanted: dict[str, Any]

    @override
    def differences(self, found: Any, at: Place) -> list[Difference]:
        if not isinstance(found, dict):
            return [Difference(at=str(at), wanted=repr(self), found=repr(found))]
        surplus = [
            Difference(at=str(at.member(name)), wanted="nothing", found=repr(value))
            for name, value in found.items()
            if name not in self.wanted
        ]
        return differences(self.wanted, found, at) + surplus

    def __repr__(self) -> str:
        return f"exactly {self.wanted!r}"


@dataclass(frozen=True, slots=True)
class _OneOf(Pattern):
    values: tuple[Any, ...]

    @override
    def differences(self, found: Any, at: Place) -> list[Difference]:
        compared = [(at, differences(value, found, at)) for value in self.values]
        fits = any(not lacking for _, lacking in compared)
        return [] if fits else [Difference(at=str(at), wanted=repr(self), found=repr(found), hint=nearest(compared))]

    def __repr__(self) -> str:
        return f"one of {', '.join(map(repr, self.values))}"


@dataclass(frozen=True, slots=True)
class _Decoded(Pattern):
    wanted: Any

    @override
    def differences(self, found: Any, at: Place) -> list[Difference]:
        try:
            content = json.loads(found)
        except (TypeError, ValueError):
            return [Difference(at=str(at), wanted=repr(self), found=repr(found))]
        return differences(self.wanted, content, at)

    def __repr__(self) -> str:
        return f"the JSON of {self.wanted!r}"


@dataclass(frozen=True, slots=True)
class _Attribute(Pattern):
    of: str
    name: str

    @override
    def differences(self, found: Any, at: Place) -> list[Difference]:
        reference = whole_reference(found) if isinstance(found, str) else None
        if reference is None or self.of not in {reference.address, reference.type} or reference.attribute != self.name:
            return [Difference(at=str(at), wanted=repr(self), found=repr(found))]
        if reference.address in at.addresses:
            return []
        near = nearest_addresses(reference.address, at.addresses)
        hint = f", but no {reference.address} is in the template{near}"
        return [Difference(at=str(at), wanted=repr(self), found=repr(found), hint=hint)]

    def __repr__(self) -> str:
        return f"the {self.name} of {self.of}"


@dataclass(frozen=True, slots=True)
class _Anything(Pattern):
    @override
    def differences(self, found: Any, at: Place) -> list[Difference]:
        return []

    def __repr__(self) -> str:
        return "anything"


class _Absent(Pattern):
    accepts_absence = True

    @override
    def differences(self, found: Any, at: Place) -> list[Difference]:
        # Terraform reads null as not set.
        return [] if found is None else [Difference(at=str(at), wanted="nothing", found=repr(found))]

    def __repr__(self) -> str:
        return "nothing"


ANYTHING: Pattern = _Anything()
ABSENT: Pattern = _Absent()
