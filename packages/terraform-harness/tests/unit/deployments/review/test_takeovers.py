"""The review refuses a plan that takes over existing resources."""

import pytest

from harness_support.review_fakes import (
    ANYWHERE,
    BUCKET,
    EMBEDDED,
    FUNCTION,
    NOT_OWN,
    ORDERS,
    SHARED,
    World,
    change,
    planned,
    refusal,
)
from harness_support.stores import created, is_clean
from terraform_harness.deployments.errors import TakeoverError
from terraform_harness.deployments.review import review
from terraform_harness.deployments.run import Run
from terraform_harness.targets.target import Target
from terraform_harness.terraform.created import Created


@NOT_OWN
def test_existing_name_is_refused(run: Run, world: World, there: Target) -> None:
    world["queue", "us-east-1"] = ["orders"]
    world["bucket", "us-east-1"] = ["b"]

    with pytest.raises(TakeoverError) as refused:
        review(planned(ORDERS, BUCKET, FUNCTION), run, there)

    assert str(refused.value) == (
        f"The apply would take over 2 resources in {there.place} that existed before this run, "
        "and destroy would delete them:\n"
        "  aws_sqs_queue.orders: queue orders exists in us-east-1\n"
        "  aws_s3_bucket.b: bucket b exists in us-east-1\n"
        "Nothing was changed. Give each resource a name of this run's own (the fixture 'terraform_run' has a "
        "suffix, 't-0123abcd' here), remove import blocks, or deploy to an empty target: "
        "without AWS_ENDPOINT_URL and --tf-target, the harness starts one."
    )
    assert (created(run), is_clean(run)) == (Created(), True)


def test_name_of_another_kind_is_accepted(run: Run, world: World) -> None:
    world["topic", "us-east-1"] = ["orders"]

    review(planned(ORDERS), run, SHARED)

    assert not is_clean(run)


def test_same_name_in_another_region_is_accepted(run: Run, world: World) -> None:
    plan = planned(
        ORDERS,
        change("aws_sqs_queue.west", {"name": "bills"}),
        BUCKET,
        west=("aws_sqs_queue.west", "aws_s3_bucket.b"),
    )
    world["queue", "us-east-1"] = ["bills"]
    world["queue", "us-west-2"] = ["orders"]

    review(plan, run, SHARED)

    assert created(run) == Created(
        names=frozenset({("queue", "orders", "us-east-1"), ("queue", "bills", "us-west-2"), ("bucket", "b", "")}),
        existed=frozenset({("queue", "bills", "us-east-1"), ("queue", "orders", "us-west-2")}),
        regions=("us-east-1", "us-west-2"),
    )


def test_existing_name_in_the_region_of_an_alias_is_refused(run: Run, world: World) -> None:
    world["queue", "us-west-2"] = ["orders"]
    world["bucket", "us-east-1"] = ["b"]

    taken = refusal(planned(ORDERS, BUCKET, west=("aws_sqs_queue.orders", "aws_s3_bucket.b")), run, SHARED)

    assert taken == [
        "aws_sqs_queue.orders: queue orders exists in us-west-2",
        "aws_s3_bucket.b: bucket b exists in us-west-2",
    ]


def test_event_source_mapping_of_same_function_is_accepted(run: Run, world: World) -> None:
    world["event source mapping", "us-east-1"] = ["f"]

    review(planned(change("aws_lambda_event_source_mapping.m", {"function_name": "f"})), run, SHARED)

    assert not is_clean(run)


def test_replacement_with_an_existing_name_is_refused(run: Run, world: World) -> None:
    world["alarm", "us-east-1"] = ["live"]
    renamed = {"actions": ["delete", "create"], "before": {"alarm_name": "ours"}}

    taken = refusal(planned(change("aws_cloudwatch_metric_alarm.a", {"alarm_name": "live"}, **renamed)), run, SHARED)

    assert taken == ["aws_cloudwatch_metric_alarm.a: alarm live exists in us-east-1"]


@ANYWHERE
def test_import_block_is_refused_on_every_target(run: Run, world: World, there: Target) -> None:
    imported = change("aws_sqs_queue.live", {"name": "live"}, actions=["no-op"], importing={"id": "https://sqs/live"})

    taken = refusal(planned(imported), run, there)

    assert (taken, world) == (["aws_sqs_queue.live: an import block names it"], {})


@NOT_OWN
def test_default_resource_is_refused(run: Run, world: World, there: Target) -> None:
    taken = refusal(planned(change("aws_default_vpc.it", {}), change("aws_default_security_group.it", {})), run, there)

    assert (taken, world) == (
        [
            "aws_default_vpc.it: it stands for an existing default resource",
            "aws_default_security_group.it: it stands for an existing default resource",
        ],
        {},
    )


@pytest.mark.usefixtures("world")
def test_default_resource_of_embedded_localstack_is_accepted(run: Run) -> None:
    review(planned(change("aws_default_vpc.it", {})), run, EMBEDDED)

    assert not is_clean(run)
