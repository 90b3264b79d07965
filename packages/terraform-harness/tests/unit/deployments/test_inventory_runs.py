"""Lists existing resources in the order of deletion, and selects those of a run."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest

from harness_support.inventory_clients import TAGS, replace_kinds, target
from harness_support.stores import add_created
from terraform_harness.deployments.inventory import Resource, existing
from terraform_harness.deployments.kinds import KINDS, Found, Tags
from terraform_harness.deployments.ownership import left_of
from terraform_harness.deployments.run import Run
from terraform_harness.targets.target import Target
from terraform_harness.terraform.resource_types import key_of


@pytest.mark.parametrize(("kind", "region"), [("queue", "eu-west-1"), ("bucket", ""), ("role", "")])
def test_key_of_global_resource_has_no_region(kind: str, region: str) -> None:
    resource = Resource(kind=kind, name="it", identifier="id", region="eu-west-1")

    assert (key_of(kind, "it", "eu-west-1"), resource.key) == ((kind, "it", region), (kind, "it", region))


def test_tags_do_not_affect_equality() -> None:
    resource = Resource(kind="queue", name="q", identifier="id", region="eu-west-1")

    assert {resource, replace(resource, tags=TAGS)} == {resource}
    assert str(resource) == "queue q"


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> dict[str, Mapping[str, Tags | None]]:
    """Existing names and tags by kind, the same in each Region."""
    there: dict[str, Mapping[str, Tags | None]] = {}

    def find(kind: str, region: str) -> Iterator[Found]:
        yield from ((name, f"{name}@{region}", tags) for name, tags in there.get(kind, {}).items())

    replace_kinds(monkeypatch, find)
    return there


def test_resources_are_in_order_of_deletion_and_global_ones_once(world: dict[str, Mapping[str, Tags | None]]) -> None:
    world.update({kind: {"x": None} for kind in KINDS})

    listed = existing(target("us-east-1", "us-west-2"))

    wanted = [
        (kind, region)
        for kind in KINDS
        for region in (["us-east-1"] if kind in {"bucket", "role"} else ["us-east-1", "us-west-2"])
    ]
    assert [(one.kind, one.region) for one in listed] == wanted
    assert existing(target("us-east-1"), []) == []


def names(run: Run, there: Target) -> list[tuple[str, str]]:
    return [(one.name, one.region) for one in left_of(run, there)]


def test_recorded_tagged_and_suffixed_resources_belong_to_the_run(
    run: Run, world: dict[str, Mapping[str, Tags | None]]
) -> None:
    add_created(run, names=[("queue", "recorded", "us-east-1"), ("VPC", "vpc-9", "us-east-1")])
    others = ["orders-t-ffffffff", "orders-t-0123abcd-dlq", "vpc-9", "orders"]
    world["queue"] = dict.fromkeys(["recorded", "orders-t-0123abcd", *others])
    world["VPC"] = {"vpc-1": TAGS, "vpc-2": {"RunId": "run-2"}, "vpc-3": {}}

    assert names(run, target("us-east-1")) == [
        ("recorded", "us-east-1"),
        ("orders-t-0123abcd", "us-east-1"),
        ("vpc-1", "us-east-1"),
    ]


def test_resources_that_existed_before_do_not_belong_to_the_run(
    run: Run, world: dict[str, Mapping[str, Tags | None]]
) -> None:
    """This holds even with a recorded name, the suffix or the tag of the run."""
    before = [("queue", "recorded", "us-east-1"), ("queue", "orders-t-0123abcd", "us-east-1"), ("bucket", "b", "")]
    add_created(run, names=before, existed=before)
    world["queue"] = dict.fromkeys(["recorded", "orders-t-0123abcd"])
    world["bucket"] = {"b": TAGS}

    assert names(run, target("us-east-1")) == []


def test_resource_that_existed_in_another_region_does_not_count(
    run: Run, world: dict[str, Mapping[str, Tags | None]]
) -> None:
    add_created(
        run,
        names=[("queue", "orders", "us-west-2")],
        existed=[("queue", "orders", "us-east-1")],
        regions=["us-east-1", "us-west-2"],
    )
    world["queue"] = {"orders": None}

    assert names(run, target("ap-south-1")) == [("orders", "us-west-2")]


def test_regions_without_a_record_are_those_of_the_target(
    run: Run, world: dict[str, Mapping[str, Tags | None]]
) -> None:
    world["queue"] = {"orders-t-0123abcd": None}

    assert names(run, target("ap-south-1")) == [("orders-t-0123abcd", "ap-south-1")]
