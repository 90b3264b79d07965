"""What Lambda itself sets aside after the last retry can be read and goes back on a stream whole."""

import uuid
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from operations.outgoing import Outgoing
from operations.replay import QuarantineBucket, Replayed, replay
from operations.send import send
from terraform_harness.polling import eventually

ALWAYS_FAILS = """
def handle(event, context):
    raise RuntimeError("always")
"""
RECORDS = [
    Outgoing(transaction_id=None, data=b"\xff\x00 bytes", partition_key="ada", expected="stored"),
    Outgoing(transaction_id=None, data="Grüße".encode(), partition_key="bob", expected="stored"),
]


@pytest.fixture
def make_stream(client: Callable[..., Any]) -> Callable[[], str]:
    kinesis = client("kinesis")

    def make() -> str:
        name = f"stream-{uuid.uuid4().hex[:8]}"
        kinesis.create_stream(StreamName=name, ShardCount=1)
        kinesis.get_waiter("stream_exists").wait(StreamName=name, WaiterConfig={"Delay": 0.1})
        return name

    return make


@pytest.fixture
def dead_letters(
    client: Callable[..., Any], make_function: Callable[..., str], make_stream: Callable[[], str]
) -> QuarantineBucket:
    """The bucket in which Lambda has put two records that no retry could save."""
    kinesis, s3 = client("kinesis"), client("s3")
    bucket, stream = QuarantineBucket(client=s3, name=f"dead-letters-{uuid.uuid4().hex[:8]}"), make_stream()
    s3.create_bucket(Bucket=bucket.name)
    client("lambda").create_event_source_mapping(
        FunctionName=make_function(ALWAYS_FAILS),
        EventSourceArn=kinesis.describe_stream(StreamName=stream)["StreamDescription"]["StreamARN"],
        StartingPosition="TRIM_HORIZON",
        MaximumRetryAttempts=0,
        DestinationConfig={"OnFailure": {"Destination": f"arn:aws:s3:::{bucket.name}"}},
    )
    send(kinesis, stream, RECORDS, on_progress=lambda _: None)
    eventually(
        lambda: [record for key in bucket.keys(["aws/lambda/"]) for record in bucket.records(key)],
        until=lambda records: len(records) == len(RECORDS),
        what="Lambda has set both records aside",
        within=60,
    )
    return bucket


def on_stream(kinesis: Any, stream: str) -> Sequence[tuple[str, bytes]]:  # noqa: ANN401 - boto3's client
    """Return the key and the bytes of each record of a stream of one shard."""
    (shard,) = kinesis.list_shards(StreamName=stream)["Shards"]
    iterator = kinesis.get_shard_iterator(
        StreamName=stream, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
    )["ShardIterator"]
    records = kinesis.get_records(ShardIterator=iterator)["Records"]
    return [(record["PartitionKey"], record["Data"]) for record in records]


def test_what_lambda_has_set_aside_goes_back_on_a_stream_whole(
    client: Callable[..., Any], dead_letters: QuarantineBucket, make_stream: Callable[[], str]
) -> None:
    kinesis, stream = client("kinesis"), make_stream()

    replayed = replay(
        dead_letters,
        lambda records: send(kinesis, stream, records, on_progress=lambda _: None),
        on_progress=lambda _: None,
    )

    arrived = eventually(
        lambda: on_stream(kinesis, stream),
        until=lambda records: len(records) == len(RECORDS),
        what="both records are on the stream",
        within=30,
    )
    assert sorted(arrived) == sorted((record.partition_key, record.data) for record in RECORDS)
    assert replayed == Replayed(objects=replayed.objects, records=2)
    assert dead_letters.keys([""]) == []
