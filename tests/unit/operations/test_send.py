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
    """A stream that refuses some entries; `refuses` is given the call's number and the entry's place in it."""

    refuses: Callable[[int, int], bool] = lambda _call, _place: False
    calls: list[int] = field(default_factory=list)
    taken: list[bytes] = field(default_factory=list)

    def put_records(self, *, StreamName: str, Records: Sequence[Any]) -> Mapping[str, Any]:  # noqa: N803 - boto3's names
        assert StreamName == "transactions"
        assert sum(len(entry["Data"]) + len(entry["PartitionKey"]) for entry in Records) <= 5 * 1024 * 1024
        answers: list[Mapping[str, str]] = []
        for place, entry in enumerate(Records):
            if self.refuses(len(self.calls), place):
                answers.append({"ErrorCode": "ProvisionedThroughputExceededException", "ErrorMessage": "slow down"})
            else:
                self.taken.append(entry["Data"])
                answers.append({"SequenceNumber": str(len(self.taken))})
        self.calls.append(len(Records))
        return {"Records": answers}


def outgoing(count: int, size: int = 10) -> Sequence[Outgoing]:
    return [
        Outgoing(transaction_id=str(n), data=f"{n}".encode().rjust(size), partition_key="customer", expected="stored")
        for n in range(count)
    ]


def put(stream: object, records: Sequence[Outgoing]) -> tuple[Sequence[int], Sequence[float]]:
    """Send, and return the progress that was told and the pauses that were made."""
    progress: list[int] = []
    pauses: list[float] = []
    send(stream, "transactions", records, on_progress=lambda taken: progress.append(len(taken)), sleep=pauses.append)  # type: ignore[arg-type]  # a fake
    return progress, pauses


def test_five_hundred_records_go_in_one_call() -> None:
    stream = FakeStream()
    records = outgoing(1_001)

    progress, pauses = put(stream, records)

    assert stream.calls == [500, 500, 1]
    assert stream.taken == [record.data for record in records]
    assert (progress, pauses) == ([500, 500, 1], [])


def test_a_call_stays_below_five_mebibytes() -> None:
    stream = FakeStream()

    put(stream, outgoing(12, size=1_000_000))

    assert stream.calls == [4, 4, 4]


def test_a_refused_record_is_sent_again_and_no_other() -> None:
    stream = FakeStream(refuses=lambda call, place: call == 0 and place in {1, 3})
    records = outgoing(5)

    progress, pauses = put(stream, records)

    assert stream.calls == [5, 2]
    assert sorted(stream.taken) == [record.data for record in records]
    assert progress == [3, 2]
    assert len(pauses) == 1


def test_each_record_that_was_taken_is_told_with_its_sequence_number() -> None:
    stream = FakeStream(refuses=lambda call, place: call == 0 and place == 0)
    told: list[Sequence[Receipt[Outgoing]]] = []
    first, second = outgoing(2)

    send(stream, "transactions", [first, second], on_progress=told.append, sleep=lambda _: None)  # type: ignore[arg-type]  # a fake

    assert told == [[Receipt(record=second, sequence_number="1")], [Receipt(record=first, sequence_number="2")]]


def test_a_stream_that_takes_nothing_is_given_up_after_ten_attempts() -> None:
    stream = FakeStream(refuses=lambda call, place: call > 0 or place == 2)

    with pytest.raises(SendError) as raised:
        put(stream, outgoing(3))

    assert len(stream.calls) == 1 + 10
    assert str(raised.value) == (
        "Stream transactions took 2 records and refused the next 1 (ProvisionedThroughputExceededException: slow "
        "down). Check the stream's name, its shards and your permissions, and send all again: repeats do no harm."
    )


def test_a_stream_that_is_not_there_is_an_error() -> None:
    class NoStream:
        def put_records(self, **_: object) -> None:
            raise ClientError({"Error": {"Code": "ResourceNotFoundException", "Message": "none"}}, "PutRecords")

    with pytest.raises(SendError) as raised:
        put(NoStream(), outgoing(3))

    assert str(raised.value) == (
        "Stream transactions took 0 records and refused the next 3 (An error occurred (ResourceNotFoundException) "
        "when calling the PutRecords operation: none). Check the stream's name, its shards and your permissions, "
        "and send all again: repeats do no harm."
    )
