"""A run that has applied a queue, and the targets that it may be on."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from harness_support.teardown_fakes import LINEAGE, QUEUE, REGION, THEIRS, Terraform, World
from terraform_harness.deployments import inventory, sweep, teardown
from terraform_harness.deployments.inventory import KINDS, Tags
from terraform_harness.deployments.run import Run, new_run
from terraform_harness.targets.target import Target
from terraform_harness.terraform.own_state import OwnState


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    there = World()

    def lister(kind: str) -> object:
        def listed(_: Target, region: str) -> Iterator[tuple[str, str, Tags | None]]:
            found = [(name, tags) for (one, name, at), tags in there.exists.items() if (one, at) == (kind, region)]
            yield from ((name, name, tags) for name, tags in found)

        return listed

    def deleter(kind: str) -> Callable[[object, str], None]:
        return lambda _, name: there.delete((kind, name, REGION))

    monkeypatch.setattr(inventory, "KINDS", {kind: lister(kind) for kind in KINDS})
    monkeypatch.setattr(sweep, "_DELETES", {kind: deleter(kind) for kind in KINDS})
    monkeypatch.setattr(sweep, "_SECONDS", 0.0)
    monkeypatch.setattr(teardown, "_LISTED_SECONDS", 0.0)
    return there


@pytest.fixture
def run(tmp_path: Path) -> Run:
    run = new_run(tmp_path / "runs", run_id="run-1", suffix="t-0123abcd").applying()
    replace(run.created, lineage=LINEAGE, addresses=frozenset({"aws_sqs_queue.orders", "aws_lambda_function.f"})).write(
        run.folder
    )
    return run


@pytest.fixture
def terraform(run: Run, world: World) -> Terraform:
    """The run has applied a queue."""
    terraform = Terraform(OwnState(configuration=run.folder / "terraform", folder=run.folder), world)
    terraform.write(QUEUE)
    run.created.adding(names=[QUEUE]).write(run.folder)
    world.exists = {QUEUE: {}, THEIRS: {}}
    return terraform


@pytest.fixture
def shared(world: World) -> Target:
    """A LocalStack that others use too."""
    environment = {"AWS_ENDPOINT_URL": "http://127.0.0.1:4566"}
    return Target(name="localstack", environment=environment, _clients={("logs", REGION): world})


@pytest.fixture
def aws() -> Target:
    return Target(name="aws", environment={"AWS_REGION": REGION}, account="123456789012")
