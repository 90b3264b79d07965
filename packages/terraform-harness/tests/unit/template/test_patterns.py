"""A pattern matches many values, and a failure shows why a value does not match."""

import pytest

from terraform_harness.template import (
    ABSENT,
    ANYTHING,
    Template,
    TemplateError,
    attribute,
    containing,
    decoded,
    exactly,
    one_of,
)
from terraform_harness.template import matching as text


def template_with(value: object) -> Template:
    return Template(
        {"data": {"aws_region": {"here": {}}}, "resource": {"aws_kms_key": {"key": {}}, "t": {"n": {"value": value}}}}
    )


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        pytest.param(ANYTHING, None, id="anything is null"),
        pytest.param({"tags": ABSENT}, {}, id="absent is a missing member"),
        pytest.param({"tags": ABSENT}, {"tags": None}, id="absent is null"),
        pytest.param(text("a+"), "aaa", id="a whole match"),
        pytest.param(containing("b", "a"), ["a", "b", "c"], id="containing in any order"),
        pytest.param(containing({"x": 1}), [{"x": 1, "y": 2}], id="containing a part of an item"),
        pytest.param(containing("oo"), "foo", id="containing a part of a string"),
        pytest.param(exactly({"x": 1}), {"x": 1}, id="exactly the same members"),
        pytest.param(one_of(1, text("a")), "a", id="one of several"),
        pytest.param(decoded({"x": [1]}), '{"x": [1], "y": 2}', id="the JSON in a string"),
        pytest.param(attribute("aws_kms_key", "arn"), "${aws_kms_key.key.arn}", id="an attribute by type"),
        pytest.param(attribute("aws_kms_key.key", "arn"), "${aws_kms_key.key.arn}", id="an attribute by address"),
        pytest.param(
            attribute("aws_kms_key", "arn"), "${aws_kms_key.key[0].arn}", id="an attribute of one of several instances"
        ),
        pytest.param(
            containing({"key": attribute("aws_kms_key", "arn")}),
            [{"key": "${aws_kms_key.key.arn}"}],
            id="an attribute in an item of a list",
        ),
        pytest.param(
            one_of("none", attribute("aws_kms_key", "arn")), "${aws_kms_key.key.arn}", id="an attribute or a word"
        ),
        pytest.param(
            decoded({"Resource": attribute("aws_kms_key", "arn")}),
            '{"Resource": "${aws_kms_key.key.arn}"}',
            id="an attribute in the JSON in a string",
        ),
        pytest.param(
            attribute("data.aws_region", "name"), "${data.aws_region.here.name}", id="an attribute of a data source"
        ),
    ],
)
def test_pattern_matches(wanted: object, found: object) -> None:
    template = template_with(found)

    template.has("t", {"value": wanted})


@pytest.mark.parametrize(
    ("wanted", "found", "mismatch"),
    [
        pytest.param(1, True, "value: wanted 1, found True", id="true is not one"),
        pytest.param([1], [1, 2], "value: wanted [1], found [1, 2] (surplus: 2)", id="a longer list"),
        pytest.param([1, 3], [1], "value: wanted [1, 3], found [1] (missing: 3)", id="a shorter list"),
        pytest.param([1, 3], [2], "value: wanted [1, 3], found [2] (missing: 1, 3; surplus: 2)", id="another list"),
        pytest.param([1, 1], [1], "value: wanted [1, 1], found [1]", id="once instead of twice"),
        pytest.param([1, 2], [1, 3], "value[1]: wanted 2, found 3", id="another item"),
        pytest.param({"x": 1}, "x", "value: wanted {'x': 1}, found 'x'", id="not a mapping"),
        pytest.param(ABSENT, 1, "value: wanted nothing, found 1", id="not absent"),
        pytest.param(text("a"), "ab", "value: wanted a string matching 'a', found 'ab'", id="more than the pattern"),
        pytest.param(containing("a", "b"), ["a"], "value: wanted also 'b', found ['a']", id="an item is missing"),
        pytest.param(
            containing({"port": 443, "open": True}),
            [{"port": 80}, {"port": 443, "open": False}],
            "value: wanted also {'port': 443, 'open': True}, found [{'port': 80}, {'port': 443, 'open': False}] "
            "(closest: value[1].open: wanted True, found False)",
            id="no item matches",
        ),
        pytest.param(containing(1), "1", "value: wanted also 1, found '1'", id="a number in a string"),
        pytest.param(containing("a"), 1, "value: wanted also 'a', found 1", id="not a list"),
        pytest.param(exactly({"x": 1}), {"x": 1, "y": 2}, "value.y: wanted nothing, found 2", id="one member more"),
        pytest.param(
            exactly({"x": 1}), {"x": 1, "y": None}, "value.y: wanted nothing, found None", id="null is a member"
        ),
        pytest.param(exactly({}), 1, "value: wanted exactly {}, found 1", id="no members at all"),
        pytest.param(one_of(1, 2), 3, "value: wanted one of 1, 2, found 3", id="none of several"),
        pytest.param(
            one_of({"a": 1, "b": 2}, {"a": 2, "b": text("x")}),
            {"a": 2, "b": 3},
            "value: wanted one of {'a': 1, 'b': 2}, {'a': 2, 'b': a string matching 'x'}, found {'a': 2, 'b': 3} "
            "(closest: value.b: wanted a string matching 'x', found 3)",
            id="none of several mappings",
        ),
        pytest.param(
            {"x": text("a")}, 1, "value: wanted {'x': a string matching 'a'}, found 1", id="a pattern in a mapping"
        ),
        pytest.param(decoded(ANYTHING), "{", "value: wanted the JSON of anything, found '{'", id="not JSON"),
        pytest.param(decoded({"x": 1}), '{"x": 2}', "value.x: wanted 1, found 2", id="other JSON"),
        pytest.param(
            attribute("aws_kms_key", "arn"),
            "${aws_kms_key.key.id}",
            "value: wanted the arn of aws_kms_key, found '${aws_kms_key.key.id}'",
            id="another attribute",
        ),
        pytest.param(
            attribute("aws_kms_key", "arn"),
            "${aws_kms_key.kye.arn}",
            "value: wanted the arn of aws_kms_key, found '${aws_kms_key.kye.arn}', but aws_kms_key.kye is not in the "
            "template; the closest is aws_kms_key.key",
            id="an attribute of what is not in the template",
        ),
        pytest.param(
            containing(attribute("aws_kms_key.kye", "arn")),
            ["${aws_kms_key.kye.arn}"],
            "value: wanted also the arn of aws_kms_key.kye, found ['${aws_kms_key.kye.arn}'] (closest: value[0]: "
            "wanted the arn of aws_kms_key.kye, found '${aws_kms_key.kye.arn}', but aws_kms_key.kye is not in the "
            "template; the closest is aws_kms_key.key)",
            id="an item that is not in the template",
        ),
        pytest.param(
            attribute("aws_kms_key", "arn"),
            "x${aws_kms_key.key.arn}",
            "value: wanted the arn of aws_kms_key, found 'x${aws_kms_key.key.arn}'",
            id="more than a reference",
        ),
    ],
)
def test_failure_shows_the_mismatch(wanted: object, found: object, mismatch: str) -> None:
    template = template_with(found)

    with pytest.raises(TemplateError) as caught:
        template.has("t", {"value": wanted})

    assert str(caught.value) == f"None of 1 t matches. The closest is t.n:\n  {mismatch}"
