"""Assertions on Terraform JSON, and what they say when they fail."""

import json
from typing import Any

import pytest

from harness.template import ABSENT, ANYTHING, Template, TemplateError, attribute, containing, decoded, exactly, one_of
from harness.template import matching as text

POLICY = {"Version": "2012-10-17", "Statement": [{"Sid": "Read", "Effect": "Allow", "Action": ["s3:GetObject"]}]}


@pytest.fixture
def shop() -> Template:
    return Template(
        {
            "data": {"aws_region": {"here": {}}},
            "resource": {
                "aws_kms_key": {"key": {"enable_key_rotation": True}},
                "aws_s3_bucket": {
                    "orders": {"bucket": "orders-dev", "tags": {"Team": "shop"}, "kms": "${aws_kms_key.key.arn}"},
                    "images": {"bucket": "images-dev", "tags": {"Team": "web"}},
                },
                "aws_s3_bucket_policy": {
                    "orders": {
                        "bucket": "${aws_s3_bucket.orders.id}",
                        "policy": json.dumps(POLICY),
                        "depends_on": ["aws_s3_bucket.images"],
                    }
                },
            },
            "output": {"bucket": {"value": "${aws_s3_bucket.orders.bucket}"}},
        }
    )


def message(assertion: Any, *arguments: Any) -> str:  # noqa: ANN401 - any assertion of a template
    with pytest.raises(TemplateError) as caught:
        assertion(*arguments)
    return str(caught.value)


def test_has_is_true_of_one_that_fits_whatever_else_it_says(shop: Template) -> None:
    shop.has("aws_s3_bucket", {"tags": {"Team": "web"}})


def test_has_shows_the_nearest_and_every_difference(shop: Template) -> None:
    said = message(shop.has, "aws_s3_bucket", {"bucket": "images-dev", "tags": {"Team": "shop", "Cost": 1}})

    assert said == (
        "None of 2 aws_s3_bucket is as wanted. The nearest is aws_s3_bucket.orders, but:\n"
        "  bucket: wanted 'images-dev', found 'orders-dev'\n"
        "  tags.Cost: wanted 1, found nothing"
    )


def test_has_of_a_type_that_is_not_there_lists_those_that_are(shop: Template) -> None:
    said = message(shop.has, "aws_sqs_queue")

    assert said == (
        "No aws_sqs_queue is in the template; it has aws_kms_key, aws_s3_bucket, aws_s3_bucket_policy, data.aws_region."
    )


def test_count_counts_those_that_fit(shop: Template) -> None:
    shop.count("aws_s3_bucket", 2)
    shop.count("aws_s3_bucket", 1, {"tags": {"Team": "web"}})
    shop.count("aws_sqs_queue", 0)


def test_count_lists_what_it_found(shop: Template) -> None:
    said = message(shop.count, "aws_s3_bucket", 3)

    assert said == "Wanted 3 aws_s3_bucket, found 2: aws_s3_bucket.orders, aws_s3_bucket.images"


def test_lacks_is_true_of_types_by_pattern(shop: Template) -> None:
    shop.lacks("aws_config_*")
    shop.lacks("aws_s3_bucket", {"bucket": text("logs-.*")})


def test_lacks_lists_what_should_not_be(shop: Template) -> None:
    said = message(shop.lacks, "aws_s3_*", {"bucket": text(".*-dev")})

    assert said == "Wanted no such aws_s3_*, found 2: aws_s3_bucket.orders, aws_s3_bucket.images"


def test_every_is_true_if_all_fit(shop: Template) -> None:
    shop.every("aws_s3_bucket", {"bucket": text("[a-z]+-dev")})


def test_every_shows_each_that_does_not_fit(shop: Template) -> None:
    said = message(shop.every, "aws_s3_bucket", {"tags": {"Team": "shop"}})

    assert said == (
        "1 of 2 aws_s3_bucket are not as wanted:\n  aws_s3_bucket.images\n    tags.Team: wanted 'shop', found 'web'"
    )


