"""Evaluates the Terraform functions that commonly build policies, names and lists."""

import json
from collections.abc import Callable, Mapping

from terraform_guardrails.terraform.values import Reference, Template, Unknown, Value, joined, references_of

type Function = Callable[[list[Value]], Value]


def _unknown(name: str, arguments: list[Value]) -> Unknown:
    return Unknown(f"{name}(...)", tuple(references_of(arguments)))


def _jsonencode(arguments: list[Value]) -> Value:
    return joined(_encoded(arguments[0])) if arguments else Unknown("jsonencode()")


def _encoded(value: Value) -> list[Value]:
    """Return the parts of a JSON text. Each unknown value stays a separate part, inside quotes."""
    match value:
        case Template():
            return ['"', *(json.dumps(part)[1:-1] if isinstance(part, str) else part for part in value.parts), '"']
        case Reference() | Unknown():
            return ['"', value, '"']
        case list():
            return ["[", *_separated([_encoded(item) for item in value]), "]"]
        case dict():
            return ["{", *_separated([[json.dumps(key), ":", *_encoded(item)] for key, item in value.items()]), "}"]
        case _:
            return [json.dumps(value)]


def _separated(items: list[list[Value]], separator: str = ",") -> list[Value]:
    return [part for position, item in enumerate(items) for part in ([separator] if position else []) + item]


def _format(arguments: list[Value]) -> Value:
    pattern, *values = arguments or [None]
    if not isinstance(pattern, str):
        return _unknown("format", arguments)
    literals = pattern.replace("%d", "%s").split("%s")
    if "%" in "".join(literals) or len(literals) != len(values) + 1:
        return _unknown("format", arguments)
    parts: list[Value] = [literals[0]]
    for value, literal in zip(values, literals[1:], strict=True):
        parts += [value, literal]
    return joined(parts)


def _join(arguments: list[Value]) -> Value:
    match arguments:
        case [str() as separator, list() as items]:
            return joined(
                [part for position, item in enumerate(items) for part in ([separator] if position else []) + [item]]
            )
        case _:
            return _unknown("join", arguments)


def _concat(arguments: list[Value]) -> Value:
    result: list[Value] = []
    for argument in arguments:
        if not isinstance(argument, list):
            return _unknown("concat", arguments)
        result += argument
    return result


def _merge(arguments: list[Value]) -> Value:
    result: dict[str, Value] = {}
    for argument in arguments:
        if not isinstance(argument, dict):
            return _unknown("merge", arguments)
        result |= argument
    return result


def _changed(name: str, change: Callable[[str], str]) -> Function:
    def function(arguments: list[Value]) -> Value:
        match arguments:
            case [str() as text]:
                return change(text)
            case _:
                return _unknown(name, arguments)

    return function


def _same(arguments: list[Value]) -> Value:
    return arguments[0] if len(arguments) == 1 else _unknown("a conversion", arguments)


FUNCTIONS: Mapping[str, Function] = {
    "concat": _concat,
    "format": _format,
    "join": _join,
    "jsonencode": _jsonencode,
    "lower": _changed("lower", str.lower),
    "merge": _merge,
    "nonsensitive": _same,
    "sensitive": _same,
    "tolist": _same,
    "toset": _same,
    "tostring": _same,
    "upper": _changed("upper", str.upper),
}
