"""Text is split into literals, expressions and references."""

from collections.abc import Sequence

import pytest

from terraform_guardrails.terraform.syntax import Expression, UnreadableTemplateError, references, split


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
    """Merge consecutive literals."""
    result: list[str | Expression] = []
    for part in parts:
        if isinstance(part, str) and result and isinstance(result[-1], str):
            result[-1] += part
        else:
            result.append(part)
    return result


@pytest.mark.parametrize("text", ["${", "${a", '${"}', "%{ if a }b%{ endif }", "a${b${c}"])
def test_invalid_text_is_rejected(text: str) -> None:
    with pytest.raises(UnreadableTemplateError):
        split(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("plain", []),
        ("$${aws_a.a.id}", []),
        ("${aws_a.a.id}", ["${aws_a.a.id}"]),
        ("${local.a}${data.aws_b.b.id}", ["${local.a}", "${data.aws_b.b.id}"]),
        ("${aws_a.a[aws_b.b.index].id}", ["${aws_a.a[aws_b.b.index].id}", "${aws_b.b.index}"]),
        ('${f("${aws_a.a.id}", [aws_b.b.id])}', ["${aws_a.a.id}", "${aws_b.b.id}"]),
        ("${var.x ? aws_a.a.id : module.m.out}", ["${aws_a.a.id}", "${module.m.out}"]),
        ("${count.index + each.key}", []),
    ],
)
def test_every_reference_in_text_is_found(text: str, found: list[str]) -> None:
    assert [str(reference) for reference in references(text)] == found
