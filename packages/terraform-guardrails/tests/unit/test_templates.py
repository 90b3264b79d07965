"""Where an expression begins and ends in the text of a value."""

from collections.abc import Sequence

import pytest

from terraform_guardrails.terraform.templates import Expression, UnreadableTemplateError, split


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", []),
        ("plain", ["plain"]),
        ("${a.b.c}", [Expression("a.b.c")]),
        ("x-${a.b.c}/y", ["x-", Expression("a.b.c"), "/y"]),
        ("${a}${b}", [Expression("a"), Expression("b")]),
        ("$${a.b.c}", ["${a.b.c}"]),
        ("a$${b}${c}", ["a", "${b}", Expression("c")]),
        ("%%{if}", ["%{if}"]),
        ("$5 and 5%", ["$5 and 5%"]),
        ("{${a}}", ["{", Expression("a"), "}"]),
        ('${f("}")}', [Expression('f("}")')]),
        ('${f("\\"}")}', [Expression('f("\\"}")')]),
        ('${f("${g({})}")}', [Expression('f("${g({})}")')]),
        ("${{a = {b = 1}}}", [Expression("{a = {b = 1}}")]),
        ("${~ a ~}", [Expression("a")]),
    ],
)
def test_text_is_split_into_literals_and_expressions(text: str, parts: list[str | Expression]) -> None:
    assert merged(split(text)) == merged(parts)


def merged(parts: Sequence[str | Expression]) -> list[str | Expression]:
    """The same parts, with literals that follow each other made one."""
    result: list[str | Expression] = []
    for part in parts:
        if isinstance(part, str) and result and isinstance(result[-1], str):
            result[-1] += part
        else:
            result.append(part)
    return result


@pytest.mark.parametrize("text", ["${", "${a", '${"}', "%{ if a }b%{ endif }", "a${b${c}"])
def test_text_that_cannot_be_split_is_refused(text: str) -> None:
    with pytest.raises(UnreadableTemplateError):
        split(text)
