"""Parses the rule of a composite alarm: `ALARM("a") AND NOT (OK("b") OR INSUFFICIENT_DATA("c"))`."""

from functools import cache

from lark import Lark
from lark.exceptions import UnexpectedInput

from terraform_guardrails.terraform.values import Reference, Template

_GRAMMAR = r"""
    start: operand (("AND" | "OR") operand)*
    operand: "NOT" operand
           | "(" start ")"
           | "TRUE" | "FALSE"
           | _STATE "(" _name ")"
           | "AT_LEAST" "(" _COUNT "," "NOT"? _STATE "," "(" _name ("," _name)* ")" ")"
    _name: QUOTED | WORD
    _STATE: "ALARM" | "OK" | "INSUFFICIENT_DATA"
    _COUNT: /\d+%?/
    QUOTED: /"[^"]*"/
    WORD: /[^\s(),"]+/
    %ignore /\s+/
"""


class AlarmRuleError(ValueError):
    """The text is not a valid alarm rule; the message is the rest of the text from the first error on."""


def children(rule: str | Template) -> list[str | Reference]:
    """Return the children of a composite alarm by their names, ARNs or references.

    A name with an unknown part is left out.

    Raises:
        AlarmRuleError: the rule cannot be parsed.
    """
    parts = rule.parts if isinstance(rule, Template) else (rule,)
    # A reference may have quotes in it, so a mark replaces it during parsing.
    marks = {f"<{number}>": part for number, part in enumerate(parts) if not isinstance(part, str)}
    text = "".join(part if isinstance(part, str) else f"<{number}>" for number, part in enumerate(parts))
    text = text.replace("\n", " ")
    try:
        tree = _parser().parse(text)
    except UnexpectedInput as error:
        rest = text[error.column - 1 :]
        for mark, part in marks.items():
            rest = rest.replace(mark, str(part))
        raise AlarmRuleError(rest) from error
    found: list[str | Reference] = []
    for name in sorted({str(token).strip('"') for token in tree.scan_values(lambda _: True)}):
        reference = marks.get(name)
        if isinstance(reference, Reference):
            found.append(reference)
        elif not any(mark in name for mark in marks):
            found.append(name)
    return found


@cache
def _parser() -> Lark:
    return Lark(_GRAMMAR, parser="lalr")
