"""Compares the bulk writer with single PutItem calls, in the same handler and on the same LocalStack.

Exits with 1 unless the bulk writer stores at least 3 times as many records per second with at most half the CPU time.
"""

import sys
import tempfile
import time
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import batched
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from embedded_localstack import LocalStack
from lambda_src.transaction_processor.dependencies import Dependencies, LedgerLike
from lambda_src.transaction_processor.executor import ThreadExecutor
from lambda_src.transaction_processor.invocation import invoke
from lambda_src.transaction_processor.item import Item
from lambda_src.transaction_processor.ledger import Answer, Existing, Ledger
from lambda_src.transaction_processor.outcomes import Conflicting, Rejected, Stored
from lambda_src.transaction_processor.records import Record
from operations.generate import generate

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

ROUNDS = 5
BATCHES = 5
BATCH_SIZE = 100
MIN_SPEED_RATIO = 3
MIN_CPU_RATIO = 2


class SingleWriter:
    """A ledger with one conditional PutItem for each record, as in most samples."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def insert(self, items: Sequence[Item], _: Callable[[], bool], /) -> Sequence[Answer]:
        """Insert the items one by one."""
        return [self._insert(item) for item in items]

    def _insert(self, item: Item) -> Answer:
        try:
            self._client.put_item(
                TableName=self._table, Item=item, ConditionExpression="attribute_not_exists(transactionId)"
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            return Existing(digest="", sequence_number="", processed_at=0)
        return Stored()


class UnusedQuarantine:
    """A quarantine that fails if it is used: all records of the benchmark are valid."""

    def put[T: Conflicting | Rejected](self, record: Record, rejection: T) -> T:
        """Fail."""
        raise AssertionError(record, rejection)


@dataclass(kw_only=True)
class Invocation:
    """The context of an invocation with a constant remaining time."""

    aws_request_id: str = "benchmark"
    function_name: str = "benchmark"

    def get_remaining_time_in_millis(self) -> int:
        """Return one minute."""
        return 60_000


@dataclass(frozen=True, kw_only=True)
class Cost:
    """The speed and the CPU time per record of one round."""

    records_per_second: float
    cpu_milliseconds: float


def entries(count: int, *, seed: int, key_each_record: bool = False) -> Sequence[Mapping[str, Any]]:
    """Return new transactions in the form of the event source mapping, with about five records to a partition key."""
    return [
        {
            "eventSource": "aws:kinesis",
            "eventID": f"shardId-000000000000:{number}",
            "kinesis": {
                "sequenceNumber": str(number),
                "partitionKey": str(number) if key_each_record else record.partition_key,
                "data": b64encode(record.data).decode(),
            },
        }
        for number, record in enumerate(generate(count, broken=0, repeats=0, seed=seed))
    ]


def measure(ledger: LedgerLike, round_: int) -> Cost:
    """Invoke the function with the batches of a round, one call at a time, and return the cost."""
    dependencies = Dependencies(
        ledger=ledger, quarantine=UnusedQuarantine(), executor=ThreadExecutor(1), write=lambda _: None
    )
    count = BATCHES * BATCH_SIZE
    batches = [{"Records": list(batch)} for batch in batched(entries(count, seed=round_), BATCH_SIZE, strict=True)]
    wall, cpu = time.perf_counter(), time.process_time()
    responses = [invoke(event, Invocation(), dependencies) for event in batches]
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    if any(response["batchItemFailures"] for response in responses):
        sys.exit("LocalStack did not store every record, so the measurement is invalid. Run the benchmark again.")
    return Cost(records_per_second=count / wall, cpu_milliseconds=1000 * cpu / count)


def make_table(client: "DynamoDBClient", name: str) -> str:
    """Create a table with the keys and the index of the ledger."""
    client.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "transactionId", "KeyType": "HASH"}],
        AttributeDefinitions=[
            {"AttributeName": "transactionId", "AttributeType": "S"},
            {"AttributeName": "customerId", "AttributeType": "S"},
            {"AttributeName": "timestamp", "AttributeType": "N"},
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "customer-timestamp",
                "KeySchema": [
                    {"AttributeName": "customerId", "KeyType": "HASH"},
                    {"AttributeName": "timestamp", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
    )
    return name


def compare(client: "DynamoDBClient") -> Sequence[tuple[Cost, Cost]]:
    """Measure both writers in alternating rounds, so that other load on the machine affects both."""
    bulk = Ledger(client, make_table(client, "bulk"))
    single = SingleWriter(client, make_table(client, "single"))
    rounds = [(measure(bulk, round_), measure(single, round_)) for round_ in range(ROUNDS + 1)]
    # The first round opens connections and fills caches. It is not counted.
    return rounds[1:]


def main() -> None:
    """Compare both writers and print the medians."""
    with tempfile.TemporaryDirectory() as folder, LocalStack(Path(folder), services=["dynamodb"]) as localstack:
        rounds = compare(localstack.client("dynamodb"))
    print(f"{ROUNDS} alternating rounds of {BATCHES} batches of {BATCH_SIZE} records on LocalStack, medians:")
    for name, costs in (
        ("bulk", [bulk for bulk, _ in rounds]),
        ("single PutItem calls", [single for _, single in rounds]),
    ):
        speed = median(cost.records_per_second for cost in costs)
        cpu = median(cost.cpu_milliseconds for cost in costs)
        print(f"  {name:20}{speed:8.0f} records/s {cpu:8.3f} ms CPU of the handler per record")
    speed_ratio = median(bulk.records_per_second / single.records_per_second for bulk, single in rounds)
    cpu_ratio = median(single.cpu_milliseconds / bulk.cpu_milliseconds for bulk, single in rounds)
    print(
        f"  bulk is {speed_ratio:.1f} times as fast (minimum {MIN_SPEED_RATIO}) "
        f"with 1/{cpu_ratio:.1f} of the CPU time (maximum 1/{MIN_CPU_RATIO})"
    )
    sys.exit(0 if speed_ratio >= MIN_SPEED_RATIO and cpu_ratio >= MIN_CPU_RATIO else 1)


if __name__ == "__main__":
    main()
