"""Finds the references in Terraform expressions."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from harness.template.matching import is_list

_ADDRESS = r"(?P<data>data\.)?(?P<type>[a-z][a-z0-9]*_[a-z0-9_]+)\.(?P<name>[A-Za-z_][A-Za-z0-9_-]*)"
_INSIDE = re.compile(rf"(?<![\w.]){_ADDRESS}(?:\.(?P<attribute>\w+))?")
_WHOLE = re.compile(rf"\$\{{{_ADDRESS}\.(?P<attribute>\w+)\}}")
_PLAIN = re.compile(_ADDRESS)
_EXPRESSION = re.compile(r"\$\{([^}]*)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """What an expression names: a resource or data source, and perhaps one of its attributes."""

    address: str
    type: str
    attribute: str | None


def references(value: Any) -> Iterator[Reference]:  # noqa: ANN401 - any JSON value
    """Yield every reference in a value: inside `${...}` anywhere, and as a plain address in `depends_on`."""
    if isinstance(value, str):
        for expression in _EXPRESSION.findall(value):
            yield from map(_reference, _INSIDE.finditer(expression))
        if (plain := _PLAIN.fullmatch(value)) is not None:
            yield _reference(plain)
    elif isinstance(value, Mapping):
        for name, member in value.items():
            if name != "//":
                yield from references(member)
    elif is_list(value):
        for item in value:
            yield from references(item)


def whole_reference(text: str) -> Reference | None:
    """Return the reference that a string is, if it is nothing else."""
    match = _WHOLE.fullmatch(text)
    return None if match is None else _reference(match)


def _reference(match: re.Match[str]) -> Reference:
    parts = match.groupdict()
    return Reference(
        address=f"{parts['data'] or ''}{parts['type']}.{parts['name']}",
        type=f"{parts['data'] or ''}{parts['type']}",
        attribute=parts.get("attribute"),
    )
