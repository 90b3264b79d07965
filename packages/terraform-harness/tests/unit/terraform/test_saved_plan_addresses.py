"""Reads from a saved plan the addresses that it creates and the names that the state lists."""

from harness_support.planned_json import DELETE, NO_OP, REPLACE, REPLACE_FIRST, UPDATE, change, planned, queue
from terraform_harness.terraform.saved_plan import SavedPlan


def test_empty_plan_has_no_effect() -> None:
    empty = SavedPlan({})

    assert (empty.imported, empty.adopted, empty.providers(), list(empty.creations("us-east-1"))) == ([], [], [], [])
    assert (empty.addresses(frozenset()), empty.names_before(["us-east-1"])) == (frozenset(), frozenset())
    assert empty.regions("us-east-1") == ("us-east-1",)


def test_created_and_replaced_resources_are_recorded() -> None:
    plan = planned(
        change('aws_sqs_queue.created["a.b"]'),
        change("aws_sqs_queue.replaced", REPLACE),
        change("aws_sqs_queue.replaced_first", REPLACE_FIRST),
        change("terraform_data.created"),
        change("aws_sqs_queue.updated", UPDATE),
        change("aws_sqs_queue.deleted", DELETE),
        change("aws_sqs_queue.kept", NO_OP),
        change("aws_sqs_queue.deposed", DELETE, deposed="0a1b2c3d"),
        {**change("data.aws_vpc.read", ["read"]), "mode": "data"},
        {**change("data.aws_vpc.created"), "mode": "data"},
    )

    assert plan.addresses(frozenset()) == {
        'aws_sqs_queue.created["a.b"]',
        "aws_sqs_queue.replaced",
        "aws_sqs_queue.replaced_first",
        "terraform_data.created",
    }


def test_resource_moved_from_recorded_address_is_recorded() -> None:
    plan = planned(
        change('module.n["k"].aws_sqs_queue.x', NO_OP, previous_address="module.m.aws_sqs_queue.x"),
        change("aws_sqs_queue.updated", UPDATE, previous_address="aws_sqs_queue.old[0]"),
        change("aws_sqs_queue.theirs", NO_OP, previous_address="aws_sqs_queue.unknown"),
    )

    known = frozenset({"module.m.aws_sqs_queue.x", "aws_sqs_queue.old[0]"})
    assert plan.addresses(known) == {'module.n["k"].aws_sqs_queue.x', "aws_sqs_queue.updated"}


def test_listed_names_are_those_in_the_state_before_apply() -> None:
    arn = "arn:aws:sqs:eu-west-1:000000000000:generated"
    plan = planned(
        change("aws_sqs_queue.kept", NO_OP, before=queue("generated", arn=arn), after=queue("generated", arn=arn)),
        change("aws_cloudwatch_dashboard.replaced", REPLACE, before={"dashboard_name": "old"}),
        change("aws_s3_bucket.deleted", DELETE, before={"bucket": "b"}, after=None),
        change("aws_sqs_queue.new", after=queue("new")),
        {**change("data.aws_sqs_queue.read", ["read"], before=queue("read")), "mode": "data"},
    )

    assert plan.names_before(["us-east-1"]) == {
        ("queue", "generated", "eu-west-1"),
        ("dashboard", "old", "us-east-1"),
        ("bucket", "b", ""),
    }
