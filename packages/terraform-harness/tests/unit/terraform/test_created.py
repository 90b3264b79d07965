"""The record of a run survives a round trip, only grows, and is replaced atomically."""

import json
from pathlib import Path

import pytest

from terraform_harness.terraform.created import Created

RECORD = Created(
    lineage="0e0a7bfd-8c0c-4c57-932d-9048e023a4b6",
    configuration="terraform/infra",
    addresses=frozenset({"aws_sqs_queue.orders", 'module.m["a.b"].aws_sqs_queue.x'}),
    names=frozenset({("queue", "orders", "us-east-1"), ("bucket", "orders", "")}),
    existed=frozenset({("queue", "theirs", "us-east-1")}),
    regions=("us-west-2", "us-east-1"),
)


def test_record_survives_a_round_trip(tmp_path: Path) -> None:
    RECORD.write(tmp_path)

    assert Created.read(tmp_path) == RECORD


def test_missing_record_is_empty(tmp_path: Path) -> None:
    assert Created.read(tmp_path) == Created()


def test_record_is_sorted_json(tmp_path: Path) -> None:
    RECORD.write(tmp_path)

    assert {path.name: json.loads(path.read_text()) for path in tmp_path.iterdir()} == {
        "created.json": {
            "lineage": "0e0a7bfd-8c0c-4c57-932d-9048e023a4b6",
            "configuration": "terraform/infra",
            "addresses": ["aws_sqs_queue.orders", 'module.m["a.b"].aws_sqs_queue.x'],
            "names": [["bucket", "orders", ""], ["queue", "orders", "us-east-1"]],
            "existed": [["queue", "theirs", "us-east-1"]],
            "regions": ["us-west-2", "us-east-1"],
        }
    }


def test_adding_keeps_earlier_entries() -> None:
    more = RECORD.adding(
        addresses=["aws_sqs_queue.more"],
        names=[("queue", "more", "us-east-1")],
        existed=[("topic", "theirs", "us-east-1")],
        regions=["us-east-1", "eu-west-1"],
    )

    assert more == Created(
        lineage=RECORD.lineage,
        configuration=RECORD.configuration,
        addresses=RECORD.addresses | {"aws_sqs_queue.more"},
        names=RECORD.names | {("queue", "more", "us-east-1")},
        existed=RECORD.existed | {("topic", "theirs", "us-east-1")},
        regions=("us-west-2", "us-east-1", "eu-west-1"),
    )


def test_adding_nothing_changes_nothing() -> None:
    assert RECORD.adding() == RECORD


def test_kill_during_write_keeps_the_last_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    RECORD.write(tmp_path)

    def killed(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Path, "replace", killed)
    with pytest.raises(ZeroDivisionError):
        RECORD.adding(addresses=["aws_sqs_queue.more"]).write(tmp_path)

    assert Created.read(tmp_path) == RECORD
