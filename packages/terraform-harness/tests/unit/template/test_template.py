"""Assertions on a template, and the text of their failures."""

import json
from typing import Any

import pytest

from terraform_harness.template import ANYTHING, Resource, Template, TemplateError, attribute, matching

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


def test_has_ignores_other_attributes(shop: Template) -> None:
    shop.has("aws_s3_bucket", {"tags": {"Team": "web"}})


def test_has_shows_the_closest_and_every_mismatch(shop: Template) -> None:
    text = message(shop.has, "aws_s3_bucket", {"bucket": "images-dev", "tags": {"Team": "shop", "Cost": 1}})

    assert text == (
        "None of 2 aws_s3_bucket matches. The closest is aws_s3_bucket.orders:\n"
        "  bucket: wanted 'images-dev', found 'orders-dev'\n"
        "  tags.Cost: wanted 1, found nothing"
    )


def test_has_of_a_missing_type_lists_the_existing_types(shop: Template) -> None:
    text = message(shop.has, "aws_sqs_queue")

    assert text == (
        "No aws_sqs_queue is in the template; it has aws_kms_key, aws_s3_bucket, aws_s3_bucket_policy, data.aws_region."
    )


def test_count_counts_matching_resources(shop: Template) -> None:
    shop.count("aws_s3_bucket", 2)
    shop.count("aws_s3_bucket", 1, {"tags": {"Team": "web"}})
    shop.count("aws_sqs_queue", 0)


def test_count_lists_the_resources(shop: Template) -> None:
    text = message(shop.count, "aws_s3_bucket", 3)

    assert text == "Wanted 3 aws_s3_bucket, found 2: aws_s3_bucket.orders, aws_s3_bucket.images"


def test_count_shows_the_condition_and_the_closest_other_one(shop: Template) -> None:
    text = message(shop.count, "aws_s3_bucket", 2, {"bucket": matching(".*-dev"), "tags": {"Team": "web"}})

    assert text == (
        "Wanted 2 aws_s3_bucket with {'bucket': a string matching '.*-dev', 'tags': {'Team': 'web'}}, "
        "found 1: aws_s3_bucket.images\n"
        "The closest other one is aws_s3_bucket.orders:\n"
        "  tags.Team: wanted 'web', found 'shop'"
    )


def test_count_of_too_many_lists_the_matching_resources(shop: Template) -> None:
    text = message(shop.count, "aws_s3_bucket", 0, {"tags": {"Team": "web"}})

    assert text == "Wanted 0 aws_s3_bucket with {'tags': {'Team': 'web'}}, found 1: aws_s3_bucket.images"


def test_count_of_a_missing_type_lists_the_existing_types(shop: Template) -> None:
    text = message(shop.count, "aws_sqs_queue", 1)

    assert text == (
        "No aws_sqs_queue is in the template; it has aws_kms_key, aws_s3_bucket, aws_s3_bucket_policy, data.aws_region."
    )


def test_lacks_takes_a_pattern_of_types(shop: Template) -> None:
    shop.lacks("aws_config_*")
    shop.lacks("aws_s3_bucket", {"bucket": matching("logs-.*")})


def test_lacks_lists_the_matching_resources(shop: Template) -> None:
    text = message(shop.lacks, "aws_s3_*", {"bucket": matching(".*-dev")})

    assert text == (
        "Wanted no aws_s3_* with {'bucket': a string matching '.*-dev'}, "
        "found 2: aws_s3_bucket.orders, aws_s3_bucket.images"
    )


def test_every_passes_if_all_match(shop: Template) -> None:
    shop.every("aws_s3_bucket", {"bucket": matching("[a-z]+-dev")})


def test_every_shows_each_other_resource(shop: Template) -> None:
    text = message(shop.every, "aws_s3_bucket", {"tags": {"Team": "shop"}})

    assert text == (
        "1 of 2 aws_s3_bucket does not match:\n  aws_s3_bucket.images\n    tags.Team: wanted 'shop', found 'web'"
    )


