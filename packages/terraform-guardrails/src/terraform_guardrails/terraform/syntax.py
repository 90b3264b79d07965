"""Parses the text of a Terraform JSON value: literal text, `${...}` expressions, and the references in them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from lark import Token, Tree
from lark.exceptions import LarkError

from terraform_guardrails.terraform.addresses import block_size
from terraform_guardrails.terraform.values import Reference

type Node = Tree[Token] | Token

_OPENING = ("${", "%{")
# Most expressions are plain paths. Matching them here saves loading the grammar, which takes a second.
_PLAIN_PATH = re.compile(r"[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*|\[\d+\])+")
_PATH_STEP = re.compile(r"[A-Za-z_][\w-]*|\[\d+\]")
_LONGEST_EXPRESSION = 100_000
# Each expression takes a millisecond to parse. Expressions beyond this number stay unknown.
_MOST_EXPRESSIONS = 20_000
_WITHOUT_A_BLOCK = {"count", "each", "path", "self", "terraform", "var"}


@dataclass(frozen=True, slots=True)
class Expression:
    """The source of one `${...}`."""

    source: str


class UnreadableTemplateError(ValueError):
    """The text has a directive, or an expression without an end."""


@lru_cache(maxsize=10_000)
def split(text: str) -> tuple[str | Expression, ...]:
    """Split a template into its literal parts and its expressions, in order.

    Raises:
        UnreadableTemplateError: the text has `%{...}`, or a `${` without an end.
    """
    parts: list[str | Expression] = []
    position = literal = 0
    while (opening := _next_opening(text, position)) != -1:
        if text[opening - 1 : opening] == text[opening]:  # $${ and %%{ are escapes for ${ and %{
            parts.append(text[literal:opening])
            literal, position = opening + 1, opening + 2
            continue
        if text[opening] == "%":
            raise UnreadableTemplateError
        end = _end_of_expression(text, opening + 2)
        parts += [text[literal:opening], Expression(text[opening + 2 : end].strip("~ \t\r\n"))]
        position = literal = end + 1
    parts.append(text[literal:])
    return tuple(part for part in parts if part != "")


def _next_opening(text: str, start: int) -> int:
    found = [position for opening in _OPENING if (position := text.find(opening, start)) != -1]
    return min(found, default=-1)


def _end_of_expression(text: str, start: int) -> int:
    """Return the position of the closing brace, past the braces and expressions in nested strings."""
    open_brackets = ["{"]
    position = start
    while position < len(text):
        character = text[position]
        if open_brackets[-1] == '"':
            if character == "\\":
                position += 1
            elif character == '"':
                open_brackets.pop()
            elif text.startswith(_OPENING, position):
                open_brackets.append("{")
                position += 1
        elif character in '{"':
            open_brackets.append(character)
        elif character == "}":
            open_brackets.pop()
            if not open_brackets:
                return position
        position += 1
    raise UnreadableTemplateError


def references(text: str) -> Iterator[Reference]:
    """Yield every reference in the text of a Terraform JSON string, to local values and data sources too."""
    if "${" not in text:
        return
    try:
        parts = split(text)
    except UnreadableTemplateError:
        return
    for part in parts:
        if isinstance(part, Expression):
            yield from _references_in(part.source)


@lru_cache(maxsize=_MOST_EXPRESSIONS)
def _references_in(source: str) -> tuple[Reference, ...]:
    path = plain_path(source)
    if path:
        reference = reference_from(path)
        return (reference,) if reference else ()
    tree = parse(source)
    return tuple(references_below(tree)) if tree is not None else ()


def plain_path(source: str) -> list[str]:
    """Return the steps of an expression such as `a.b[0].c`; empty if the expression is anything else."""
    return _PATH_STEP.findall(source) if _PLAIN_PATH.fullmatch(source) else []


def reference_from(path: list[str]) -> Reference | None:
    """Return the reference that a path makes, or None if the path does not start with a block."""
    if path[0] in _WITHOUT_A_BLOCK or len(path) < 2:  # noqa: PLR2004 - a type and a name
        return None
    size = block_size(path)
    return Reference(".".join(path[:size]), tuple(path[size:]))


def parse(source: str) -> Tree[Token] | None:
    """Return the syntax tree of an expression, or None if it is invalid or beyond the limits."""
    if len(source) > _LONGEST_EXPRESSION or _tree.cache_info().misses >= _MOST_EXPRESSIONS:
        return None
    return _tree(source)


@cache
def _tree(source: str) -> Tree[Token] | None:
    from hcl2.parser import parser  # noqa: PLC0415 - loads the grammar, which most inputs never need

    try:
        tree: Tree[Token] = parser().parse(f"value = {source}\n")
        (attribute,) = subtrees(subtrees(tree)[0])
    except (LarkError, ValueError):
        return None
    expression = attribute.children[-1]
    return expression if isinstance(expression, Tree) else None


def clear_cache() -> None:
    """Drop the parsed expressions, and reset the count for the limit."""
    _references_in.cache_clear()
    _tree.cache_clear()


def subtrees(node: Tree[Token]) -> list[Tree[Token]]:
    """Return the children that are trees, without comments and line breaks."""
    return [child for child in node.children if isinstance(child, Tree) and child.data != "new_line_or_comment"]


def references_below(tree: Tree[Token]) -> Iterator[Reference]:
    """Yield every reference in a syntax tree."""
    waiting: list[Node] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Token):
            continue
        base, steps = unrolled(node)
        if steps and base.data == "identifier":
            reference = reference_from([name(base), *map(step_text, steps)])
            if reference is not None:
                yield reference
            waiting.extend(step for step in steps if step.data == "braces_index")
        else:
            waiting.extend(reversed(node.children))


def unrolled(node: Tree[Token]) -> tuple[Tree[Token], list[Tree[Token]]]:
    """Return the start of a path such as `a.b[0].c`, and its steps."""
    steps: list[Tree[Token]] = []
    while True:
        inner = subtrees(node)
        if node.data == "expr_term" and len(inner) == 1:
            node = inner[0]
        elif node.data in {"get_attr_expr_term", "index_expr_term"}:
            steps.append(inner[1])
            node = inner[0]
        elif node.data in {"attr_splat_expr_term", "full_splat_expr_term"}:
            steps += [*reversed(subtrees(inner[1])), inner[1]]
            node = inner[0]
        else:
            return node, steps[::-1]


def step_text(step: Tree[Token]) -> str:
    """Return a step of a path as `Reference` holds it: `name`, `[0]` or `[*]`."""
    if step.data == "get_attr":
        return name(step)
    if step.data in {"attr_splat", "full_splat"}:
        return "[*]"
    return f"[{source_of(step).strip('[].')}]"


def name(node: Tree[Token]) -> str:
    """Return the text of an identifier, a literal or an attribute."""
    return source_of(node).lstrip(".")


def source_of(node: Tree[Token]) -> str:
    """Return the source of a node, without the white space around it."""
    return "".join(str(token) for token in node.scan_values(lambda _: True)).strip()
