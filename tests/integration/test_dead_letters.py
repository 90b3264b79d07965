"""A record that exhausts its retries: Lambda writes it to the quarantine bucket, and a replay processes it."""

import json
import subprocess
from base64 import b64decode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from terraform_harness import Deployment, eventually
from terraform_harness.probes import Bucket, Inbox, Stream, Table
from tests.integration.budgets import Budgets
from tests.integration.changes import failing_function
from tests.integration.samples import Transaction, encode, new_transaction
from tests.integration.turns import turn

pytestmark = [pytest.mark.localstack, pytest.mark.aws]

type Replay = Callable[..., subprocess.CompletedProcess[str]]


@dataclass(frozen=True, kw_only=True)
class DeadLetter:
    """A transaction that exhausted its retries, and the object with its record."""

    transaction: Transaction
    partition_key: str
    sequence_number: str
    key: str


@pytest.fixture(scope="module")
def dead_letter(deployment: Deployment, stream: Stream, quarantine: Bucket, budgets: Budgets) -> DeadLetter:
    transaction = new_transaction()
    partition_key = str(transaction["transactionId"])
    with turn(deployment.run), failing_function(deployment, budgets):
        number = stream.put(encode(transaction), key=partition_key)
        keys = eventually(
            lambda: {
                record["kinesis"]["sequenceNumber"]: key
                for key in quarantine.keys("aws/lambda/")
                for record in records(quarantine.content(key))
            },
            until=lambda found: number in found,
            what="Lambda has written the record to the bucket",
            within=budgets.retries,
        )
    return DeadLetter(transaction=transaction, partition_key=partition_key, sequence_number=number, key=keys[number])


def records(content: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """Return the records in an object of Lambda; the event is text on AWS and an object on LocalStack."""
    payload = content["payload"]
    found: Sequence[Mapping[str, Any]] = (json.loads(payload) if isinstance(payload, str) else payload)["Records"]
    return found


def test_record_is_complete_and_the_queue_has_its_message(
    quarantine: Bucket, dead_letter_queue: Inbox, dead_letter: DeadLetter, budgets: Budgets
) -> None:
    (kept,) = [
        record["kinesis"]
        for record in records(quarantine.content(dead_letter.key))
        if record["kinesis"]["sequenceNumber"] == dead_letter.sequence_number
    ]

    eventually(
        lambda: [message["detail"]["object"]["key"] for message in dead_letter_queue.messages()],
        until=lambda keys: dead_letter.key in keys,
        what="the dead-letter queue has the message about the object",
        within=budgets.record,
    )
    assert (b64decode(kept["data"]), kept["partitionKey"]) == (
        encode(dead_letter.transaction),
        dead_letter.partition_key,
    )


@pytest.mark.usefixtures("alone")
def test_later_record_of_its_shard_reaches_the_ledger(
    stream: Stream, ledger: Table, dead_letter: DeadLetter, transaction: Transaction, budgets: Budgets
) -> None:
    stream.put(encode(transaction), key=dead_letter.partition_key)

    eventually(
        lambda: ledger.item(str(transaction["transactionId"])),
        until=bool,
        what="the later record is in the ledger",
        within=budgets.record,
    )
    assert ledger.item(str(dead_letter.transaction["transactionId"])) is None


@pytest.mark.usefixtures("alone")
def test_replay_stores_the_record_and_deletes_its_object(  # noqa: PLR0913, PLR0917 - fixtures
    stream: Stream, quarantine: Bucket, ledger: Table, dead_letter: DeadLetter, replay: Replay, budgets: Budgets
) -> None:
    held = len(records(quarantine.content(dead_letter.key)))

    dry = replay(dead_letter.key, "--dry-run")
    still_there = quarantine.keys(dead_letter.key)
    replay(dead_letter.key)

    item = eventually(
        lambda: ledger.item(str(dead_letter.transaction["transactionId"])),
        until=bool,
        what="the transaction is in the ledger",
        within=budgets.record,
    )
    assert dry.stdout == f"Would replay {held} records of 1 objects from {quarantine.name} to {stream.name}.\n"
    assert (still_there, quarantine.keys(dead_letter.key)) == ([dead_letter.key], [])
    assert (item or {})["customerId"] == dead_letter.transaction["customerId"]
