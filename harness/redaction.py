"""Blots out what is or may be a secret, before anything is shown or written down."""

import re
from collections.abc import Mapping
from typing import Any

type Json = Any

REDACTED = "(redacted)"
# Names of what holds secrets, or may: a function's variables do. A provider's own marks miss some.
_SECRET = re.compile(r"^variables$|secret|password|token|private_key|credential|access_key", re.IGNORECASE)


def is_secret(name: str) -> bool:
    """Whether an attribute of this name is or may be a secret."""
    return _SECRET.search(name) is not None


def redacted(value: Json, marks: Json = None) -> Json:
    """The same value without its secrets.

    Args:
        value: Any JSON. In a state, what an instance or an output marks in itself is blotted out too.
        marks: Where a plan has `before_sensitive`: true for a value that is a secret, or such marks for its parts.
    """
    if marks is True and value is not None:
        return REDACTED
    if isinstance(value, list):
        return [redacted(inner, part(marks, index)) for index, inner in enumerate(value)]
    if not isinstance(value, dict):
        return value
    marked = _marked_in_state(value)
    return {
        name: REDACTED if inner and is_secret(name) else redacted(inner, part(marks, name) or part(marked, name))
        for name, inner in value.items()
    }


def part(whole: Json, key: str | int) -> Json:
    """One member of a value, or of its marks: what is marked as a whole is marked in each part."""
    if isinstance(whole, Mapping):
        return whole.get(key)
    if isinstance(whole, list):
        return whole[key] if isinstance(key, int) and key < len(whole) else None
    return whole is True or None


def _marked_in_state(value: Mapping[str, Json]) -> Json:
    """The marks that a part of the state carries in itself: an output's `sensitive`, an instance's attributes."""
    if value.get("sensitive") is True:
        return {"value": True}
    paths = value.get("sensitive_attributes") or ()
    return {"attributes": {path[0]["value"]: True for path in paths if path and "value" in path[0]}}
