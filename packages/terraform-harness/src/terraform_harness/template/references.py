"""Finds the references in Terraform expressions."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from terraform_harness.template.matching import Place, is_list

_ADDRESS = r"(?P<data>data\.)?(?P<type>[a-z][a-z0-9]*_[a-z0-9_]+)\.(?P<name>[A-Za-z_][A-Za-z0-9_-]*)"
# One of the instances of a resource with count or for_each.
_INSTANCE = r"(?:\[[^\]]*\])?"
_INSIDE = re.compile(rf"(?<![\w.]){_ADDRESS}(?:{_INSTANCE}\.(?P<attribute>\w+))?")
_WHOLE = re.compile(rf"\$\{{{_ADDRESS}{_INSTANCE}\.(?P<attribute>\w+)\}}")
_PLAIN = re.compile(_ADDRESS)
# What ends or begins something, by where it stands: https://developer.hashicorp.com/terraform/language/expressions/strings
_NEXT = {
    "text": re.compile(r"\$\$\{|%%\{|[$%]\{"),
    "quoted": re.compile(r'\\.|\$\$\{|%%\{|[$%]\{|"', re.DOTALL),
    "code": re.compile(r'["{}]'),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """What an expression names: a resource or data source, and perhaps one of its attributes."""

    address: str
    type: str
    attribute: str | None


def references(value: Any) -> Iterator[Reference]:  # noqa: ANN401 - any JSON value
    """Yield every reference in a value: inside `${...}` anywhere, and as a plain address in `depends_on`."""
    for _, reference in placed_references(value, Place()):
        yield reference


def placed_references(value: Any, at: Place) -> Iterator[tuple[Place, Reference]]:  # noqa: ANN401 - any JSON value
    """Yield every reference in a value, with where it stands."""
    if isinstance(value, str):
        for match in _INSIDE.finditer(_code(value)):
            yield at, _reference(match)
        if (plain := _PLAIN.fullmatch(value)) is not None:
            yield at, _reference(plain)
    elif isinstance(value, Mapping):
        for name, member in value.items():
            if name != "//":
                yield from placed_references(member, at.member(name))
    elif is_list(value):
        for index, item in enumerate(value):
            yield from placed_references(item, at.item(index))


def whole_reference(text: str) -> Reference | None:
    """Return the reference that a string is, if it is nothing else."""
    match = _WHOLE.fullmatch(text)
    return None if match is None else _reference(match)


def nearest_addresses(address: str, known: Collection[str]) -> str:
    """Return the most similar addresses, for the end of a failure."""
    near = get_close_matches(address, known)
    return f"; the nearest {'is' if len(near) == 1 else 'are'} {', '.join(near)}" if near else ""


def _code(text: str) -> str:
    """Leave out what is no code: the text around `${...}`, and within quotes inside of it."""
    kept: list[str] = []
    open_, at = ["text"], 0
    while (token := _NEXT[open_[-1]].search(text, at)) is not None:
        if open_[-1] == "code":
            kept.append(text[at : token.start()])
        kept.append(token[0])
        at = token.end()
        match token[0]:
            case "${" | "%{" | "{":
                open_.append("code")
            case '"' if open_[-1] == "code":
                open_.append("quoted")
            case '"' | "}":
                open_.pop()
    return "".join(kept)


def _reference(match: re.Match[str]) -> Reference:
    parts = match.groupdict()
    return Reference(
        address=f"{parts['data'] or ''}{parts['type']}.{parts['name']}",
        type=f"{parts['data'] or ''}{parts['type']}",
        attribute=parts.get("attribute"),
    )
