"""Evaluates Terraform expressions as far as their values are known before apply."""

import json
from collections.abc import Callable

from lark import Token, Tree

from terraform_guardrails.terraform.functions import FUNCTIONS
from terraform_guardrails.terraform.syntax import (
    UnreadableTemplateError,
    name,
    parse,
    plain_path,
    reference_from,
    references,
    references_below,
    source_of,
    split,
    step_text,
    subtrees,
    unrolled,
)
from terraform_guardrails.terraform.values import Reference, Unknown, Value, joined

type Resolve = Callable[[Reference], Value]

_LITERALS: dict[str, Value] = {"true": True, "false": False, "null": None}


def evaluate(text: str, resolve: Resolve) -> Value:
    """Return the value of the text of a Terraform JSON string; `resolve` returns the value of a reference."""
    if "${" not in text and "%{" not in text:
        return text
    try:
        parts = split(text)
    except UnreadableTemplateError:
        return Unknown(text, tuple(references(text)))
    values = [part if isinstance(part, str) else _expression(part.source, resolve) for part in parts]
    return values[0] if len(values) == 1 else joined(values)


def _expression(source: str, resolve: Resolve) -> Value:
    path = plain_path(source)
    if path:
        return _resolved(path, resolve)
    tree = parse(source)
    if tree is None:
        return Unknown(source)
    try:
        return _value(tree, resolve)
    except RecursionError:  # only generated input has a thousand nested brackets
        return Unknown(source)


def _resolved(path: list[str], resolve: Resolve) -> Value:
    reference = reference_from(path)
    return resolve(reference) if reference else Unknown(".".join(path))


def _value(node: Tree[Token], resolve: Resolve) -> Value:  # noqa: C901, PLR0911 - one case for each kind of expression
    base, steps = unrolled(node)
    if steps:
        texts = [step_text(step) for step in steps]
        if base.data == "identifier":
            found = _resolved([name(base), *texts], resolve)
            return [found] if "[*]" in texts and isinstance(found, Reference) else found
        return walk(_value(base, resolve), tuple(texts))
    inner = subtrees(base)
    match base.data:
        case "string":
            return joined([_string_part(part, resolve) for part in inner])
        case "int_lit" | "float_lit":
            return float(name(base)) if base.data == "float_lit" else int(name(base))
        case "literal_value":
            return _LITERALS[name(base)]
        case "tuple":
            return [_value(item, resolve) for item in inner]
        case "object":
            return _object(inner, resolve)
        case "conditional":
            condition = _value(inner[0], resolve)
            if isinstance(condition, bool):
                return _value(inner[1 if condition else 2], resolve)
        case "function_call" if name(inner[0]) in FUNCTIONS:
            arguments = [_value(argument, resolve) for part in inner[1:] for argument in subtrees(part)]
            return FUNCTIONS[name(inner[0])](arguments)
    return Unknown(source_of(base), tuple(references_below(base)))


def _string_part(part: Tree[Token], resolve: Resolve) -> Value:
    (child,) = part.children
    if isinstance(child, Tree):
        return _value(subtrees(child)[0], resolve) if child.data == "interpolation" else Unknown("a directive")
    text = str(child)
    if text.startswith(("$${", "%%{")):
        return text[1:]
    try:
        unescaped: str = json.loads(f'"{text}"', strict=False)
    except json.JSONDecodeError:
        return text
    return unescaped


def _object(elements: list[Tree[Token]], resolve: Resolve) -> Value:
    result: dict[str, Value] = {}
    for element in elements:
        key_node, value_node = subtrees(element)
        base, steps = unrolled(subtrees(key_node)[0])
        key = name(base) if base.data in {"identifier", "keyword"} and not steps else _value(base, resolve)
        if not isinstance(key, str):
            return Unknown("an object with a computed key", tuple(references_below(element)))
        result[key] = _value(value_node, resolve)
    return result


def walk(value: Value, path: tuple[str, ...]) -> Value:
    """Return the value at a path inside another value."""
    for step in path:
        match value:
            case dict() if step.strip('[]"') in value:
                value = value[step.strip('[]"')]
            case list() if step[1:-1].isdigit() and int(step[1:-1]) < len(value):
                value = value[int(step[1:-1])]
            case dict() if step == "[0]":  # the only block of its kind
                continue
            case list() if step == "[*]":
                continue
            case list() if not step.startswith("["):
                value = [walk(item, (step,)) for item in value]
            case Reference():
                value = Reference(value.address, (*value.path, step))
            case _:
                return Unknown(str(step))
    return value
