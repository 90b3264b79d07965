"""Gives typed, read-only access to the attributes and nested blocks of a resource."""

from collections.abc import Callable, Mapping
from typing import Any

from terraform_guardrails.errors import UnknownValueError
from terraform_guardrails.terraform.values import Reference, Template, Unknown, Value, replaced

type Json = Any  # as the json module returns it


def unchanged(text: str) -> Value:
    """Return text as it is, because it is evaluated already or comes from a plan."""
    return text


class Body:
    """The attributes of a resource or a nested block, evaluated as far as they are known before apply."""

    def __init__(self, raw: Mapping[str, Json], evaluated: Callable[[str], Value]) -> None:
        self._raw = raw
        self._evaluated = evaluated
        self._values: dict[str, Value] = {}

    def value(self, name: str) -> Value:
        """Return the value of an attribute; None if it is absent or null."""
        if name not in self._values:
            self._values[name] = replaced(self._raw.get(name), self._evaluated)
        return self._values[name]

    def has(self, *names: str) -> bool:
        """Return whether one of these attributes is set."""
        return any(self.value(name) is not None for name in names)

    def text(self, name: str) -> str | None:
        """Return the text of an attribute.

        Raises:
            UnknownValueError: the value is not known before apply, or is not text.
        """
        return self._known(name, lambda value: value if isinstance(value, str) else None)

    def flag(self, name: str, *, default: bool) -> bool:
        """Return whether an attribute is true.

        Raises:
            UnknownValueError: the value is not known before apply, or is not a boolean.
        """
        flag = self._known(name, lambda value: {"true": True, "false": False}.get(str(value).lower()))
        return default if flag is None else flag

    def number(self, name: str) -> float | None:
        """Return the number in an attribute.

        Raises:
            UnknownValueError: the value is not known before apply, or is not a number.
        """
        return self._known(name, _number)

    def items(self, name: str) -> list[Value]:
        """Return the items of an attribute that is a list or a set.

        Raises:
            UnknownValueError: the number of items is not known before apply.
        """
        value = self.value(name)
        if isinstance(value, Unknown):
            raise UnknownValueError(name)
        if isinstance(value, list):
            return value
        return [] if value is None else [value]

    def blocks(self, name: str) -> list["Body"]:
        """Return the nested blocks of this name. Terraform JSON has one as an object, several as a list.

        Raises:
            UnknownValueError: the blocks are generated from a value that is not known before apply.
        """
        dynamic = self._raw.get("dynamic")
        if dynamic and (not isinstance(dynamic, Mapping) or name in dynamic):
            raise UnknownValueError(f"dynamic {name}")
        blocks = self.items(name)
        if not all(isinstance(block, dict) for block in blocks):
            raise UnknownValueError(name)
        return [Body(block, unchanged) for block in blocks if isinstance(block, dict)]

    def block(self, name: str) -> "Body | None":
        """Return the first nested block of this name, or None."""
        return next(iter(self.blocks(name)), None)

    def _known[T](self, name: str, read: Callable[[Value], T | None]) -> T | None:
        value = self.value(name)
        if value is None:
            return None
        result = None if isinstance(value, Reference | Template | Unknown) else read(value)
        if result is None:
            raise UnknownValueError(name)
        return result


def _number(value: Value) -> float | None:
    try:
        return float(str(value))
    except ValueError:
        return None
