"""A record that is not a transaction: it goes to quarantine unchanged, and the dead-letter queue gets a message."""

from base64 import b64decode

import pytest

from terraform_harness import eventually
from terraform_harness.probes import Bucket, Inbox, Stream
from tests.integration.budgets import Budgets

pytestmark = [pytest.mark.localstack, pytest.mark.aws, pytest.mark.usefixtures("alone")]


def test_invalid_record_is_in_quarantine_with_its_reason(stream: Stream, quarantine: Bucket, budgets: Budgets) -> None:
    data = b'{"transactionId": "cut off'

    number = stream.put(data, key="broken")

    found = eventually(
        lambda: {one["record"]["kinesis"]["sequenceNumber"]: one for one in quarantine.contents("rejected/")},
        until=lambda found: number in found,
        what="the broken record is in quarantine",
        within=budgets.record,
        describe=sorted,
    )[number]
    kept = found["record"]["kinesis"]
    assert (b64decode(kept["data"]), kept["partitionKey"], found["code"]) == (data, "broken", "not-json")


def test_dead_letter_queue_has_a_message_for_the_object(
    stream: Stream, quarantine: Bucket, dead_letter_queue: Inbox, budgets: Budgets
) -> None:
    number = stream.put(b"not even JSON")

    key = eventually(
        lambda: [key for key in quarantine.keys("rejected/") if number in key],
        until=bool,
        what="the broken record is in quarantine",
        within=budgets.record,
    )[0]

    eventually(
        lambda: [message["detail"]["object"]["key"] for message in dead_letter_queue.messages()],
        until=lambda keys: key in keys,
        what="the dead-letter queue has the message about the object",
        within=budgets.record,
    )
