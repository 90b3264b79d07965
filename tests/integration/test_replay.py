"""A quarantined record goes back on the stream by the operator's command, whole."""

import json
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable
from os import environ
from uuid import uuid4

import pytest

from harness.deployment import Deployment
from harness.probes import Bucket, Stream, Table
from harness.waiting import eventually

type Transaction = dict[str, object]
type Replay = Callable[..., subprocess.CompletedProcess[str]]

WITHIN_SECONDS = 60


@pytest.fixture
def replay(deployment: Deployment, quarantine: Bucket, stream: Stream) -> Replay:
    """The command line of an operator, in the environment of the target."""

    def run(prefix: str, *options: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "operations", "replay", "--bucket", quarantine.name, "--stream", stream.name]
        return subprocess.run(
            [*command, "--prefix", prefix, *options],
            env=environ | deployment.target.environment,
            capture_output=True,
            text=True,
            check=True,
        )

    return run


def test_a_rejected_record_that_is_still_broken_comes_back_to_quarantine_and_not_twice(
    stream: Stream, quarantine: Bucket, replay: Replay
) -> None:
    data = f'{{"cut off": "{uuid4()}'.encode()
    number = stream.put(data, key="broken")
    key = eventually(
        lambda: [key for key in quarantine.keys("rejected/") if number in key],
        until=bool,
        what="the broken record is in quarantine",
        within=WITHIN_SECONDS,
    )[0]
    first = quarantine.content(key)["record"]["kinesis"]

    replayed = replay(key)

    kept = eventually(
        lambda: [
            record
            for record in (content["record"]["kinesis"] for content in quarantine.contents("rejected/"))
            if record["data"] == first["data"]
        ],
        until=bool,
        what="the broken record is in quarantine again",
        within=WITHIN_SECONDS,
    )
    assert replayed.stdout == f"Replayed 1 records of 1 objects from {quarantine.name} to {stream.name}.\n"
    assert [(record["partitionKey"], record["sequenceNumber"] != number) for record in kept] == [("broken", True)]


def test_a_dead_letter_reaches_the_ledger_and_its_object_is_gone(
    stream: Stream, quarantine: Bucket, ledger: Table, transaction: Transaction, replay: Replay
) -> None:
    number = stream.put(b"a record, to have one of Lambda's own entries")
    key = eventually(
        lambda: [key for key in quarantine.keys("rejected/") if number in key],
        until=bool,
        what="the record is in quarantine",
        within=WITHIN_SECONDS,
    )[0]
    entry = quarantine.content(key)["record"]
    entry["kinesis"]["data"] = b64encode(json.dumps(transaction).encode()).decode()
    dead_letter = f"aws/lambda/replayed/{number}"
    quarantine.client.put_object(
        Bucket=quarantine.name,
        Key=dead_letter,
        Body=json.dumps({"payload": json.dumps({"Records": [entry]})}).encode(),
    )

    dry = replay(dead_letter, "--dry-run")
    still_there = quarantine.keys(dead_letter)
    replay(dead_letter)

    item = eventually(
        lambda: ledger.item(str(transaction["transactionId"])),
        until=bool,
        what="the transaction is in the ledger",
        within=WITHIN_SECONDS,
    )
    assert dry.stdout == f"Would replay 1 records of 1 objects from {quarantine.name} to {stream.name}.\n"
    assert still_there == [dead_letter]
    assert quarantine.keys(dead_letter) == []
    assert (item or {})["customerId"] == "customer-1"
