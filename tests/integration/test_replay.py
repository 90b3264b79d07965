"""The operator's command puts a rejected record back on the stream."""

import subprocess
from collections.abc import Callable
from uuid import uuid4

import pytest

from terraform_harness import eventually
from terraform_harness.probes import Bucket, Stream
from tests.integration.budgets import Budgets

type Replay = Callable[..., subprocess.CompletedProcess[str]]

pytestmark = [pytest.mark.localstack, pytest.mark.aws, pytest.mark.usefixtures("alone")]


def test_replayed_invalid_record_returns_to_quarantine_once(
    stream: Stream, quarantine: Bucket, replay: Replay, budgets: Budgets
) -> None:
    data = f'{{"cut off": "{uuid4()}'.encode()
    number = stream.put(data, key="broken")
    key = eventually(
        lambda: [key for key in quarantine.keys("rejected/") if number in key],
        until=bool,
        what="the broken record is in quarantine",
        within=budgets.record,
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
        within=budgets.record,
    )
    assert replayed.stdout == f"Replayed 1 records of 1 objects from {quarantine.name} to {stream.name}.\n"
    assert [(record["partitionKey"], record["sequenceNumber"] != number) for record in kept] == [("broken", True)]
