"""Blots out what is or may be a secret, before anything is shown or written down."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

type Json = Any

REDACTED = "(redacted)"
# Names of what holds secrets, or may: a function's variables do. A provider's own marks miss some.
_VARIABLES = "variables"
_SECRET = re.compile(rf"^{_VARIABLES}$|secret|password|token|credential|(?:access|api|private)_?key", re.IGNORECASE)
# Blotting out shorter texts wherever they are would leave nothing to read.
_SHORTEST = 6


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


def redacted_event(event: dict[str, Json]) -> dict[str, Json]:
    """A line of what `terraform apply -json` says, without its secrets.

    A diagnostic quotes a line of the configuration and the values in it, whatever they are called:
    https://developer.hashicorp.com/terraform/internals/machine-readable-ui
    """
    shown: dict[str, Json] = redacted(event)
    snippet = (shown.get("diagnostic") or {}).get("snippet")
    if snippet:
        snippet.update(code=REDACTED, values=REDACTED)
    return shown


def blotter(secrets: Iterable[str]) -> Callable[[str], str]:
    """A function that blots secrets out of any text: as they are, line by line, and as JSON writes them."""
    lines = {line for secret in secrets for line in (secret, *secret.splitlines()) if len(line) >= _SHORTEST}
    forms = sorted(lines | {json.dumps(line)[1:-1] for line in lines}, key=len, reverse=True)
    if not forms:
        return str
    pattern = re.compile("|".join(map(re.escape, forms)))
    return lambda text: pattern.sub(REDACTED, text)


def secrets_in_configuration(terraform: Mapping[str, Json]) -> Iterator[str]:
    """The texts in Terraform JSON that are called a secret, or are a variable's that is marked as one."""
    for block in ("resource", "data"):
        for named in terraform.get(block, {}).values():
            for properties in named.values():
                yield from _secrets(properties)
    yield from _secrets(terraform.get("locals", {}))
    variables = terraform.get("variable", {})
    defaults = {name: variable.get("default") for name, variable in variables.items()}
    yield from _secrets(defaults, {name: variable.get("sensitive") for name, variable in variables.items()})


def secrets_in_state(state: Mapping[str, Json]) -> Iterator[str]:
    """The texts in a state that are called a secret or marked as one."""
    outputs = state.get("outputs", {})
    values = {name: output["value"] for name, output in outputs.items()}
    yield from _secrets(values, {name: output.get("sensitive") for name, output in outputs.items()})
    yield from _secrets(state.get("resources", []))


def _secrets(value: Json, marks: Json = None) -> Iterator[str]:
    """Every text of a value that is marked, or below a name that is a secret's.

    A function's variables are asked one by one: the names of its table and its bucket are in every log.
    """
    if isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _secrets(inner, part(marks, index))
    elif isinstance(value, dict):
        marked = _marked_in_state(value)
        for name, inner in value.items():
            by_name = is_secret(name) and name != _VARIABLES
            yield from _secrets(inner, by_name or part(marks, name) or part(marked, name))
    elif isinstance(value, str) and marks is True and "${" not in value:
        yield value


def _marked_in_state(value: Mapping[str, Json]) -> Json:
    """The marks that a part of the state carries in itself: an output's `sensitive`, an instance's attributes."""
    if value.get("sensitive") is True:
        return {"value": True}
    paths = value.get("sensitive_attributes") or ()
    return {"attributes": {path[0]["value"]: True for path in paths if path and "value" in path[0]}}
