"""Each run starts with its own empty state, and records the addresses that it creates."""

import json
import uuid
from pathlib import Path

import pytest

from harness_support.own_states import LINEAGE, THEIRS, begin, state
from terraform_harness.terraform.created import Created
from terraform_harness.terraform.errors import ForeignStateError
from terraform_harness.terraform.own_state import OwnState
from terraform_harness.terraform.saved_plan import SavedPlan


def files(own: OwnState) -> dict[str, str]:
    return {str(path.relative_to(own.folder)): path.read_text() for path in own.folder.rglob("*") if path.is_file()}


def test_run_starts_with_an_empty_state_and_a_new_lineage(own: OwnState) -> None:
    own.prepare()

    lineage = own.created.lineage
    assert uuid.UUID(lineage).version == 4
    assert own.created == Created(lineage=lineage)
    assert own.read() == {
        "version": 4,
        "terraform_version": "1.11.0",
        "serial": 1,
        "outputs": {},
        "resources": [],
        "lineage": lineage,
    }


def test_each_run_has_its_own_lineage(tmp_path: Path) -> None:
    lineages = set()
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        own = OwnState(configuration=tmp_path / name, folder=tmp_path / name)
        own.prepare()
        lineages.add(own.created.lineage)

    assert len(lineages) == 2


def test_second_preparation_changes_nothing(own: OwnState) -> None:
    own.prepare()
    begun = files(own)

    own.prepare()

    assert files(own) == begun


def test_applied_state_of_the_run_is_kept(own: OwnState) -> None:
    begin(own, state(LINEAGE, "orders"), "aws_sqs_queue.orders")

    own.prepare()

    assert own.read() == state(LINEAGE, "orders")


def test_lost_state_is_created_again_with_the_same_lineage(own: OwnState) -> None:
    record = Created(lineage=LINEAGE, addresses=frozenset({"aws_sqs_queue.orders"}), regions=("us-east-1",))
    record.write(own.folder)

    own.prepare()

    assert own.created == record
    assert (own.read()["lineage"], own.read()["resources"]) == (LINEAGE, [])


def test_existing_state_is_refused_and_unchanged(own: OwnState) -> None:
    own.file.write_text(json.dumps(state(THEIRS, "orders")))

    with pytest.raises(ForeignStateError) as refused:
        own.prepare()

    assert str(refused.value) == (
        f"The state {own.file} is not this run's own; it lists 1 resource:\n  aws_sqs_queue.orders\n"
        "Nothing was changed. Move this state to another folder: a run begins with an empty state."
    )
    assert own.read() == state(THEIRS, "orders")


def test_record_adds_created_and_moved_addresses(own: OwnState) -> None:
    begin(own, state(LINEAGE, "old"), "aws_sqs_queue.old")
    changes = [
        {"address": "aws_sqs_queue.new", "mode": "managed", "type": "aws_sqs_queue", "change": {"actions": ["create"]}},
        {
            "address": "aws_sqs_queue.moved",
            "mode": "managed",
            "type": "aws_sqs_queue",
            "change": {"actions": ["no-op"]},
        },
        {
            "address": "aws_sqs_queue.theirs",
            "mode": "managed",
            "type": "aws_sqs_queue",
            "change": {"actions": ["update"]},
        },
    ]
    changes[1]["previous_address"] = "aws_sqs_queue.old"

    own.record(SavedPlan({"resource_changes": changes}))

    assert own.created == Created(
        lineage=LINEAGE, addresses=frozenset({"aws_sqs_queue.old", "aws_sqs_queue.new", "aws_sqs_queue.moved"})
    )
