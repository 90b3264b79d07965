from collections.abc import Mapping
from typing import Any

import pytest

from lambda_src.transaction_processor.errors import NotAKinesisBatchError
from lambda_src.transaction_processor.records import Record, read_batch
from tests.unit.lambda_src.fakes import kinesis_entry


def test_records_are_in_the_order_of_the_stream() -> None:
    entries = [kinesis_entry(9, b"\xff\x00", "ada"), kinesis_entry(10, b"", "bob")]

    records = read_batch({"Records": entries})

    assert records == [
        Record(
            sequence_number="9",
            shard_id="shardId-000000000000",
            partition_key="ada",
            data=b"\xff\x00",
            source=entries[0],
        ),
        Record(sequence_number="10", shard_id="shardId-000000000000", partition_key="bob", data=b"", source=entries[1]),
    ]


def without(path: str) -> Mapping[str, Any]:
    """Return an event with one record, without one of its fields."""
    entry = dict(kinesis_entry(1, b"x"))
    entry["kinesis"] = dict(entry["kinesis"])
    first, _, second = path.partition(".")
    if second:
        del entry[first][second]
    else:
        del entry[first]
    return {"Records": [entry]}


@pytest.mark.parametrize(
    ("event", "problem"),
    [
        pytest.param(None, "it has no list of Records", id="null"),
        pytest.param({"Records": {}}, "it has no list of Records", id="an object instead of a list"),
        pytest.param({"Records": [None]}, "record 0 did not come from a Kinesis stream", id="a record that is null"),
        *[
            pytest.param(without(path), "record 0 did not come from a Kinesis stream", id=f"without {path}")
            for path in (
                "eventSource",
                "eventID",
                "kinesis",
                "kinesis.sequenceNumber",
                "kinesis.partitionKey",
                "kinesis.data",
            )
        ],
        pytest.param(
            {"Records": [kinesis_entry(1, b"x"), {**kinesis_entry(2, b"x"), "eventSource": "aws:dynamodb"}]},
            "record 1 did not come from a Kinesis stream",
            id="a second record of another source",
        ),
        pytest.param(
            {"Records": [{**kinesis_entry(1, b""), "kinesis": {**kinesis_entry(1, b"")["kinesis"], "data": "é"}}]},
            "the data of record 0 is not base64",
            id="data that is not base64",
        ),
    ],
)
def test_other_event_is_an_error_with_the_problem(event: object, problem: str) -> None:
    with pytest.raises(NotAKinesisBatchError) as raised:
        read_batch(event)

    assert str(raised.value) == (
        f"The event is not a batch of Kinesis records: {problem}. "
        "Invoke this function through an event source mapping on a Kinesis stream."
    )
