"""Reads addresses, names and Regions from states as Terraform 1.11 writes them."""

from collections.abc import Sequence
from typing import Any

import pytest

from terraform_harness.terraform.state import Regions, addresses_in, names_in, regions_in, texts_in

AWS = 'provider["registry.terraform.io/hashicorp/aws"]'


def state(*resources: dict[str, Any]) -> dict[str, Any]:
    return {
        "version": 4,
        "terraform_version": "1.11.4",
        "serial": 3,
        "lineage": "0e0a7bfd-8c0c-4c57-932d-9048e023a4b6",
        "outputs": {},
        "resources": list(resources),
        "check_results": None,
    }


def resource(type_: str, name: str, *instances: dict[str, Any], provider: str = AWS, **more: str) -> dict[str, Any]:
    return {"mode": "managed", "type": type_, "name": name, "provider": provider, "instances": [*instances], **more}


def instance(key: str | int | None = None, /, **attributes: object) -> dict[str, Any]:
    index = {} if key is None else {"index_key": key}
    return {**index, "schema_version": 0, "attributes": attributes, "sensitive_attributes": []}


DATA = {**resource("aws_sqs_queue", "read", instance(id="read", name="read", arn="arn:aws:sqs:eu-west-1:1:read"))}
DATA["mode"] = "data"


def test_empty_state_lists_nothing() -> None:
    for empty in ({}, state()):
        assert (addresses_in(empty), names_in(empty, ["us-east-1"]), texts_in(empty)) == ((), frozenset(), frozenset())
        assert regions_in(empty) == Regions(default=[], others=[])


# Each pair is an instance key and what 'terraform state list' 1.11.4 and 'terraform show -json' of the plan write.
@pytest.mark.parametrize(
    ("key", "written"),
    [
        (None, ""),
        (0, "[0]"),
        (12, "[12]"),
        ("", '[""]'),
        ("plain", '["plain"]'),
        ("0", '["0"]'),
        ("k.x[1]", '["k.x[1]"]'),
        ('quo"te', r'["quo\"te"]'),
        ("back\\slash", r'["back\\slash"]'),
        ("${t}", '["$${t}"]'),
        ("%{t}", '["%%{t}"]'),
        ("$${t}", '["$$${t}"]'),
        ("$ % {", '["$ % {"]'),
        ("line\nreturn\rtab\t", r'["line\nreturn\rtab\t"]'),
        ("bell\x07back\x08form\x0c", r'["bell\u0007back\u0008form\u000c"]'),
        ("delete\x7fnext\x85", r'["delete\u007fnext\u0085"]'),
        ("wide\u00a0space\u2028", r'["wide\u00a0space\u2028"]'),
        ("ü日本😀", '["ü日本😀"]'),
        ("👩\u200d💻", r'["👩\u200d💻"]'),
        ("\ue000", r'["\ue000"]'),
        ("a\U000e0001b", r'["a\U000e0001b"]'),
        ("<&>/", '["<&>/"]'),
    ],
)
def test_address_equals_terraform_state_list(key: str | int | None, written: str) -> None:
    assert addresses_in(state(resource("aws_sqs_queue", "orders", instance(key)))) == (
        f"aws_sqs_queue.orders{written}",
    )


def test_address_starts_with_the_module() -> None:
    nested = resource("aws_sqs_queue", "q", instance("c"), instance("d"), module='module.a["x.y"].module.b[0]')

    assert addresses_in(state(nested)) == (
        'module.a["x.y"].module.b[0].aws_sqs_queue.q["c"]',
        'module.a["x.y"].module.b[0].aws_sqs_queue.q["d"]',
    )


def test_data_sources_are_not_listed() -> None:
    found = state(DATA, resource("aws_sqs_queue", "orders", instance(name="orders")))

    assert addresses_in(found) == ("aws_sqs_queue.orders",)
    assert names_in(found, ["us-east-1"]) == {("queue", "orders", "us-east-1")}
    assert texts_in(found) == {"orders"}


def test_deposed_instance_is_listed_once() -> None:
    """The state has two objects of an instance until its replaced object is destroyed. `state list` prints one line."""
    deposed = {**instance(id="old"), "deposed": "0a1b2c3d"}

    assert addresses_in(state(resource("aws_sqs_queue", "q", instance(id="new"), deposed))) == ("aws_sqs_queue.q",)


def test_instance_with_only_a_deposed_object_is_listed() -> None:
    deposed = {**instance(id="old"), "deposed": "0a1b2c3d"}

    assert addresses_in(state(resource("aws_sqs_queue", "q", deposed))) == ("aws_sqs_queue.q",)