def test_every_of_a_missing_type_fails(shop: Template) -> None:
    assert message(shop.every, "aws_sqs_queue", {}).startswith("No aws_sqs_queue is in the template")


def test_only_returns_the_matching_resource(shop: Template) -> None:
    bucket = shop.only("aws_s3_bucket", {"bucket": "images-dev"})

    assert bucket.address == "aws_s3_bucket.images"
    assert bucket["tags"] == {"Team": "web"}
    assert bucket.get("kms") is None


def test_only_fails_for_several(shop: Template) -> None:
    text = message(shop.only, "aws_s3_bucket")

    assert text == "Wanted 1 aws_s3_bucket, found 2: aws_s3_bucket.orders, aws_s3_bucket.images"


def test_data_sources_have_a_prefix(shop: Template) -> None:
    assert [each.address for each in shop.resources("data.*")] == ["data.aws_region.here"]
    assert len(shop.resources()) == 4


def test_has_outputs_passes_if_all_match(shop: Template) -> None:
    shop.has_outputs({"bucket": attribute("aws_s3_bucket", "bucket")})


def test_has_outputs_shows_every_mismatch(shop: Template) -> None:
    text = message(shop.has_outputs, {"bucket": attribute("aws_s3_bucket", "arn"), "queue": ANYTHING})

    assert text == (
        "The outputs do not match:\n"
        "  bucket: wanted the arn of aws_s3_bucket, found '${aws_s3_bucket.orders.bucket}'\n"
        "  queue: wanted anything, found nothing"
    )


def test_output_resolves_to_its_resource(shop: Template) -> None:
    (bucket,) = shop.resolve(shop.outputs["bucket"])

    assert bucket["bucket"] == "orders-dev"


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        pytest.param(
            "${aws_s3_bucket.order.arn}",
            "'${aws_s3_bucket.order.arn}' refers to aws_s3_bucket.order, which is not in the template; "
            "the closest are aws_s3_bucket.orders, aws_s3_bucket_policy.orders, aws_s3_bucket.images.",
            id="similar name",
        ),
        pytest.param(
            "${data.aws_region.there.name}",
            "'${data.aws_region.there.name}' refers to data.aws_region.there, which is not in the template; "
            "the closest is data.aws_region.here.",
            id="data source",
        ),
        pytest.param(
            "aws_sns_topic.alarms",
            "'aws_sns_topic.alarms' refers to aws_sns_topic.alarms, which is not in the template.",
            id="no similar address",
        ),
    ],
)
def test_unresolved_reference_shows_the_closest_addresses(shop: Template, expression: str, text: str) -> None:
    assert message(shop.resolve, expression) == text


def test_unresolved_reference_shows_its_other_users() -> None:
    rule = {"arn": ["${aws_sqs_queue.gone.arn}"], "depends_on": ["aws_sqs_queue.gone"]}
    template = Template(
        {
            "resource": {"aws_sns_topic": {"alarms": rule}},
            "output": {"queue": {"value": "${aws_sqs_queue.gone.url}"}},
        }
    )

    text = message(template.resolve, "${aws_sqs_queue.gone.url}")

    assert text == (
        "'${aws_sqs_queue.gone.url}' refers to aws_sqs_queue.gone, which is not in the template. Other references "
        "to it: aws_sns_topic.alarms.arn[0], aws_sns_topic.alarms.depends_on[0], output.queue.value."
    )


def test_policy_may_have_its_only_statement_without_a_list() -> None:
    statement = {"Effect": "Allow", "Action": "s3:GetObject"}
    policy = Resource(type="t", name="n", properties={"policy": json.dumps({"Statement": statement})})

    assert policy.statements() == {"#0": statement}


def test_statements_of_a_policy_have_their_sid(shop: Template) -> None:
    assert shop.only("aws_s3_bucket_policy").statements()["Read"]["Action"] == ["s3:GetObject"]


def test_dependencies_are_indirect_and_include_depends_on(shop: Template) -> None:
    found = shop.dependencies(shop.only("aws_s3_bucket_policy"))

    assert found == {"aws_kms_key.key", "aws_s3_bucket.images", "aws_s3_bucket.orders"}
