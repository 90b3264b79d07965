"""Expressions are evaluated as far as their values are known before apply."""

import pytest

from terraform_guardrails.terraform.expressions import evaluate, walk
from terraform_guardrails.terraform.values import Reference, Template, Unknown, Value

KEY = Reference("aws_kms_key.k", ("arn",))
LOCALS: dict[str, Value] = {
    "map": {"names": ["a", "b"], "key": KEY},
    "text": "orders",
    "list": [{"name": "a"}, {"name": "b"}],
}


def resolve(reference: Reference) -> Value:
    kind, _, name = reference.address.partition(".")
    return walk(LOCALS.get(name), reference.path) if kind == "local" else reference


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("plain", "plain"),
        ("${aws_kms_key.k.arn}", KEY),
        ("${data.aws_region.r.name}", Reference("data.aws_region.r", ("name",))),
        ("${aws_subnet.s[0].id}", Reference("aws_subnet.s", ("[0]", "id"))),
        ('${aws_subnet.s["a"].id}', Reference("aws_subnet.s", ('["a"]', "id"))),
        ("${aws_subnet.s[each.key].id}", Reference("aws_subnet.s", ("[each.key]", "id"))),
        ("${aws_subnet.s[*].id}", [Reference("aws_subnet.s", ("[*]", "id"))]),
        ("${aws_subnet.s.*.id}", [Reference("aws_subnet.s", ("[*]", "id"))]),
        ("${local.text}", "orders"),
        ("${local.map.names[1]}", "b"),
        ('${local.map["key"]}', KEY),
        ("${local.map.names[7]}", Unknown("[7]")),
        ("${var.name}", Unknown("var.name")),
        ("${each.value}", Unknown("each.value")),
        ("${local.text}-dev", "orders-dev"),
        ("${local.text}-${var.s}", Template(("orders-", Unknown("var.s")))),
        ("${aws_kms_key.k.arn}/*", Template((KEY, "/*"))),
        ("$${aws_kms_key.k.arn}", "${aws_kms_key.k.arn}"),
        ("${true}", True),
        ("${null}", None),
        ("${12}", 12),
        ("${1.5}", 1.5),
        ('${"a\\n${local.text}"}', "a\norders"),
        ('${["a", local.text]}', ["a", "orders"]),
        ('${{a = 1, "b" = local.text}}', {"a": 1, "b": "orders"}),
        ('${{a = 1}["a"]}', 1),
        ("${(aws_kms_key.k.arn)}", KEY),
        ('${true ? "a" : "b"}', "a"),
        ('${false ? "a" : local.text}', "orders"),
        ('${var.x ? "a" : "b"}', Unknown('var.x?"a" :"b"')),
        ('${join(",", ["a", local.text])}', "a,orders"),
        ('${join(",", [])}', ""),
        ('${format("%s-%d", local.text, 3)}', "orders-3"),
        ('${format("%5s", local.text)}', Unknown("format(...)")),
        ('${format("%s-%s", local.text)}', Unknown("format(...)")),
        ("${format(var.pattern)}", Unknown("format(...)")),
        ('${join(",", var.names)}', Unknown("join(...)")),
        ("${merge(var.a, {b = 2})}", Unknown("merge(...)")),
        ("${upper(var.a)}", Unknown("upper(...)")),
        ('${tolist("a", "b")}', Unknown("a conversion(...)")),
        ('${"$${a}"}', "${a}"),
        ('${"a%{ if true }b%{ endif }"}', Template(("a", Unknown("a directive"), "b", Unknown("a directive")))),
        ("${{(var.key) = 1}}", Unknown("an object with a computed key")),
        ('a-${["b"]}', Template(("a-", Unknown("not text")))),
        ("${local.list.name}", ["a", "b"]),
        ("${local.list[*].name}", ["a", "b"]),
        ("${local.list[0].name}", "a"),
        ("${local.text.name}", Unknown("name")),
        ('${upper("a")}', "A"),
        ('${lower("A")}', "a"),
        ('${concat(["a"], ["b"])}', ["a", "b"]),
        ("${merge({a = 1}, {b = 2})}", {"a": 1, "b": 2}),
        ('${toset(["a"])}', ["a"]),
        ('${jsonencode({a = [true, "b"]})}', '{"a":[true,"b"]}'),
        ("${jsonencode({a = aws_kms_key.k.arn})}", Template(('{"a":"', KEY, '"}'))),
        ('${jsonencode("\\"${aws_kms_key.k.arn}")}', Template(('"\\"', KEY, '"'))),
        ("${file(aws_kms_key.k.arn)}", Unknown("file(aws_kms_key.k.arn)", (KEY,))),
        ("${concat(var.a, [aws_kms_key.k.arn])}", Unknown("concat(...)", (KEY,))),
        ("%{ if true }a%{ endif }", Unknown("%{ if true }a%{ endif }")),
        ("${not an expression}", Unknown("not an expression")),
        ("${", Unknown("${")),
    ],
)
def test_an_expression_has_its_known_value(text: str, value: Value) -> None:
    assert evaluate(text, resolve) == value


@pytest.mark.parametrize("depth", [50, 5_000])
def test_any_number_of_brackets_is_parsed(depth: int) -> None:
    text = "${" + "(" * depth + "aws_kms_key.k.arn" + ")" * depth + "}"

    assert evaluate(text, resolve) == KEY


def test_deeply_nested_lists_are_unknown() -> None:
    text = "${" + "[" * 3_000 + "]" * 3_000 + "}"

    assert evaluate(text, resolve) == Unknown(text[2:-1])
