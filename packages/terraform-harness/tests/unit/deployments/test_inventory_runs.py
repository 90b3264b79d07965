"""Lists existing resources in the order of deletion, and selects those of a run."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from harness_support.inventory_clients import TAGS, target
from terraform_harness.deployments import inventory
from terraform_harness.deployments.inventory import KINDS, Resource, Tags, existing, key_of, left_of
from terraform_harness.deployments.run import Run, new_run
from terraform_harness.targets.target import Target


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

    def lister(kind: str) -> object:
        def listed(_: Target, region: str) -> Iterator[tuple[str, str, Tags | None]]:
            yield from ((name, f"{name}@{region}", tags) for name, tags in there.get(kind, {}).items())

        return listed

    monkeypatch.setattr(inventory, "KINDS", {kind: lister(kind) for kind in KINDS})
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


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return new_run(tmp_path / "runs", run_id="run-1", suffix="t-0123abcd")


def names(run: Run, there: Target) -> list[tuple[str, str]]:
    return [(one.name, one.region) for one in left_of(run, there)]


def test_recorded_tagged_and_suffixed_resources_belong_to_the_run(
    run: Run, world: dict[str, Mapping[str, Tags | None]]
) -> None:
    run.created.adding(names=[("queue", "recorded", "us-east-1"), ("VPC", "vpc-9", "us-east-1")]).write(run.folder)
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
    run.created.adding(names=before, existed=before).write(run.folder)
    world["queue"] = dict.fromkeys(["recorded", "orders-t-0123abcd"])
    world["bucket"] = {"b": TAGS}

    assert names(run, target("us-east-1")) == []


def test_resource_that_existed_in_another_region_does_not_count(
    run: Run, world: dict[str, Mapping[str, Tags | None]]
) -> None:
    run.created.adding(
        names=[("queue", "orders", "us-west-2")],
        existed=[("queue", "orders", "us-east-1")],
        regions=["us-east-1", "us-west-2"],
    ).write(run.folder)
    world["queue"] = {"orders": None}

    assert names(run, target("ap-south-1")) == [("orders", "us-west-2")]


def test_regions_without_a_record_are_those_of_the_target(
    run: Run, world: dict[str, Mapping[str, Tags | None]]
) -> None:
    world["queue"] = {"orders-t-0123abcd": None}

    assert names(run, target("ap-south-1")) == [("orders-t-0123abcd", "ap-south-1")]
