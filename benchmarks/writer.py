"""The bulk writer against the same handler writing PutItem one by one, on a real LocalStack in one run.

Exits with 1 unless the bulk writer stores at least 3 times as many records a second, for at most half of the CPU time.
"""

import sys
import tempfile
import time
from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import boto3
from botocore.exceptions import ClientError

from embedded_localstack import LocalStack
from lambda_src.transaction_processor.batch import LedgerLike
from lambda_src.transaction_processor.errors import RejectedError
from lambda_src.transaction_processor.invocation import World, invoke
from lambda_src.transaction_processor.item import Item
from lambda_src.transaction_processor.ledger import Answer, Inserted, Ledger, Occupied
from lambda_src.transaction_processor.records import Record
from operations.generate import generate

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

ROUNDS = 5
BATCHES = 5
BATCH_SIZE = 100
FASTER = 3
CHEAPER = 2


class OneByOne:
    """What most samples do: a conditional PutItem for each record."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def insert(self, items: Sequence[Item], _: Callable[[], bool], /) -> Sequence[Answer]:
        """Insert item after item."""
        return [self._insert(item) for item in items]

    def _insert(self, item: Item) -> Answer:
        try:
            self._client.put_item(
                TableName=self._table, Item=item, ConditionExpression="attribute_not_exists(transactionId)"
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            return Occupied(digest="", sequence_number="", processed_at=0)
        return Inserted()


class NoQuarantine:
    """None is needed: every record of the benchmark is valid."""

    def keep(self, record: Record, rejection: RejectedError) -> bool:
        """Refuse."""
        raise AssertionError(record, rejection)


@dataclass(kw_only=True)
class Invocation:
    """An invocation with time enough."""

    aws_request_id: str = "benchmark"
    function_name: str = "benchmark"

    def get_remaining_time_in_millis(self) -> int:
        """Return what is left."""
        return 60_000


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What a record of a round took."""

    per_second: float
    cpu_milliseconds: float


def batches(round_: int) -> Sequence[object]:
    """Return events with new transactions, as the event source mapping delivers them."""
    count = BATCHES * BATCH_SIZE
    events = [
        {
            "eventSource": "aws:kinesis",
            "eventID": f"shardId-000000000000:{number}",
            "kinesis": {
                "sequenceNumber": str(number),
                "partitionKey": record.partition_key,
                "data": b64encode(record.data).decode(),
            },
        }
        for number, record in enumerate(generate(count, broken=0, repeats=0, seed=round_))
    ]
    return [{"Records": events[start : start + BATCH_SIZE]} for start in range(0, count, BATCH_SIZE)]


def measure(ledger: LedgerLike, events: Sequence[object]) -> Cost:
    """Handle the events and return what a record took."""
    world = World(ledger=ledger, quarantine=NoQuarantine(), write=lambda _: None)
    wall, cpu = time.perf_counter(), time.process_time()
    responses = [invoke(event, Invocation(), world) for event in events]
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    if any(response["batchItemFailures"] for response in responses):
        sys.exit("LocalStack did not take every record: the figures would mean nothing.")
    return Cost(per_second=BATCHES * BATCH_SIZE / wall, cpu_milliseconds=1000 * cpu / (BATCHES * BATCH_SIZE))


def make_table(client: "DynamoDBClient", name: str) -> str:
    """Create a table like the ledger, index and all."""
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
    """Measure both writers by turns, so that whatever else the machine does meets both."""
    bulk = Ledger(client, make_table(client, "bulk"))
    one_by_one = OneByOne(client, make_table(client, "one-by-one"))
    rounds = [(measure(bulk, batches(round_)), measure(one_by_one, batches(round_))) for round_ in range(ROUNDS + 1)]
    # The first round warms up connections and caches, and is not counted.
    return rounds[1:]


def main() -> None:
    """Measure, print, and judge."""
    with tempfile.TemporaryDirectory() as folder, LocalStack(Path(folder), services=["dynamodb"]) as localstack:
        environment = localstack.environment
        client = boto3.client(
            "dynamodb",
            endpoint_url=localstack.endpoint_url,
            region_name=environment["AWS_REGION"],
            aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
        )
        rounds = compare(client)
    print(f"{ROUNDS} rounds by turns of {BATCHES} batches of {BATCH_SIZE} records, medians:")
    for name, costs in (
        ("bulk", [bulk for bulk, _ in rounds]),
        ("PutItem one by one", [single for _, single in rounds]),
    ):
        speed, cpu = median(cost.per_second for cost in costs), median(cost.cpu_milliseconds for cost in costs)
        print(f"  {name:20}{speed:8.0f} records/s {cpu:8.3f} ms CPU of the handler per record")
    faster = median(bulk.per_second / single.per_second for bulk, single in rounds)
    cheaper = median(single.cpu_milliseconds / bulk.cpu_milliseconds for bulk, single in rounds)
    print(f"  bulk is {faster:.1f} times as fast (wanted {FASTER}) for 1/{cheaper:.1f} of the CPU (wanted 1/{CHEAPER})")
    sys.exit(0 if faster >= FASTER and cheaper >= CHEAPER else 1)


if __name__ == "__main__":
    main()
