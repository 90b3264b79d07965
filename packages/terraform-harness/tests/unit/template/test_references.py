"""References are found in code only."""

import pytest

from terraform_harness.template import Template


@pytest.mark.parametrize(
    ("value", "addresses"),
    [
        pytest.param("${aws_kms_key.a.arn}${aws_kms_key.b.arn}", ["a", "b"], id="one after the other"),
        pytest.param("${jsonencode({x = 1})}/${aws_kms_key.a.arn}", ["a"], id="after an object"),
        pytest.param('${jsonencode({"x" = {}, "y" = aws_kms_key.a.arn})}', ["a"], id="after an object in an object"),
        pytest.param('${join("}", [aws_kms_key.a.arn])}', ["a"], id="after a brace in quotes"),
        pytest.param('${join("\\"}", [aws_kms_key.a.arn])}', ["a"], id="after a quote in quotes"),
        pytest.param('${format("${aws_kms_key.a.arn}/*", aws_kms_key.b.id)}', ["a", "b"], id="in quotes in code"),
        pytest.param("%{ if aws_kms_key.a.rotated }yes%{ endif }", ["a"], id="in a directive"),
        pytest.param('${aws_kms_key.a[0].arn}${aws_kms_key.b["x"].arn}', ["a", "b"], id="one of several instances"),
        pytest.param("100%${aws_kms_key.a.arn}", ["a"], id="after a percent sign"),
        pytest.param("$${aws_kms_key.a.arn} %%{ aws_kms_key.b.arn }", [], id="not what is escaped"),
        pytest.param('${lookup(x, "aws_kms_key.a.arn")}', [], id="not text in quotes"),
        pytest.param('${format("$${aws_kms_key.a.arn}")}', [], id="not what is escaped in quotes"),
        pytest.param("see aws_kms_key.a.arn", [], id="not text"),
        pytest.param({"//": "${aws_kms_key.a.arn}"}, [], id="not a comment"),
    ],
)
def test_references_are_found_in_code(value: object, addresses: list[str]) -> None:
    template = Template({"resource": {"t": {"n": {"value": value}}}})

    found = [reference.address for reference in template.only("t").references]

    assert found == [f"aws_kms_key.{name}" for name in addresses]
