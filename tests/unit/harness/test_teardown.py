"""The teardown destroys and deletes only resources of the run, and reports what is left."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from harness import inventory, sweep, teardown
from harness.created import Key
from harness.errors import ForeignStateError, LeftoverError, StateUnreadableError, TargetGoneError, TerraformError
from harness.inventory import KINDS, Tags
from harness.own_state import OwnState
from harness.runs import Run, new_run
from harness.state import addresses_in
from harness.targets import Target
from harness.teardown import tear_down

REGION, LINEAGE = "us-east-1", "0e0a7bfd-8c0c-4c57-932d-9048e023a4b6"
QUEUE, THEIRS = ("queue", "orders", REGION), ("queue", "live", REGION)
FUNCTION, LOG_GROUP = ("function", "f", REGION), ("log group", "/aws/lambda/f", REGION)
BY_HAND = "The harness deletes only what carries the tag RunId of its run: delete the rest by hand."
DECLARE = "Lambda made it: declare an aws_cloudwatch_log_group of this name, on which the function depends"
TYPES = {"queue": ("aws_sqs_queue", "name"), "function": ("aws_lambda_function", "function_name")}


@dataclass
class World:
    """A target with its resources and their tags. It is also the client of CloudWatch Logs."""

    exists: dict[Key, Tags] = field(default_factory=dict)
    deleted: list[Key] = field(default_factory=list)
    stuck: set[Key] = field(default_factory=set)

    def delete(self, key: Key) -> None:
        if key not in self.stuck:
            del self.exists[key]
            self.deleted.append(key)

    def delete_log_group(self, *, logGroupName: str) -> None:  # noqa: N803 - boto3's name
        self.delete(("log group", logGroupName, REGION))


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


@dataclass
class Terraform:
    """A fake with a real state file. Its first `failures` destroys fail."""

    own: OwnState
    world: World
    failures: int = 0
    destroys: int = 0

    def check_state(self) -> None:
        self.own.check()

    def state(self) -> dict[str, Any]:
        return self.own.read()

    def state_addresses(self) -> Sequence[str]:
        return addresses_in(self.own.read())

    def destroy(self) -> None:
        self.own.check()
        self.destroys += 1
        if self.destroys <= self.failures:
            raise TerraformError(command=["terraform", "destroy"], folder=Path("stack"), exit_code=1, message="No.")
        listed = self.own.read().get("resources", [])
        by_type = {type_: kind for kind, (type_, _) in TYPES.items()}
        for one in listed:
            self.world.delete((by_type[one["type"]], one["instances"][0]["attributes"]["id"], REGION))
        self.write()

    def write(self, *keys: Key) -> None:
        resources = [
            {
                "mode": "managed",
                "type": TYPES[kind][0],
                "name": name,
                "provider": 'provider["registry.terraform.io/hashicorp/aws"]',
                "instances": [{"attributes": {"id": name, TYPES[kind][1]: name}}],
            }
            for kind, name, _ in keys
        ]
        self.own.file.write_text(json.dumps({"version": 4, "lineage": LINEAGE, "resources": resources}))


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


def end(terraform: Terraform, run: Run, there: Target, **options: Any) -> None:  # noqa: ANN401 - those of tear_down
    tear_down(terraform, run, there, **options)  # type: ignore[arg-type]  # not the real Terraform


def test_only_resources_of_the_run_are_destroyed(terraform: Terraform, run: Run, world: World, shared: Target) -> None:
    end(terraform, run, shared)

    assert (world.exists, world.deleted) == ({THEIRS: {}}, [QUEUE])
    assert not run.is_left


def test_names_in_the_state_are_looked_for_in_every_region(
    terraform: Terraform, run: Run, world: World, aws: Target
) -> None:
    """A generated name is in the state only. A resource without an ARN may be in any Region of the run."""
    run.created.adding(regions=[REGION, "us-west-2"]).write(run.folder)
    terraform.write(FUNCTION)
    world.exists[FUNCTION] = world.exists[LOG_GROUP] = {}

    with pytest.raises(LeftoverError) as failure:
        end(terraform, run, aws)

    west = {(kind, name, "us-west-2") for kind, name, _ in (FUNCTION, LOG_GROUP)}
    assert run.created.names == {QUEUE, FUNCTION, LOG_GROUP, *west}
    assert failure.value.resources == ("queue orders (it has no tag RunId)", f"log group /aws/lambda/f ({DECLARE})")


def test_unreachable_target_stops_the_teardown(terraform: Terraform, run: Run, world: World, shared: Target) -> None:
    def check() -> None:
        raise TargetGoneError(endpoint=shared.endpoint)

    with pytest.raises(TargetGoneError):
        end(terraform, run, replace(shared, check=check), unrecorded=True)

    assert (terraform.destroys, world.deleted, run.is_left) == (0, [], True)


@pytest.mark.parametrize("unrecorded", [False, True])
def test_foreign_state_stops_the_teardown_before_any_deletion(
    terraform: Terraform, run: Run, world: World, shared: Target, *, unrecorded: bool
) -> None:
    terraform.write(QUEUE, THEIRS)

    with pytest.raises(ForeignStateError):
        end(terraform, run, shared, unrecorded=unrecorded)

    assert (terraform.destroys, world.deleted, run.is_left) == (0, [], True)


def test_foreign_resource_survives_after_the_remedy(
    terraform: Terraform, run: Run, world: World, shared: Target
) -> None:
    """The remedy of ForeignStateError: remove it from the state and run the command again."""
    terraform.write(QUEUE, THEIRS)
    with pytest.raises(ForeignStateError):
        end(terraform, run, shared, unrecorded=True)

    terraform.write(QUEUE)
    end(terraform, run, shared, unrecorded=True)

    assert world.exists == {THEIRS: {}}
    assert run.created.names == {QUEUE}


def test_leftover_is_reported_with_the_command(terraform: Terraform, run: Run, world: World, shared: Target) -> None:
    terraform.write()

    with pytest.raises(LeftoverError) as failure:
        end(terraform, run, shared)

    assert str(failure.value) == (
        "1 resource is left after destroy:\n  queue orders\nDelete it with: python -m harness destroy run-1"
    )
    assert (world.deleted, run.is_left) == ([], True)


def test_unrecorded_resources_of_an_interrupted_apply_are_deleted(
    terraform: Terraform, run: Run, world: World, shared: Target
) -> None:
    named, tagged = ("topic", "bills-t-0123abcd", REGION), ("VPC", "vpc-1", REGION)
    others = {("topic", "bills-t-ffffffff", REGION): {}, ("VPC", "vpc-2", REGION): {"RunId": "run-2"}, THEIRS: {}}
    terraform.write()
    world.exists = {QUEUE: {}, named: {}, tagged: {"RunId": "run-1"}, **others}

    end(terraform, run, shared, unrecorded=True)

    assert (world.exists, world.deleted) == (others, [named, QUEUE, tagged])
    assert not run.is_left


def test_existing_resource_is_neither_deleted_nor_reported(
    terraform: Terraform, run: Run, world: World, shared: Target
) -> None:
    before = ("topic", "bills-t-0123abcd", REGION)
    run.created.adding(existed=[before]).write(run.folder)
    world.exists[before] = {}

    end(terraform, run, shared, unrecorded=True)

    assert (world.exists, run.is_left) == ({THEIRS: {}, before: {}}, False)


def test_failed_destroy_adds_the_command(terraform: Terraform, run: Run, world: World, shared: Target) -> None:
    terraform.failures = 1

    with pytest.raises(TerraformError) as failure:
        end(terraform, run, shared)

    assert failure.value.__notes__ == ["End what is left with: python -m harness destroy run-1"]
    assert (world.deleted, run.is_left) == ([], True)


def test_failed_destroy_is_repeated_after_the_sweep(terraform: Terraform, run: Run, world: World, aws: Target) -> None:
    terraform.failures = 1

    end(terraform, run, aws, unrecorded=True)

    assert (terraform.destroys, world.exists, run.is_left) == (2, {THEIRS: {}}, False)


def test_address_in_the_state_is_reported_as_leftover(
    terraform: Terraform, run: Run, world: World, shared: Target
) -> None:
    terraform.failures = 2

    with pytest.raises(LeftoverError) as failure:
        end(terraform, run, shared, unrecorded=True)

    assert str(failure.value) == (
        "1 resource is left after destroy:\n  aws_sqs_queue.orders\nDelete it with: python -m harness destroy run-1"
    )
    assert (world.exists, run.is_left) == ({THEIRS: {}}, True)


def test_unreadable_state_stops_the_teardown(terraform: Terraform, run: Run, world: World, shared: Target) -> None:
    terraform.own.file.write_text("{")

    with pytest.raises(StateUnreadableError) as failure:
        end(terraform, run, shared)

    assert failure.value.__notes__ == ["End what is left with: python -m harness destroy run-1"]
    assert (world.deleted, run.is_left) == ([], True)


def test_unreadable_state_is_reported_after_the_sweep(
    terraform: Terraform, run: Run, world: World, shared: Target
) -> None:
    terraform.own.file.write_text("{")

    with pytest.raises(LeftoverError) as failure:
        end(terraform, run, shared, unrecorded=True)

    with pytest.raises(StateUnreadableError) as unreadable:
        terraform.state()
    assert failure.value.resources == (str(unreadable.value),)
    assert (world.exists, run.is_left) == ({THEIRS: {}}, True)


@pytest.fixture
def with_log_group(terraform: Terraform, run: Run, world: World) -> Terraform:
    """Lambda made a log group for a function of the run."""
    terraform.write(FUNCTION)
    run.created.adding(names=[FUNCTION, LOG_GROUP]).write(run.folder)
    world.exists = {FUNCTION: {}, LOG_GROUP: {}, THEIRS: {}}
    return terraform


def test_lambda_log_group_is_removed_with_a_warning_on_localstack(
    with_log_group: Terraform, run: Run, world: World, shared: Target
) -> None:
    warnings: list[str] = []

    end(with_log_group, run, shared, on_warning=warnings.append)

    assert warnings == [f"log group /aws/lambda/f was left after destroy and is removed now. {DECLARE}."]
    assert (world.exists, run.is_left) == ({THEIRS: {}}, False)


def test_existing_lambda_log_group_is_kept_without_a_warning(
    with_log_group: Terraform, run: Run, world: World, shared: Target
) -> None:
    run.created.adding(existed=[LOG_GROUP]).write(run.folder)
    warnings: list[str] = []

    end(with_log_group, run, shared, on_warning=warnings.append)

    assert (warnings, world.exists, run.is_left) == ([], {LOG_GROUP: {}, THEIRS: {}}, False)


def test_other_log_groups_are_not_attributed_to_lambda(
    terraform: Terraform, run: Run, world: World, shared: Target
) -> None:
    """Only /aws/lambda/NAME of a function of the run counts."""
    groups = [("log group", name, REGION) for name in ("f", "/aws/lambda/g-t-0123abcd", "/aws/lambda/g")]
    run.created.adding(names=[FUNCTION, groups[0]]).write(run.folder)
    world.exists.update({group: {} for group in groups})

    with pytest.raises(LeftoverError) as failure:
        end(terraform, run, shared)

    assert failure.value.resources == ("log group f", "log group /aws/lambda/g-t-0123abcd")
    assert set(groups) <= world.exists.keys()


@pytest.mark.parametrize("on_aws", [False, True], ids=["strict", "AWS"])
def test_lambda_log_group_is_an_error_if_strict_or_on_aws(  # noqa: PLR0913 - each is a fixture
    with_log_group: Terraform, run: Run, world: World, shared: Target, aws: Target, *, on_aws: bool
) -> None:
    there = aws if on_aws else shared

    with pytest.raises(LeftoverError) as failure:
        end(with_log_group, run, there, strict=not on_aws)

    assert str(failure.value) == (
        f"1 resource is left after destroy:\n  log group /aws/lambda/f ({DECLARE})\n"
        "Delete it with: python -m harness destroy run-1"
    )
    assert (world.exists, run.is_left) == ({LOG_GROUP: {}, THEIRS: {}}, True)


def test_untagged_resource_is_kept_on_aws(terraform: Terraform, run: Run, world: World, aws: Target) -> None:
    terraform.write()

    with pytest.raises(LeftoverError) as failure:
        end(terraform, run, aws, unrecorded=True)

    assert str(failure.value) == (f"1 resource is left after destroy:\n  queue orders (it has no tag RunId)\n{BY_HAND}")
    assert (world.deleted, run.is_left) == ([], True)


def test_undeletable_resource_is_reported_with_the_response(
    terraform: Terraform, run: Run, world: World, shared: Target
) -> None:
    terraform.write()
    world.stuck = {QUEUE}

    with pytest.raises(LeftoverError) as failure:
        end(terraform, run, shared, unrecorded=True)

    assert failure.value.resources == ("queue orders (deleted, but still listed)",)
    assert run.is_left
