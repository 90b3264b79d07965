"""Finds references in Terraform expressions."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from terraform_harness.template.matching import Location, is_list

type Json = Any

_ADDRESS = r"(?P<data>data\.)?(?P<type>[a-z][a-z0-9]*_[a-z0-9_]+)\.(?P<name>[A-Za-z_][A-Za-z0-9_-]*)"
# The key of an instance of a resource with count or for_each.
_INSTANCE = r"(?:\[[^\]]*\])?"
_INSIDE = re.compile(rf"(?<![\w.]){_ADDRESS}(?:{_INSTANCE}\.(?P<attribute>\w+))?")
_WHOLE = re.compile(rf"\$\{{{_ADDRESS}{_INSTANCE}\.(?P<attribute>\w+)\}}")
_PLAIN = re.compile(_ADDRESS)
# The tokens that begin or end a part of a string: https://developer.hashicorp.com/terraform/language/expressions/strings
_NEXT = {
    "text": re.compile(r"\$\$\{|%%\{|[$%]\{"),
    "quoted": re.compile(r'\\.|\$\$\{|%%\{|[$%]\{|"', re.DOTALL),
    "code": re.compile(r'["{}]'),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A reference to a resource or data source, or to one of its attributes."""

    address: str
    type: str
    attribute: str | None


def references(value: Json) -> Iterator[Reference]:
    """Yield every reference in a value: inside `${...}`, and as a plain address in `depends_on`."""
    for _, reference in located_references(value, Location()):
        yield reference


def located_references(value: Json, at: Location) -> Iterator[tuple[Location, Reference]]:
    """Yield every reference in a value with its location."""
    if isinstance(value, str):
        for match in _INSIDE.finditer(_code(value)):
            yield at, _reference(match)
        if (plain := _PLAIN.fullmatch(value)) is not None:
            yield at, _reference(plain)
    elif isinstance(value, Mapping):
        for name, member in value.items():
            if name != "//":
                yield from located_references(member, at.member(name))
    elif is_list(value):
        for index, item in enumerate(value):
            yield from located_references(item, at.item(index))


def whole_reference(text: str) -> Reference | None:
    """Return the reference that makes up a whole string, if there is one."""
    match = _WHOLE.fullmatch(text)
    return None if match is None else _reference(match)


def closest_addresses(address: str, known: Collection[str]) -> str:
    """Return the most similar addresses, for the end of a failure."""
    similar = get_close_matches(address, known)
    return f"; the closest {'is' if len(similar) == 1 else 'are'} {', '.join(similar)}" if similar else ""


def _code(text: str) -> str:
    """Return the code in a string, without the text around `${...}` and within quotes."""
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
    type_ = f"{parts['data'] or ''}{parts['type']}"
    return Reference(address=f"{type_}.{parts['name']}", type=type_, attribute=parts.get("attribute"))
