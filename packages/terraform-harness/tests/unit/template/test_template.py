"""Assertions on a template, and what they say when they fail."""

import json
from typing import Any

import pytest

from terraform_harness.template import ANYTHING, Resource, Template, TemplateError, attribute
from terraform_harness.template import matching as text

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


def test_count_shows_the_condition_and_the_nearest_that_does_not_fit(shop: Template) -> None:
    said = message(shop.count, "aws_s3_bucket", 2, {"bucket": text(".*-dev"), "tags": {"Team": "web"}})

    assert said == (
        "Wanted 2 aws_s3_bucket with {'bucket': a string matching '.*-dev', 'tags': {'Team': 'web'}}, "
        "found 1: aws_s3_bucket.images\n"
        "The nearest that does not fit is aws_s3_bucket.orders:\n"
        "  tags.Team: wanted 'web', found 'shop'"
    )


def test_count_of_too_many_lists_those_that_fit(shop: Template) -> None:
    said = message(shop.count, "aws_s3_bucket", 0, {"tags": {"Team": "web"}})

    assert said == "Wanted 0 aws_s3_bucket with {'tags': {'Team': 'web'}}, found 1: aws_s3_bucket.images"


def test_count_of_a_type_that_is_not_there_lists_those_that_are(shop: Template) -> None:
    said = message(shop.count, "aws_sqs_queue", 1)

    assert said == (
        "No aws_sqs_queue is in the template; it has aws_kms_key, aws_s3_bucket, aws_s3_bucket_policy, data.aws_region."
    )


def test_lacks_is_true_of_types_by_pattern(shop: Template) -> None:
    shop.lacks("aws_config_*")
    shop.lacks("aws_s3_bucket", {"bucket": text("logs-.*")})


def test_lacks_lists_what_should_not_be(shop: Template) -> None:
    said = message(shop.lacks, "aws_s3_*", {"bucket": text(".*-dev")})

    assert said == (
        "Wanted no aws_s3_* with {'bucket': a string matching '.*-dev'}, "
        "found 2: aws_s3_bucket.orders, aws_s3_bucket.images"
    )


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


def test_has_outputs_is_true_of_those_that_are_as_wanted(shop: Template) -> None:
    shop.has_outputs({"bucket": attribute("aws_s3_bucket", "bucket")})


def test_has_outputs_shows_every_difference(shop: Template) -> None:
    said = message(shop.has_outputs, {"bucket": attribute("aws_s3_bucket", "arn"), "queue": ANYTHING})

    assert said == (
        "The outputs are not as wanted:\n"
        "  bucket: wanted the arn of aws_s3_bucket, found '${aws_s3_bucket.orders.bucket}'\n"
        "  queue: wanted anything, found nothing"
    )


def test_outputs_are_expressions_that_resolve_to_resources(shop: Template) -> None:
    (bucket,) = shop.resolve(shop.outputs["bucket"])

    assert bucket["bucket"] == "orders-dev"


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        pytest.param(
            "${aws_s3_bucket.order.arn}",
            "'${aws_s3_bucket.order.arn}' refers to aws_s3_bucket.order, which is not in the template; "
            "the nearest are aws_s3_bucket.orders, aws_s3_bucket_policy.orders, aws_s3_bucket.images.",
            id="a name that is nearly there",
        ),
        pytest.param(
            "${data.aws_region.there.name}",
            "'${data.aws_region.there.name}' refers to data.aws_region.there, which is not in the template; "
            "the nearest is data.aws_region.here.",
            id="a data source",
        ),
        pytest.param(
            "aws_sns_topic.alarms",
            "'aws_sns_topic.alarms' refers to aws_sns_topic.alarms, which is not in the template.",
            id="an address like no other",
        ),
    ],
)
def test_what_resolves_to_nothing_is_named_with_what_is_most_like_it(
    shop: Template, expression: str, said: str
) -> None:
    assert message(shop.resolve, expression) == said


def test_what_resolves_to_nothing_is_shown_where_the_template_has_it() -> None:
    rule = {"arn": ["${aws_sqs_queue.gone.arn}"], "depends_on": ["aws_sqs_queue.gone"]}
    template = Template(
        {
            "resource": {"aws_sns_topic": {"alarms": rule}},
            "output": {"queue": {"value": "${aws_sqs_queue.gone.url}"}},
        }
    )

    said = message(template.resolve, "${aws_sqs_queue.gone.url}")

    assert said == (
        "'${aws_sqs_queue.gone.url}' refers to aws_sqs_queue.gone, which is not in the template. It is referred to in "
        "aws_sns_topic.alarms.arn[0], aws_sns_topic.alarms.depends_on[0], output.queue.value."
    )


def test_a_policy_may_have_its_one_statement_without_a_list() -> None:
    statement = {"Effect": "Allow", "Action": "s3:GetObject"}
    policy = Resource(type="t", name="n", properties={"policy": json.dumps({"Statement": statement})})

    assert policy.statements() == {"#0": statement}


def test_a_policy_is_read_by_statement(shop: Template) -> None:
    assert shop.only("aws_s3_bucket_policy").statements()["Read"]["Action"] == ["s3:GetObject"]


def test_dependencies_go_through_others_and_know_depends_on(shop: Template) -> None:
    found = shop.dependencies(shop.only("aws_s3_bucket_policy"))

    assert found == {"aws_kms_key.key", "aws_s3_bucket.images", "aws_s3_bucket.orders"}
