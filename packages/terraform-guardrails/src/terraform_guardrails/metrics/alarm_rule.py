"""Parses the rule of a composite alarm: `ALARM("a") AND NOT (OK("b") OR INSUFFICIENT_DATA("c"))`."""

from collections.abc import Iterator
from functools import cache

from lark import Lark
from lark.exceptions import UnexpectedInput

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
    """The text is no alarm rule."""

    def __init__(self, rule: str, position: int) -> None:
        super().__init__(f"it cannot be parsed at {rule[position:]!r}")


def alarms_in(rule: str) -> Iterator[str]:
    """The names or ARNs of the alarms that a rule is about.

    Raises:
        AlarmRuleError: the rule cannot be parsed.
    """
    try:
        tree = _parser().parse(rule := rule.replace("\n", " "))
    except UnexpectedInput as error:
        raise AlarmRuleError(rule, error.column - 1) from error
    yield from (str(token).strip('"') for token in tree.scan_values(lambda _: True))


@cache
def _parser() -> Lark:
    return Lark(_GRAMMAR, parser="lalr")
