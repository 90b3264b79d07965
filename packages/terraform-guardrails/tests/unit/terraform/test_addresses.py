"""Addresses are split into modules, block and index, with any key."""

import pytest

from terraform_guardrails.terraform.addresses import Address, heads, index_of, parsed, steps, without_index


@pytest.mark.parametrize(
    ("address", "block"),
    [
        ("aws_a.a", "aws_a.a"),
        ("aws_a.a[0]", "aws_a.a"),
        ('aws_a.a["x"]', "aws_a.a"),
        ('module.m["a.b"].aws_a.a[1]', "module.m.aws_a.a"),
        ('aws_a.a["]["]', "aws_a.a"),
        (r'aws_a.a["q\"]"]', "aws_a.a"),
        (r'module.m["[\\"].aws_a.a["\"b\""]', "module.m.aws_a.a"),
    ],
)
def test_an_address_without_index_is_the_block(address: str, block: str) -> None:
    assert without_index(address) == block


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("aws_a.b", ("aws_a", "b")),
        ('module.m[0].aws_a.b["c.d"].e', ("module", "m", "[0]", "aws_a", "b", '["c.d"]', "e")),
        (r"""aws_a.b["it's \"q\"]"].c""", ("aws_a", "b", r"""["it's \"q\"]"]""", "c")),
        (r'aws_a.b["c\\"].d', ("aws_a", "b", r'["c\\"]', "d")),
        ('aws_a.b["["][1]', ("aws_a", "b", '["["]', "[1]")),
    ],
)
def test_a_quoted_key_is_one_step(text: str, parts: tuple[str, ...]) -> None:
    assert steps(text) == parts


def test_an_address_has_modules_block_and_index() -> None:
    address = parsed(r'module.a["x.y"].module.b.module.c[0].data.aws_a.a["\"]"]')

    assert address == Address(modules=('a["x.y"]', "b", "c[0]"), block="data.aws_a.a", index=r'["\"]"]')


@pytest.mark.parametrize(
    ("key", "index"),
    [
        ("a", '["a"]'),
        ('it\'s "q"]', r"""["it's \"q\"]"]"""),
        ("n\nl\t\\", r'["n\nl\t\\"]'),
        ("${a}%{b", '["$${a}%%{b"]'),
        ("\u00fc", '["\u00fc"]'),
    ],
)
def test_a_key_is_quoted_as_in_terraform(key: str, index: str) -> None:
    assert index_of(key) == index


@pytest.mark.parametrize(
    ("listed", "found"),
    [
        (["aws_a.b.c.d", "aws_a.b.c", "aws_a.b"], ["aws_a.b.c.d"]),
        (["aws_a.b[0].c", "aws_a.b[0]", "aws_a.b", "aws_a.b"], ["aws_a.b[0].c", "aws_a.b"]),
        (["aws_a.b.c", "aws_a.b", "aws_a.b.c", "aws_a.b"], ["aws_a.b.c", "aws_a.b.c"]),
        (["aws_a.bc.d", "aws_a.bc", "aws_a.b"], ["aws_a.bc.d", "aws_a.b"]),
        (["module.a[0].b", "module.a[0]", "module.a"], ["module.a[0].b", "module.a"]),
        (["module.a[0]", "module.a"], ["module.a[0]"]),
        (["module.a.b[0][1]", "module.a.b[0]", "module.a.b", "module.a"], ["module.a.b[0][1]"]),
    ],
)
def test_the_parts_of_a_reference_are_merged(listed: list[str], found: list[str]) -> None:
    assert list(heads(listed)) == [steps(text) for text in found]
