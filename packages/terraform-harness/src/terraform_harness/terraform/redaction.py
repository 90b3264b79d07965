"""Redacts secrets and possible secrets before anything is shown or written."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

type Json = Any

REDACTED = "(redacted)"
# The environment variables of a function may be secrets. The provider does not mark them all as sensitive.
_VARIABLES = "variables"
_SECRET = re.compile(rf"^{_VARIABLES}$|secret|password|token|credential|(?:access|api|private)_?key", re.IGNORECASE)
# Redacting shorter texts everywhere would make the text unreadable.
_SHORTEST = 6


def is_secret(name: str) -> bool:
    """Return whether an attribute of this name is or may be a secret."""
    return _SECRET.search(name) is not None


def redacted(value: Json, marks: Json = None) -> Json:
    """Return a value without its secrets.

    Args:
        value: Any JSON. The sensitive attributes and outputs of a state are redacted too.
        marks: In the form of a plan's `before_sensitive`: true for a secret, or such marks for the parts of a value.
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
    """Return a member of a value, or of its marks: a mark of the whole is a mark of each part."""
    if isinstance(whole, Mapping):
        return whole.get(key)
    if isinstance(whole, list):
        return whole[key] if isinstance(key, int) and key < len(whole) else None
    return whole is True or None


def redacted_event(event: dict[str, Json]) -> dict[str, Json]:
    """Return a line of the output of `terraform apply -json` without its secrets.

    A diagnostic quotes a line of the configuration and its values, whatever their names:
    https://developer.hashicorp.com/terraform/internals/machine-readable-ui
    """
    shown: dict[str, Json] = redacted(event)
    snippet = (shown.get("diagnostic") or {}).get("snippet")
    if snippet:
        snippet.update(code=REDACTED, values=REDACTED)
    return shown


def redactor(secrets: Iterable[str]) -> Callable[[str], str]:
    """Return a function that redacts secrets in any text: verbatim, line by line, and in their JSON form."""
    lines = {line for secret in secrets for line in (secret, *secret.splitlines()) if len(line) >= _SHORTEST}
    forms = sorted(lines | {json.dumps(line)[1:-1] for line in lines}, key=len, reverse=True)
    if not forms:
        return str
    pattern = re.compile("|".join(map(re.escape, forms)))
    return lambda text: pattern.sub(REDACTED, text)


def secrets_in_configuration(terraform: Mapping[str, Json]) -> Iterator[str]:
    """Yield the secrets in Terraform JSON: by the name of an attribute, or of a sensitive variable."""
    for block in ("resource", "data"):
        for named in terraform.get(block, {}).values():
            for properties in named.values():
                yield from _secrets(properties)
    yield from _secrets(terraform.get("locals", {}))
    yield from _named_secrets(terraform.get("variable", {}), "default")


def secrets_in_state(state: Mapping[str, Json]) -> Iterator[str]:
    """Yield the secrets in a state: by the name of an attribute, or by their mark."""
    yield from _named_secrets(state.get("outputs", {}), "value")
    yield from _secrets(state.get("resources", []))


def _named_secrets(blocks: Mapping[str, Json], member: str) -> Iterator[str]:
    """Yield the secrets in the values of variables or outputs."""
    values = {name: block.get(member) for name, block in blocks.items()}
    yield from _secrets(values, {name: block.get("sensitive") for name, block in blocks.items()})


def _secrets(value: Json, marks: Json = None) -> Iterator[str]:
    """Yield each text of a value that is marked, or below a name of a secret.

    The variables of a function are judged one by one: the names of its table and its bucket are in every log.
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
    """Return the marks inside a state: an output's `sensitive`, and an instance's `sensitive_attributes`."""
    if value.get("sensitive") is True:
        return {"value": True}
    paths = value.get("sensitive_attributes") or ()
    return {"attributes": {path[0]["value"]: True for path in paths if path and "value" in path[0]}}