@pytest.mark.parametrize(
    ("type_", "attributes", "names"),
    [
        ("aws_sqs_queue", {"name": "q", "arn": "arn:aws:sqs:eu-west-1:1:q"}, {("queue", "q", "eu-west-1")}),
        ("aws_sqs_queue", {"name": "q", "arn": None}, {("queue", "q", "us-east-1"), ("queue", "q", "us-west-2")}),
        ("aws_s3_bucket", {"bucket": "b", "arn": "arn:aws:s3:::b"}, {("bucket", "b", "")}),
        ("aws_iam_role", {"name": "r", "arn": "arn:aws:iam::1:role/r"}, {("role", "r", "")}),
        ("aws_sqs_queue", {"name": "q", "arn": "arn:aws-cn:sqs:cn-north-1:1:q"}, {("queue", "q", "cn-north-1")}),
        (
            "aws_lambda_function",
            {"function_name": "f", "arn": "arn:aws:lambda:eu-west-1:1:function:f"},
            {("function", "f", "eu-west-1"), ("log group", "/aws/lambda/f", "eu-west-1")},
        ),
        (
            "aws_lambda_event_source_mapping",
            {"function_name": "arn:aws:lambda:eu-west-1:1:function:f", "arn": "arn:aws:lambda:eu-west-1:1:e:1"},
            {("event source mapping", "f", "eu-west-1")},
        ),
        (
            "aws_lambda_event_source_mapping",
            {"function_name": "arn:aws:lambda:eu-west-1:1:function:f:a", "arn": "arn:aws:lambda:eu-west-1:1:e:1"},
            {("event source mapping", "f:a", "eu-west-1")},
        ),
        ("aws_vpc", {"id": "vpc-1", "arn": "arn:aws:ec2:eu-west-1:1:vpc/vpc-1"}, {("VPC", "vpc-1", "eu-west-1")}),
        ("aws_sqs_queue_policy", {"id": "q"}, set()),
        ("aws_sqs_queue", {"name": None}, set()),
        ("aws_sqs_queue", {"name": ""}, set()),
        ("terraform_data", {"id": "1", "name": "x"}, set()),
    ],
    ids=[
        "Region of the ARN",
        "each Region without an ARN",
        "global bucket",
        "global role",
        "another partition",
        "function and its log group",
        "mapping by ARN",
        "mapping of an alias",
        "by id",
        "no kind of the inventory",
        "unknown name",
        "empty name",
        "another provider",
    ],
)
def test_names_have_kind_name_and_region(type_: str, attributes: dict[str, object], names: set[object]) -> None:
    assert names_in(state(resource(type_, "it", instance(**attributes))), ["us-east-1", "us-west-2"]) == names


def test_texts_are_ids_arns_and_names() -> None:
    attributes = {
        "id": "https://sqs/q",
        "arn": "arn:aws:sqs:eu-west-1:1:q",
        "name": "q",
        "function_name": "f",
        "bucket": "b",
        "policy": "secret",
        "url": "https://sqs/other",
        "alarm_name": "",
        "name_prefix": "n-",
        "key_name": None,
        "names": ["x"],
    }

    texts = texts_in(state(resource("aws_sqs_queue", "it", instance(**attributes))))

    assert texts == {"https://sqs/q", "arn:aws:sqs:eu-west-1:1:q", "q", "f", "b"}


def at(*regions: str) -> Sequence[dict[str, Any]]:
    return [instance(number, arn=f"arn:aws:sqs:{region}:1:q") for number, region in enumerate(regions)]


def test_default_region_is_the_most_frequent_of_the_default_provider() -> None:
    found = state(
        resource("aws_sqs_queue", "a", *at("us-west-2")),
        resource("aws_sqs_queue", "b", *at("eu-west-1", "eu-west-1")),
        resource("aws_sqs_queue", "c", *at("ap-south-1", "ap-south-1", "ap-south-1"), provider=f"{AWS}.south"),
        resource("aws_sqs_queue", "d", *at("sa-east-1", "sa-east-1", "sa-east-1"), provider=f"module.own.{AWS}"),
        resource("aws_s3_bucket", "e", instance(arn="arn:aws:s3:::bucket")),
    )

    assert regions_in(found) == Regions(
        default=["eu-west-1"], others=["us-west-2", "eu-west-1", "ap-south-1", "sa-east-1"]
    )


def test_instance_without_attributes_has_no_name() -> None:
    """Terraform 0.11 wrote `attributes_flat` instead. Such a state must be refused, not crash the check."""
    flat = {"schema_version": 0, "attributes_flat": {"id": "q", "name": "q"}}
    found = state(resource("aws_sqs_queue", "old", flat))

    assert addresses_in(found) == ("aws_sqs_queue.old",)
    assert (names_in(found, ["us-east-1"]), texts_in(found)) == (frozenset(), frozenset())
    assert regions_in(found) == Regions(default=[], others=[])
