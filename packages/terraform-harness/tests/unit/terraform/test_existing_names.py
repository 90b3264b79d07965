"""A resource that existed before is found in a state by its kind, its name and its Region."""

from typing import Any

import pytest

from terraform_harness.terraform.saved_plan import SavedPlan
from terraform_harness.terraform.state import existing_in

REGION = "us-east-1"
TOPIC = ("topic", "orders", REGION)


def resource(type_: str, **attributes: str) -> dict[str, Any]:
    instance = {"attributes": attributes}
    return {"mode": "managed", "type": type_, "name": "it", "provider": "", "instances": [instance]}


def topic(name: str, region: str) -> dict[str, Any]:
    return resource("aws_sns_topic", name=name, arn=f"arn:aws:sns:{region}:000000000000:{name}")


@pytest.mark.parametrize(
    ("listed", "found"),
    [
        (topic("orders", REGION), ["aws_sns_topic.it"]),
        (topic("orders", "eu-west-1"), []),
        (topic("bills", REGION), []),
        (resource("aws_sqs_queue", name="orders", arn=f"arn:aws:sqs:{REGION}:000000000000:orders"), []),
        ({**topic("orders", REGION), "mode": "data"}, []),
        (resource("terraform_data", id="orders"), []),
    ],
    ids=["the same", "another Region", "another name", "another kind", "data source", "another provider"],
)
def test_existing_resource_in_a_state(listed: dict[str, Any], found: list[str]) -> None:
    assert list(existing_in({"resources": [listed]}, {TOPIC})) == found


def test_bucket_has_no_region() -> None:
    bucket = resource("aws_s3_bucket", bucket="orders", arn="arn:aws:s3:::orders")

    assert list(existing_in({"resources": [bucket]}, {("bucket", "orders", "")})) == ["aws_s3_bucket.it"]


def test_mapping_of_the_same_function_is_not_a_conflict() -> None:
    mapping = resource(
        "aws_lambda_event_source_mapping",
        function_name="f",
        arn=f"arn:aws:lambda:{REGION}:000000000000:event-source-mapping:1",
    )

    assert list(existing_in({"resources": [mapping]}, {("event source mapping", "f", REGION)})) == []


def created(type_: str, actions: tuple[str, ...] = ("create",)) -> dict[str, Any]:
    change = {"actions": list(actions), "before": None, "after": {}, "after_unknown": {"name": True}}
    return {"address": f"{type_}.it", "mode": "managed", "type": type_, "name": "it", "change": change}


def test_kinds_are_those_with_chosen_names_known_or_not() -> None:
    types = ["aws_sns_topic", "aws_lambda_function", "aws_vpc", "aws_kms_key", "aws_s3_object", "terraform_data"]
    changes = [*map(created, types), created("aws_sqs_queue", ("update",)), created("aws_dynamodb_table", ("no-op",))]

    plan = SavedPlan({"resource_changes": changes})

    assert plan.kinds == {"topic", "function", "log group"}
