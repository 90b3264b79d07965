"""Replays: records go back to the stream unchanged, and only then are their objects deleted."""

import io
import json
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pytest
from botocore.exceptions import ClientError

from lambda_src.transaction_processor.records import Record
from operations.errors import QuarantineError
from operations.quarantine import QuarantineBucket
from operations.replay import Replayed, replay


@dataclass
class FakeBucket:
    """An S3 client with one bucket in memory, which lists two keys on each page."""

    objects: dict[str, bytes] = field(default_factory=dict)

    def get_paginator(self, _operation: str) -> "FakeBucket":
        return self

    def paginate(self, *, Bucket: str, Prefix: str) -> Iterator[Mapping[str, object]]:  # noqa: N803 - boto3's names
        if Bucket != "quarantine":
            raise ClientError({"Error": {"Code": "NoSuchBucket", "Message": "none"}}, "ListObjectsV2")
        keys = sorted(key for key in self.objects if key.startswith(Prefix))
        for start in range(0, len(keys), 2):
            yield {"Contents": [{"Key": key} for key in keys[start : start + 2]]}
        yield {}

    def get_object(self, *, Bucket: str, Key: str) -> Mapping[str, io.BytesIO]:  # noqa: N803 - boto3's names
        assert Bucket == "quarantine"
        return {"Body": io.BytesIO(self.objects[Key])}

    def delete_object(self, *, Bucket: str, Key: str) -> None:  # noqa: N803 - boto3's names
        assert Bucket == "quarantine"
        del self.objects[Key]


def event_record(number: int) -> Mapping[str, object]:
    return {
        "eventSource": "aws:kinesis",
        "eventID": f"shardId-000000000000:{number}",
        "kinesis": {
            "sequenceNumber": str(number),
            "partitionKey": f"customer-{number}",
            "data": b64encode(b"\xff%d" % number).decode(),
        },
    }


@pytest.fixture(params=[json.dumps, lambda event: event], ids=["event as text", "event as object"])
def quarantine(request: pytest.FixtureRequest) -> FakeBucket:
    rejected = {"code": "conflict", "reason": "another", "record": event_record(1)}
    dead_letter = {
        "requestContext": {"condition": "RetryAttemptsExhausted"},
        "KinesisBatchInfo": {"shardId": "shardId-000000000000"},
        "payload": request.param({"Records": [event_record(2), event_record(3)]}),
    }
    return FakeBucket(
        {
            "rejected/shardId-000000000000/1.json": json.dumps(rejected).encode(),
            "aws/lambda/uuid/shardId-000000000000/2026/11/23/x": json.dumps(dead_letter).encode(),
        }
    )


@pytest.fixture
def bucket(quarantine: FakeBucket) -> QuarantineBucket:
    return QuarantineBucket(client=quarantine, name="quarantine")  # type: ignore[arg-type]  # a fake


@pytest.fixture
def stream() -> list[tuple[str, bytes]]:
    """Partition keys and data of the records on the stream."""
    return []


def put_on(stream: list[tuple[str, bytes]], records: Sequence[Record]) -> None:
    stream.extend((record.partition_key, record.data) for record in records)


def ignore(_: object) -> None:
    """Accept any argument."""


def test_records_of_both_kinds_keep_data_and_partition_key(
    bucket: QuarantineBucket, quarantine: FakeBucket, stream: list[tuple[str, bytes]]
) -> None:
    replayed = replay(bucket, lambda records: put_on(stream, records), on_progress=ignore)

    assert stream == [("customer-1", b"\xff1"), ("customer-2", b"\xff2"), ("customer-3", b"\xff3")]
    assert replayed == Replayed(objects=2, records=3)
    assert quarantine.objects == {}


def test_second_replay_finds_no_records(bucket: QuarantineBucket, stream: list[tuple[str, bytes]]) -> None:
    replay(bucket, lambda records: put_on(stream, records), on_progress=ignore)
    stream.clear()

    replayed = replay(bucket, lambda records: put_on(stream, records), on_progress=ignore)

    assert (replayed, stream) == (Replayed(), [])


def test_prefix_limits_the_replay(
    bucket: QuarantineBucket, quarantine: FakeBucket, stream: list[tuple[str, bytes]]
) -> None:
    replay(bucket, lambda records: put_on(stream, records), prefixes=["aws/lambda/"], on_progress=ignore)

    assert [key for key, _ in stream] == ["customer-2", "customer-3"]
    assert list(quarantine.objects) == ["rejected/shardId-000000000000/1.json"]


def test_dry_run_only_counts(bucket: QuarantineBucket, quarantine: FakeBucket, stream: list[tuple[str, bytes]]) -> None:
    before = dict(quarantine.objects)

    replayed = replay(bucket, lambda records: put_on(stream, records), dry_run=True, on_progress=ignore)

    assert replayed == Replayed(objects=2, records=3)
    assert (quarantine.objects, stream) == (before, [])


def test_record_that_cannot_be_sent_stays_in_quarantine(bucket: QuarantineBucket, quarantine: FakeBucket) -> None:
    before = dict(quarantine.objects)

    def refuse(_: Sequence[Record]) -> None:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        replay(bucket, refuse, on_progress=ignore)

    assert quarantine.objects == before


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"\xff", id="bytes"),
        pytest.param(b"[]", id="a list"),
        pytest.param(b'{"record": {}}', id="a record of something else"),
        pytest.param(b'{"payload": "{"}', id="half a payload"),
    ],
)
def test_foreign_object_stays_and_is_listed(
    content: bytes, bucket: QuarantineBucket, quarantine: FakeBucket, stream: list[tuple[str, bytes]]
) -> None:
    quarantine.objects["rejected/stray"] = content

    replayed = replay(bucket, lambda records: put_on(stream, records), on_progress=ignore)

    assert replayed == Replayed(objects=2, records=3, unknown=["rejected/stray"])
    assert quarantine.objects == {"rejected/stray": content}


def test_missing_bucket_is_an_error(quarantine: FakeBucket) -> None:
    bucket = QuarantineBucket(client=quarantine, name="nowhere")  # type: ignore[arg-type]  # a fake

    with pytest.raises(QuarantineError) as raised:
        replay(bucket, ignore, on_progress=ignore)

    assert str(raised.value) == (
        "Cannot replay from bucket nowhere: ListObjectsV2 failed with NoSuchBucket: none. "
        "Check the name and AWS_REGION. Then replay again: a record that is replayed twice is stored once."
    )
