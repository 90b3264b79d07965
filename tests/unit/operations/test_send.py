"""Sending records: group sizes, repeats of rejected records, and errors."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.exceptions import ClientError

from operations.errors import SendError
from operations.outgoing import Outgoing
from operations.send import Receipt, send


@dataclass(kw_only=True)
class FakeStream:
    """A Kinesis client that rejects records by the number of the call and the index in it."""

    rejects: Callable[[int, int], bool] = lambda _call, _index: False
    calls: list[int] = field(default_factory=list)
    accepted: list[bytes] = field(default_factory=list)

    def put_records(self, *, StreamName: str, Records: Sequence[Any]) -> Mapping[str, Any]:  # noqa: N803 - boto3's names
        assert StreamName == "transactions"
        assert sum(len(entry["Data"]) + len(entry["PartitionKey"]) for entry in Records) <= 5 * 1024 * 1024
        results: list[Mapping[str, str]] = []
        for index, entry in enumerate(Records):
            if self.rejects(len(self.calls), index):
                results.append({"ErrorCode": "ProvisionedThroughputExceededException", "ErrorMessage": "slow down"})
            else:
                self.accepted.append(entry["Data"])
                results.append({"SequenceNumber": str(len(self.accepted))})
        self.calls.append(len(Records))
        return {"Records": results}


def outgoing(count: int, size: int = 10) -> Sequence[Outgoing]:
    return [
        Outgoing(transaction_id=str(n), data=f"{n}".encode().rjust(size), partition_key="customer", expected="stored")
        for n in range(count)
    ]


def put(stream: object, records: Sequence[Outgoing]) -> tuple[Sequence[int], Sequence[float]]:
    """Send the records, and return the reported progress and the pauses."""
    progress: list[int] = []
    pauses: list[float] = []
    send(
        stream,  # type: ignore[arg-type]  # a fake
        "transactions",
        records,
        on_progress=lambda receipts: progress.append(len(receipts)),
        sleep=pauses.append,
    )
    return progress, pauses


def test_call_has_at_most_500_records() -> None:
    stream = FakeStream()
    records = outgoing(1_001)

    progress, pauses = put(stream, records)

    assert stream.calls == [500, 500, 1]
    assert stream.accepted == [record.data for record in records]
    assert (progress, pauses) == ([500, 500, 1], [])


def test_call_has_at_most_5_mebibytes() -> None:
    stream = FakeStream()

    put(stream, outgoing(12, size=1_000_000))

    assert stream.calls == [4, 4, 4]


def test_only_rejected_records_are_sent_again() -> None:
    stream = FakeStream(rejects=lambda call, index: call == 0 and index in {1, 3})
    records = outgoing(5)

    progress, pauses = put(stream, records)

    assert stream.calls == [5, 2]
    assert sorted(stream.accepted) == [record.data for record in records]
    assert progress == [3, 2]
    assert len(pauses) == 1


def test_each_accepted_record_has_a_receipt() -> None:
    stream = FakeStream(rejects=lambda call, index: call == 0 and index == 0)
    receipts: list[Sequence[Receipt[Outgoing]]] = []
    first, second = outgoing(2)

    send(stream, "transactions", [first, second], on_progress=receipts.append, sleep=lambda _: None)  # type: ignore[arg-type]  # a fake

    assert receipts == [[Receipt(record=second, sequence_number="1")], [Receipt(record=first, sequence_number="2")]]


def test_stream_that_rejects_everything_gets_ten_attempts() -> None:
    stream = FakeStream(rejects=lambda call, index: call > 0 or index == 2)

    with pytest.raises(SendError) as raised:
        put(stream, outgoing(3))

    assert len(stream.calls) == 1 + 10
    assert str(raised.value) == (
        "Cannot send to stream transactions: Kinesis rejected the records with ProvisionedThroughputExceededException: "
        "slow down. Wait until the load is lower, or add shards to the stream. 2 records were sent before; send them "
        "again too, since repeats are not stored twice."
    )


def test_missing_stream_is_an_error() -> None:
    class NoStream:
        def put_records(self, **_: object) -> None:
            raise ClientError({"Error": {"Code": "ResourceNotFoundException", "Message": "none"}}, "PutRecords")

    with pytest.raises(SendError) as raised:
        put(NoStream(), outgoing(3))

    assert str(raised.value) == (
        "Cannot send to stream transactions: PutRecords failed with ResourceNotFoundException: none. "
        "Check the name and AWS_REGION."
    )