def test_every_of_nothing_is_a_failure(shop: Template) -> None:
    assert message(shop.every, "aws_sqs_queue", {}).startswith("No aws_sqs_queue is in the template")


def test_only_returns_the_one_that_fits(shop: Template) -> None:
    bucket = shop.only("aws_s3_bucket", {"bucket": "images-dev"})

    assert bucket.address == "aws_s3_bucket.images"
    assert bucket["tags"] == {"Team": "web"}
    assert bucket.get("kms") is None


def test_only_refuses_to_choose(shop: Template) -> None:
    said = message(shop.only, "aws_s3_bucket")

    assert said == "Wanted 1 aws_s3_bucket, found 2: aws_s3_bucket.orders, aws_s3_bucket.images"


def test_data_sources_are_asked_for_by_their_prefix(shop: Template) -> None:
    assert [each.address for each in shop.resources("data.*")] == ["data.aws_region.here"]
    assert len(shop.resources()) == 4


def test_outputs_are_expressions_that_resolve_to_resources(shop: Template) -> None:
    (bucket,) = shop.resolve(shop.outputs["bucket"])

    assert bucket["bucket"] == "orders-dev"


def test_a_policy_is_read_by_statement(shop: Template) -> None:
    assert shop.only("aws_s3_bucket_policy").statements()["Read"]["Action"] == ["s3:GetObject"]


def test_dependencies_go_through_others_and_know_depends_on(shop: Template) -> None:
    found = shop.dependencies(shop.only("aws_s3_bucket_policy"))

    assert found == {"aws_kms_key.key", "aws_s3_bucket.images", "aws_s3_bucket.orders"}


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
            attribute("data.aws_region", "name"), "${data.aws_region.here.name}", id="an attribute of a data source"
        ),
    ],
)
def test_a_pattern_accepts(wanted: object, found: object) -> None:
    template = Template({"resource": {"t": {"n": {"value": found}}}})

    template.has("t", {"value": wanted})


@pytest.mark.parametrize(
    ("wanted", "found", "difference"),
    [
        pytest.param(1, True, "value: wanted 1, found True", id="true is not one"),
        pytest.param([1], [1, 2], "value: wanted [1], found [1, 2]", id="a longer list"),
        pytest.param([1, 2], [1, 3], "value[1]: wanted 2, found 3", id="another item"),
        pytest.param({"x": 1}, "x", "value: wanted {'x': 1}, found 'x'", id="not a mapping"),
        pytest.param(ABSENT, 1, "value: wanted nothing, found 1", id="not absent"),
        pytest.param(text("a"), "ab", "value: wanted a string matching 'a', found 'ab'", id="more than the pattern"),
        pytest.param(containing("a", "b"), ["a"], "value: wanted also 'b', found ['a']", id="an item is missing"),
        pytest.param(containing("a"), 1, "value: wanted also 'a', found 1", id="not a list"),
        pytest.param(exactly({"x": 1}), {"x": 1, "y": 2}, "value.y: wanted nothing, found 2", id="one member more"),
        pytest.param(exactly({}), 1, "value: wanted exactly {}, found 1", id="no members at all"),
        pytest.param(one_of(1, 2), 3, "value: wanted one of 1, 2, found 3", id="none of several"),
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
            "x${aws_kms_key.key.arn}",
            "value: wanted the arn of aws_kms_key, found 'x${aws_kms_key.key.arn}'",
            id="more than a reference",
        ),
    ],
)
def test_a_pattern_says_what_does_not_fit(wanted: object, found: object, difference: str) -> None:
    template = Template({"resource": {"t": {"n": {"value": found}}}})

    said = message(template.has, "t", {"value": wanted})

    assert said == f"None of 1 t is as wanted. The nearest is t.n, but:\n  {difference}"
