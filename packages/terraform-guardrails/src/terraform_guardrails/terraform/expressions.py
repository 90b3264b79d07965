"""Works out the value of a Terraform expression as far as it is known before apply."""

import json
import re
from collections.abc import Callable, Iterator
from functools import cache, lru_cache

from lark import Token, Tree
from lark.exceptions import LarkError

from terraform_guardrails.terraform.functions import FUNCTIONS
from terraform_guardrails.terraform.templates import Expression, UnreadableTemplateError, split
from terraform_guardrails.terraform.values import Reference, Unknown, Value, joined

type Resolve = Callable[[Reference], Value]
type Node = Tree[Token] | Token

# Nine of ten expressions are a plain path; the grammar takes a second to load, and this needs none.
_PLAIN_PATH = re.compile(r"[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*|\[\d+\])+")
_PATH_STEP = re.compile(r"[A-Za-z_][\w-]*|\[\d+\]")
_LONGEST_EXPRESSION = 100_000
# A millisecond each: whoever generates more of them waits for a report of what is known without.
_MOST_EXPRESSIONS = 20_000
_LITERALS: dict[str, Value] = {"true": True, "false": False, "null": None}
_WITHOUT_A_BLOCK = {"count", "each", "path", "self", "terraform", "var"}
_DATA_STEPS = 3


def evaluate(text: str, resolve: Resolve) -> Value:
    """The value of the text of a Terraform JSON string; `resolve` says what a reference stands for."""
    if "${" not in text and "%{" not in text:
        return text
    try:
        parts = split(text)
    except UnreadableTemplateError:
        return Unknown(text, tuple(references(text)))
    values = [part if isinstance(part, str) else _expression(part.source, resolve) for part in parts]
    return values[0] if len(values) == 1 else joined(values)


def references(text: str) -> Iterator[Reference]:
    """Every reference that the text of a Terraform JSON string makes, locals and data sources included."""
    if "${" not in text:
        return
    try:
        parts = split(text)
    except UnreadableTemplateError:
        return
    for part in parts:
        if isinstance(part, Expression):
            yield from _references_in(part.source)


def _expression(source: str, resolve: Resolve) -> Value:
    if _PLAIN_PATH.fullmatch(source):
        return _resolved(_PATH_STEP.findall(source), resolve)
    tree = _parsed(source)
    if tree is None:
        return Unknown(source)
    try:
        return _value(tree, resolve)
    except RecursionError:  # a thousand brackets deep: nobody wrote that by hand
        return Unknown(source)


def start_again() -> None:
    """Forget the expressions of an earlier check, and what they cost."""
    _references_in.cache_clear()
    _tree.cache_clear()


@lru_cache(maxsize=_MOST_EXPRESSIONS)
def _references_in(source: str) -> tuple[Reference, ...]:
    if _PLAIN_PATH.fullmatch(source):
        return tuple(_as_reference(_PATH_STEP.findall(source)))
    tree = _parsed(source)
    return tuple(_references_below(tree)) if tree is not None else ()


def _parsed(source: str) -> Tree[Token] | None:
    """The syntax tree of an expression, or None where it is none, or one too many."""
    if len(source) > _LONGEST_EXPRESSION or _tree.cache_info().misses >= _MOST_EXPRESSIONS:
        return None
    return _tree(source)


@cache
def _tree(source: str) -> Tree[Token] | None:
    from hcl2.parser import parser  # noqa: PLC0415 - loads the grammar, which most inputs never need

    try:
        tree: Tree[Token] = parser().parse(f"value = {source}\n")
        (attribute,) = _trees(_trees(tree)[0])
    except (LarkError, ValueError):
        return None
    expression = attribute.children[-1]
    return expression if isinstance(expression, Tree) else None


def _trees(node: Tree[Token]) -> list[Tree[Token]]:
    return [child for child in node.children if isinstance(child, Tree) and child.data != "new_line_or_comment"]


