"""The review of an accepted plan records the names that it creates and the resources that existed before."""

from harness_support.review_fakes import ANYWHERE, BUCKET, EMBEDDED, FUNCTION, ORDERS, SHARED, World, change, planned
from harness_support.stores import add_created, created, is_clean
from terraform_harness.deployments.review import review
from terraform_harness.deployments.run import Run
from terraform_harness.targets.target import Target
from terraform_harness.terraform.created import Created


@ANYWHERE
def test_accepted_plan_is_recorded(run: Run, world: World, there: Target) -> None:
    world["queue", "us-east-1"] = ["theirs"]

    review(planned(ORDERS, FUNCTION, BUCKET), run, there)

    existed = set() if there.is_own else {("queue", "theirs", "us-east-1")}
    assert created(run) == Created(
        names=frozenset(
            {
                ("queue", "orders", "us-east-1"),
                ("function", "f", "us-east-1"),
                ("log group", "/aws/lambda/f", "us-east-1"),
                ("bucket", "b", ""),
            }
        ),
        existed=frozenset(existed),
        regions=("us-east-1",),
    )
    assert not is_clean(run)


def test_only_kinds_in_the_plan_are_queried(run: Run, world: World) -> None:
    review(planned(FUNCTION, BUCKET), run, SHARED)

    assert world == {("function", ""): ["us-east-1"], ("log group", ""): ["us-east-1"], ("bucket", ""): ["us-east-1"]}


def test_embedded_localstack_is_not_queried(run: Run, world: World) -> None:
    world["queue", "us-east-1"] = ["orders"]

    review(planned(ORDERS), run, EMBEDDED)

    assert world == {("queue", "us-east-1"): ["orders"]}


def test_existing_log_group_of_a_function_is_recorded_as_existing(run: Run, world: World) -> None:
    world["log group", "us-east-1"] = ["/aws/lambda/f"]

    review(planned(FUNCTION), run, SHARED)

    assert created(run).existed == {("log group", "/aws/lambda/f", "us-east-1")}


def test_resource_of_an_earlier_apply_is_accepted(run: Run, world: World) -> None:
    add_created(run, names=[("queue", "orders", "us-east-1")])
    world["queue", "us-east-1"] = ["orders"]

    review(planned(ORDERS), run, SHARED)

    assert created(run).existed == frozenset()


def test_generated_name_in_the_state_is_not_recorded_as_existing(run: Run, world: World) -> None:
    """The name of a queue with a name_prefix is unknown in the plan that creates it."""
    generated = {"name": "orders-2026", "arn": "arn:aws:sqs:us-east-1:000000000000:orders-2026"}
    world["queue", "us-east-1"] = ["orders-2026", "theirs"]

    review(planned(ORDERS, change("aws_sqs_queue.old", generated, actions=["no-op"], before=generated)), run, SHARED)

    assert created(run).existed == {("queue", "theirs", "us-east-1")}
