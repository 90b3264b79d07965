"""Splits the text of a Terraform JSON value into what is literal and what is an expression."""

from dataclasses import dataclass
from functools import lru_cache

_OPENING = ("${", "%{")


@dataclass(frozen=True, slots=True)
class Expression:
    """The source of one `${...}`."""

    source: str


class UnreadableTemplateError(ValueError):
    """The text has a directive, or an expression that does not end."""


@lru_cache(maxsize=10_000)
def split(text: str) -> tuple[str | Expression, ...]:
    """The literal and the dynamic parts of a template, in order; each text is asked for more than once.

    Raises:
        UnreadableTemplateError: for `%{...}` and for `${` without its end.
    """
    parts: list[str | Expression] = []
    position = literal = 0
    while (opening := _next_opening(text, position)) != -1:
        if text[opening - 1 : opening] == text[opening]:  # $${ and %%{ stand for themselves
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
    """The position of the brace that closes the expression: strings in it may hold braces and further expressions."""
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