def _references_below(tree: Tree[Token]) -> Iterator[Reference]:
    waiting: list[Node] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Token):
            continue
        base, steps = _unrolled(node)
        if steps and base.data == "identifier":
            yield from _as_reference([_name(base), *_texts(steps)])
            waiting.extend(step for step in steps if step.data == "braces_index")
        else:
            waiting.extend(reversed(node.children))


def _as_reference(path: list[str]) -> list[Reference]:
    """The reference that a path makes, if its first part is a block."""
    if path[0] in _WITHOUT_A_BLOCK or len(path) < 2:  # noqa: PLR2004 - a type and a name
        return []
    steps = _DATA_STEPS if path[0] == "data" else 2
    return [Reference(".".join(path[:steps]), tuple(path[steps:]))]


def _resolved(path: list[str], resolve: Resolve) -> Value:
    found = _as_reference(path)
    return resolve(found[0]) if found else Unknown(".".join(path))


def _unrolled(node: Tree[Token]) -> tuple[Tree[Token], list[Tree[Token]]]:
    """The start of a path such as `a.b[0].c`, and its steps."""
    steps: list[Tree[Token]] = []
    while True:
        inner = _trees(node)
        if node.data == "expr_term" and len(inner) == 1:
            node = inner[0]
        elif node.data in {"get_attr_expr_term", "index_expr_term"}:
            steps.append(inner[1])
            node = inner[0]
        elif node.data in {"attr_splat_expr_term", "full_splat_expr_term"}:
            steps += [*reversed(_trees(inner[1])), inner[1]]
            node = inner[0]
        else:
            return node, steps[::-1]


def _texts(steps: list[Tree[Token]]) -> list[str]:
    return [_step(step) for step in steps]


def _step(step: Tree[Token]) -> str:
    if step.data == "get_attr":
        return _name(step)
    if step.data in {"attr_splat", "full_splat"}:
        return "[*]"
    return f"[{_source(step).strip('[].')}]"


def _name(node: Tree[Token]) -> str:
    return _source(node).lstrip(".")


def _value(node: Tree[Token], resolve: Resolve) -> Value:  # noqa: C901, PLR0911 - one case for each kind of expression
    base, steps = _unrolled(node)
    if steps:
        texts = _texts(steps)
        if base.data == "identifier":
            found = _resolved([_name(base), *texts], resolve)
            return [found] if "[*]" in texts and isinstance(found, Reference) else found
        return walk(_value(base, resolve), tuple(texts))
    inner = _trees(base)
    match base.data:
        case "string":
            return joined([_string_part(part, resolve) for part in inner])
        case "int_lit" | "float_lit":
            return float(_name(base)) if base.data == "float_lit" else int(_name(base))
        case "literal_value":
            return _LITERALS[_name(base)]
        case "tuple":
            return [_value(item, resolve) for item in inner]
        case "object":
            return _object(inner, resolve)
        case "conditional":
            condition = _value(inner[0], resolve)
            if isinstance(condition, bool):
                return _value(inner[1 if condition else 2], resolve)
        case "function_call" if _name(inner[0]) in FUNCTIONS:
            arguments = [_value(argument, resolve) for part in inner[1:] for argument in _trees(part)]
            return FUNCTIONS[_name(inner[0])](arguments)
    return Unknown(_source(base), tuple(_references_below(base)))


def _string_part(part: Tree[Token], resolve: Resolve) -> Value:
    (child,) = part.children
    if isinstance(child, Tree):
        return _value(_trees(child)[0], resolve) if child.data == "interpolation" else Unknown("a directive")
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
        key_node, value_node = _trees(element)
        base, steps = _unrolled(_trees(key_node)[0])
        key = _name(base) if base.data in {"identifier", "keyword"} and not steps else _value(base, resolve)
        if not isinstance(key, str):
            return Unknown("an object with a computed key", tuple(_references_below(element)))
        result[key] = _value(value_node, resolve)
    return result


def _source(node: Tree[Token]) -> str:
    return "".join(str(token) for token in node.scan_values(lambda _: True)).strip()


def walk(value: Value, path: tuple[str, ...]) -> Value:
    """What stands at a path inside a value."""
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
