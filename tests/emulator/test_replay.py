"""A replay of records that exhausted their retries, and that Lambda wrote to the quarantine bucket."""

import io
import uuid
import zipfile
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import pytest

from embedded_localstack import LocalStack
from operations.outgoing import Outgoing
from operations.quarantine import QuarantineBucket
from operations.replay import Replayed, replay
from operations.send import send
from terraform_harness.polling import eventually

if TYPE_CHECKING:
    from mypy_boto3_kinesis import KinesisClient

ALWAYS_FAILS = """
def handle(event, context):
    raise RuntimeError("always")
"""
RECORDS = [
    Outgoing(transaction_id=None, data=b"\xff\x00 bytes", partition_key="ada", expected="stored"),
    Outgoing(transaction_id=None, data="Grüße".encode(), partition_key="bob", expected="stored"),
]


@pytest.fixture
def kinesis(localstack: LocalStack) -> "KinesisClient":
    return localstack.client("kinesis")


@pytest.fixture
def make_stream(kinesis: "KinesisClient") -> Callable[[], str]:
    def make() -> str:
        name = f"stream-{uuid.uuid4().hex[:8]}"
        kinesis.create_stream(StreamName=name, ShardCount=1)
        kinesis.get_waiter("stream_exists").wait(StreamName=name, WaiterConfig={"Delay": 1})
        return name

    return make


@pytest.fixture
def failing_function(localstack: LocalStack) -> str:
    """The name of a function that fails in each invocation."""
    lambda_ = localstack.client("lambda")
    name, archive = f"function-{uuid.uuid4().hex[:8]}", io.BytesIO()
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr("main.py", ALWAYS_FAILS)
    lambda_.create_function(
        FunctionName=name,
        Runtime="python3.13",
        Handler="main.handle",
        Role="arn:aws:iam::000000000000:role/any",
        Code={"ZipFile": archive.getvalue()},
    )
    lambda_.get_waiter("function_active_v2").wait(FunctionName=name, WaiterConfig={"Delay": 1})
    return name


@pytest.fixture
def dead_letters(
    localstack: LocalStack, kinesis: "KinesisClient", failing_function: str, make_stream: Callable[[], str]
) -> QuarantineBucket:
    """A bucket with the records, as the on-failure destination of an event source mapping."""
    bucket = QuarantineBucket(client=localstack.client("s3"), name=f"dead-letters-{uuid.uuid4().hex[:8]}")
    bucket.client.create_bucket(Bucket=bucket.name)
    stream = make_stream()
    localstack.client("lambda").create_event_source_mapping(
        FunctionName=failing_function,
        EventSourceArn=kinesis.describe_stream(StreamName=stream)["StreamDescription"]["StreamARN"],
        StartingPosition="TRIM_HORIZON",
        MaximumRetryAttempts=0,
        DestinationConfig={"OnFailure": {"Destination": f"arn:aws:s3:::{bucket.name}"}},
    )
    send(kinesis, stream, RECORDS, on_progress=lambda _: None)
    eventually(
        lambda: [record for key in bucket.keys(["aws/lambda/"]) for record in bucket.records(key)],
        until=lambda records: len(records) == len(RECORDS),
        what="Lambda has written both records to the bucket",
        within=60,
    )
    return bucket


def on_stream(kinesis: "KinesisClient", stream: str) -> Sequence[tuple[str, bytes]]:
    """Return the partition key and the data of each record of a stream with one shard."""
    (shard,) = kinesis.list_shards(StreamName=stream)["Shards"]
    iterator = kinesis.get_shard_iterator(
        StreamName=stream, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
    )["ShardIterator"]
    records = kinesis.get_records(ShardIterator=iterator)["Records"]
    return [(record["PartitionKey"], record["Data"]) for record in records]


def test_replay_puts_dead_letters_back_on_a_stream_unchanged(
    kinesis: "KinesisClient", dead_letters: QuarantineBucket, make_stream: Callable[[], str]
) -> None:
    stream = make_stream()
    keys = dead_letters.keys([""])

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
    assert replayed == Replayed(objects=len(keys), records=2)
    assert dead_letters.keys([""]) == []
