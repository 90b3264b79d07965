"""Reads the kind, the name and the Region of each new resource from a saved plan."""

import pytest

from harness_support.planned_json import (
    DELETE,
    NO_OP,
    REPLACE,
    REPLACE_FIRST,
    UPDATE,
    change,
    constant,
    module_provider,
    planned,
    provider,
    queue,
    refer,
    resource,
)
from terraform_harness.terraform.saved_plan import Creation


def test_creations_are_new_resources_with_a_known_name() -> None:
    plan = planned(
        change("aws_sqs_queue.new", after=queue("orders")),
        change("aws_sqs_queue.generated", after={}, after_unknown={"name": True}),
        change("aws_vpc.unnamed", after={}, after_unknown={"id": True}),
        change("aws_sqs_queue_policy.no_kind", after={"id": "x"}),
        change("terraform_data.other", after={"name": "x"}),
        change("aws_sqs_queue.updated", UPDATE, before=queue("u"), after=queue("u")),
        change("aws_sqs_queue.kept", NO_OP, before=queue("k"), after=queue("k")),
        change("aws_sqs_queue.deleted", DELETE, before=queue("d"), after=None),
        {**change("data.aws_sqs_queue.read", after=queue("r")), "mode": "data"},
    )

    assert list(plan.creations("us-east-1")) == [
        Creation(address="aws_sqs_queue.new", kind="queue", name="orders", regions=())
    ]


@pytest.mark.parametrize("actions", [REPLACE, REPLACE_FIRST])
def test_replacement_with_new_name_or_region_is_a_creation(actions: list[str]) -> None:
    """A new name forces a replacement. PutMetricAlarm overwrites an existing alarm of that name."""
    plan = planned(
        change("aws_sqs_queue.same", actions, before=queue("same"), after=queue("same")),
        change("aws_sqs_queue.renamed", actions, before=queue("old"), after=queue("new")),
        change(
            "aws_sqs_queue.was_moved",
            actions,
            before=queue("a", region="eu-west-1"),
            after=queue("a", region="eu-west-2"),
        ),
    )

    assert list(plan.creations("us-east-1")) == [
        Creation(address="aws_sqs_queue.renamed", kind="queue", name="new", regions=()),
        Creation(address="aws_sqs_queue.was_moved", kind="queue", name="a", regions=("eu-west-2",)),
    ]


def test_creation_has_the_region_of_its_provider() -> None:
    inner = {"resources": [resource("aws_sqs_queue.deep", "aws.west"), resource("aws_sns_topic.deep", "module.a:aws")]}
    module = {"module_calls": {"b": {"module": inner}}}
    plan = planned(
        change("aws_sqs_queue.default", after=queue("default")),
        change("aws_sqs_queue.west", after=queue("west")),
        change("aws_sqs_queue.computed", after=queue("computed")),
        change("aws_sqs_queue.own", after=queue("own", region="ca-west-1")),
        {
            **change("module.b.aws_sqs_queue.deep", after=queue("deep")),
            "address": 'module.a["x.y[0]\\"]"].module.b[0].aws_sqs_queue.deep[1]',
            "module_address": 'module.a["x.y[0]\\"]"].module.b[0]',
        },
        change("module.a.module.b.aws_sns_topic.deep", after={"name": "topic"}),
        root={
            "resources": [
                {**resource("aws_sqs_queue.west", "aws"), "mode": "data"},
                resource("aws_sqs_queue.default"),
                resource("aws_sqs_queue.west", "aws.west"),
                resource("aws_sqs_queue.computed", "aws.computed"),
                resource("aws_sqs_queue.own", "aws.west"),
            ],
            "module_calls": {"a": {"module": module}},
        },
        **{
            "aws": provider(),
            "aws.west": provider(region=constant("us-west-2")),
            "aws.computed": provider(region=refer("data.x.y.z")),
            "module.a:aws": module_provider("module.a", region=constant("eu-west-1")),
        },
    )

    assert {creation.name: creation.regions for creation in plan.creations("us-east-1")} == {
        "default": ("us-east-1",),
        "west": ("us-west-2",),
        "computed": (),
        "own": ("ca-west-1",),
        "deep": ("us-west-2",),
        "topic": ("eu-west-1",),
    }
