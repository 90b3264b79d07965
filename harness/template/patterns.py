"""Values that are described rather than given."""

import json
import re
from dataclasses import dataclass
from typing import Any, override

from harness.template.matching import Difference, Pattern, differences, is_list, shown
from harness.template.references import whole_reference


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
    """Return a pattern for a reference to an attribute of a resource, given by its type or its address."""
    return _Attribute(of, name)


@dataclass(frozen=True, slots=True)
class _Matching(Pattern):
    expression: str

    @override
    def differences(self, found: Any, at: str) -> list[Difference]:
        fits = isinstance(found, str) and re.fullmatch(self.expression, found) is not None
        return [] if fits else [Difference(at=at, wanted=str(self), found=repr(found))]

    def __str__(self) -> str:
        return f"a string matching {self.expression!r}"


@dataclass(frozen=True, slots=True)
class _Containing(Pattern):
    items: tuple[Any, ...]

    @override
    def differences(self, found: Any, at: str) -> list[Difference]:
        if isinstance(found, str):
            missing = [item for item in self.items if item not in found]
        elif is_list(found):
            missing = [item for item in self.items if all(differences(item, other) for other in found)]
        else:
            missing = list(self.items)
        wanted = f"also {', '.join(map(shown, missing))}"
        return [Difference(at=at, wanted=wanted, found=repr(found))] if missing else []

    def __str__(self) -> str:
        return f"something containing {', '.join(map(shown, self.items))}"


@dataclass(frozen=True, slots=True)
class _Exactly(Pattern):
    wanted: dict[str, Any]

    @override
    def differences(self, found: Any, at: str) -> list[Difference]:
        if not isinstance(found, dict):
            return [Difference(at=at, wanted=str(self), found=repr(found))]
        surplus = [
            Difference(at=f"{at}.{name}" if at else name, wanted="nothing", found=repr(value))
            for name, value in found.items()
            if name not in self.wanted
        ]
        return differences(self.wanted, found, at) + surplus

    def __str__(self) -> str:
        return f"exactly {self.wanted!r}"


@dataclass(frozen=True, slots=True)
class _OneOf(Pattern):
    values: tuple[Any, ...]

    @override
    def differences(self, found: Any, at: str) -> list[Difference]:
        fits = any(not differences(value, found) for value in self.values)
        return [] if fits else [Difference(at=at, wanted=str(self), found=repr(found))]

    def __str__(self) -> str:
        return f"one of {', '.join(map(shown, self.values))}"


@dataclass(frozen=True, slots=True)
class _Decoded(Pattern):
    wanted: Any

    @override
    def differences(self, found: Any, at: str) -> list[Difference]:
        try:
            content = json.loads(found)
        except (TypeError, ValueError):
            return [Difference(at=at, wanted=str(self), found=repr(found))]
        return differences(self.wanted, content, at)

    def __str__(self) -> str:
        return f"the JSON of {shown(self.wanted)}"


@dataclass(frozen=True, slots=True)
class _Attribute(Pattern):
    of: str
    name: str

    @override
    def differences(self, found: Any, at: str) -> list[Difference]:
        reference = whole_reference(found) if isinstance(found, str) else None
        fits = (
            reference is not None
            and self.of in {reference.address, reference.type}
            and reference.attribute == self.name
        )
        return [] if fits else [Difference(at=at, wanted=str(self), found=repr(found))]

    def __str__(self) -> str:
        return f"the {self.name} of {self.of}"


@dataclass(frozen=True, slots=True)
class _Anything(Pattern):
    @override
    def differences(self, found: Any, at: str) -> list[Difference]:
        return []

    def __str__(self) -> str:
        return "anything"


class _Absent(Pattern):
    accepts_absence = True

    @override
    def differences(self, found: Any, at: str) -> list[Difference]:
        # Terraform reads null as not set.
        return [] if found is None else [Difference(at=at, wanted="nothing", found=repr(found))]

    def __str__(self) -> str:
        return "nothing"


ANYTHING: Pattern = _Anything()
ABSENT: Pattern = _Absent()
