"""Models the value of an attribute before apply: JSON, a reference, text with references, or unknown."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import dropwhile, takewhile

from terraform_guardrails.terraform.addresses import is_index

type Value = bool | int | float | str | list[Value] | dict[str, Value] | Reference | Template | Unknown | None


@dataclass(frozen=True, slots=True)
class Reference:
    """An attribute of another block: `${aws_kms_key.key.arn}`."""

    address: str
    path: tuple[str, ...] = ()

    @property
    def index(self) -> str:
        """The index of the instance, or "" without one."""
        return "".join(takewhile(is_index, self.path))

    @property
    def attributes(self) -> tuple[str, ...]:
        """The path to the value inside the block or the instance."""
        return tuple(dropwhile(is_index, self.path))

    def __str__(self) -> str:
        """Return the reference in Terraform's template syntax."""
        return "${" + self.address + "".join(step if step[0] == "[" else f".{step}" for step in self.path) + "}"


@dataclass(frozen=True, slots=True)
class Unknown:
    """An expression with an unknown value, and the references in it."""

    expression: str
    references: tuple[Reference, ...] = ()

    def __str__(self) -> str:
        """Return the expression in Terraform's template syntax."""
        return "${" + self.expression + "}"


@dataclass(frozen=True, slots=True)
class Template:
    """Text with parts that are known only after apply."""

    parts: tuple[str | Reference | Unknown, ...]

    def __str__(self) -> str:
        """Return the text, with the unknown parts in Terraform's template syntax."""
        return "".join(str(part) for part in self.parts)


def joined(parts: list[Value]) -> Value:
    """Concatenate parts of a text. A part that is not text becomes an unknown part."""
    merged: list[str | Reference | Unknown] = []
    for part in parts:
        for piece in _pieces(part):
            if isinstance(piece, str) and merged and isinstance(merged[-1], str):
                merged[-1] += piece
            elif piece != "":
                merged.append(piece)
    if not merged:
        return ""
    return merged[0] if len(merged) == 1 else Template(tuple(merged))


def _pieces(part: Value) -> tuple[str | Reference | Unknown, ...]:
    match part:
        case Template():
            return part.parts
        case bool():
            return (str(part).lower(),)
        case str() | int() | float():
            return (str(part),)
        case Reference() | Unknown():
            return (part,)
        case _:
            return (Unknown("not text", tuple(references_of(part))),)


def references_of(value: Value) -> list[Reference]:
    """Return every reference in a value, in order."""
    match value:
        case Reference():
            return [value]
        case Unknown():
            return list(value.references)
        case Template():
            return [reference for part in value.parts for reference in references_of(part)]
        case list():
            return [reference for item in value for reference in references_of(item)]
        case dict():
            return [reference for item in value.values() for reference in references_of(item)]
        case _:
            return []


def replaced(value: Value, change: Callable[[str], Value]) -> Value:
    """Return a copy of a value, with a function applied to every string in it."""
    match value:
        case str():
            return change(value)
        case list():
            return [replaced(item, change) for item in value]
        case dict():
            return {key: replaced(item, change) for key, item in value.items()}
        case _:
            return value
