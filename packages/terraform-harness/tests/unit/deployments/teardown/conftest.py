"""A run that has applied a queue, and the targets that it may be on."""

from collections.abc import Iterator

import pytest

from harness_support.inventory_clients import replace_kinds
from harness_support.stores import add_created
from harness_support.teardown_fakes import LINEAGE, QUEUE, REGION, THEIRS, Terraform, World
from terraform_harness.deployments import sweep, teardown
from terraform_harness.deployments.kinds import Found
from terraform_harness.deployments.run import Run
from terraform_harness.deployments.store import RunStore
from terraform_harness.targets.target import Target
from terraform_harness.terraform.created import Created
from terraform_harness.terraform.own_state import OwnState


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    there = World()

    def find(kind: str, region: str) -> Iterator[Found]:
        found = [(name, tags) for (one, name, at), tags in there.exists.items() if (one, at) == (kind, region)]
        yield from ((name, name, tags) for name, tags in found)

    replace_kinds(monkeypatch, find, lambda kind, name: there.delete((kind, name, REGION)))
    monkeypatch.setattr(sweep, "_SECONDS", 0.0)
    monkeypatch.setattr(teardown, "_LISTED_SECONDS", 0.0)
    return there


@pytest.fixture
def run(run: Run, store: RunStore) -> Run:
    addresses = frozenset({"aws_sqs_queue.orders", "aws_lambda_function.f"})
    store.record(run, Created(lineage=LINEAGE, addresses=addresses))
    return store.update(run, applied=True)


@pytest.fixture
def terraform(run: Run, world: World) -> Terraform:
    """Terraform whose state lists the queue."""
    terraform = Terraform(OwnState(configuration=run.folder / "terraform", folder=run.folder), world)
    terraform.write(QUEUE)
    add_created(run, names=[QUEUE])
    world.exists = {QUEUE: {}, THEIRS: {}}
    return terraform


@pytest.fixture
def shared(world: World) -> Target:
    """A LocalStack with other users."""
    environment = {"AWS_ENDPOINT_URL": "http://127.0.0.1:4566"}
    return Target(name="localstack", environment=environment, _clients={("logs", REGION): world})


@pytest.fixture
def aws() -> Target:
    return Target(name="aws", environment={"AWS_REGION": REGION}, account="123456789012")
