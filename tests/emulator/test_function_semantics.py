"""The function on DynamoDB Local and LocalStack's S3, which confirm what the fakes of the unit tests imitate."""

import json
import uuid
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest

from embedded_localstack import LocalStack
from lambda_src.transaction_processor.attributes import Attribute
from lambda_src.transaction_processor.dependencies import Dependencies
from lambda_src.transaction_processor.invocation import invoke
from lambda_src.transaction_processor.item import Item, ledger_item
from lambda_src.transaction_processor.ledger import Ledger
from lambda_src.transaction_processor.outcomes import Rejected, Stored
from lambda_src.transaction_processor.quarantine import Quarantine
from lambda_src.transaction_processor.transaction import parse
from operations.input_file import read_jsonl
from tests.unit.lambda_src.fakes import FakeContext, FakeDynamoDB, FunctionUnderTest, kinesis_entry, transaction

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client

COUNTED = ("Stored", "Duplicate", "Conflicting", "Rejected")
EXAMPLES = Path(__file__).parents[2] / "examples" / "transactions.jsonl"


@pytest.fixture
def dynamodb(localstack: LocalStack) -> "DynamoDBClient":
    return localstack.client("dynamodb")


@pytest.fixture
def s3(localstack: LocalStack) -> "S3Client":
    return localstack.client("s3")


@pytest.fixture
def table(dynamodb: "DynamoDBClient") -> str:
    """A table with the keys and the index of the ledger."""
    name = f"ledger-{uuid.uuid4().hex[:8]}"
    dynamodb.create_table(
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


@pytest.fixture
def ledger(dynamodb: "DynamoDBClient", table: str) -> Ledger:
    return Ledger(dynamodb, table)


@pytest.fixture
def bucket(s3: "S3Client") -> str:
    """A versioned bucket."""
    name = f"quarantine-{uuid.uuid4().hex[:8]}"
    s3.create_bucket(Bucket=name)
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    return name


def item(number: int, **changes: object) -> Item:
    return ledger_item(
        parse(transaction(number, **changes)), sequence_number=str(number), processed_at=1_790_000_000_000
    )


def items_of(dynamodb: "DynamoDBClient", table: str) -> dict[str, Item]:
    pages = dynamodb.get_paginator("scan").paginate(TableName=table, ConsistentRead=True)
    return {found["transactionId"]["S"]: found for page in pages for found in page["Items"]}


def test_fake_dynamodb_answers_like_dynamodb_local(ledger: Ledger, dynamodb: "DynamoDBClient", table: str) -> None:
    random = Random(1)  # noqa: S311 - variety, not secrecy
    fake = FakeDynamoDB()
    fake_ledger = Ledger(fake, "ledger")  # type: ignore[arg-type]  # a fake
    calls = [
        [item(n, amount=random.choice([1, 2])) for n in random.sample(range(60), random.randrange(1, 26))]
        for _ in range(20)
    ]

    answers = [(ledger.insert(call), fake_ledger.insert(call)) for call in calls]

    assert [real for real, _ in answers] == [imitated for _, imitated in answers]
    assert items_of(dynamodb, table) == fake.items


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"transactionId": "🧾" * 128, "customerId": "🧾" * 128}, id="the longest ids"),
        pytest.param({"transactionId": "\0", "customerId": " "}, id="unusual ids"),
        pytest.param({"amount": "9" * 38}, id="38 digits"),
        pytest.param({"amount": f"-0.{'1' * 38}"}, id="38 digits after the point"),
        pytest.param({"amount": f"9.{'9' * 37}e125"}, id="the largest number"),
        pytest.param({"amount": "-1e-130"}, id="the smallest number"),
        pytest.param({"amount": f"1.{'1' * 37}e-130"}, id="the smallest number of 38 digits"),
        pytest.param({"amount": "-0.00"}, id="minus zero"),
        pytest.param({"timestamp": "0001-01-01T00:00:00Z"}, id="the first timestamp"),
        pytest.param({"timestamp": "9999-12-31T23:59:59.999Z"}, id="the last timestamp"),
        pytest.param({"a": "", "b": [], "c": {}, "d": None, "e": False, "f": [[], {}]}, id="empty values"),
        pytest.param({"x" * 50_000: 1}, id="the longest name"),
        pytest.param({"deep": json.loads("[" * 31 + "]" * 31)}, id="32 levels of lists"),
        pytest.param({"deep": json.loads('{"k":' * 31 + "1" + "}" * 31)}, id="32 levels of objects"),
        pytest.param({"note": "x" * 409_300}, id="nearly 400 KiB of text"),
        pytest.param({"list": [[] for _ in range(100_000)]}, id="nearly 400 KiB of empty lists"),
        pytest.param({"list": [1] * 100_000}, id="300 KB of numbers"),
    ],
)
def test_dynamodb_stores_each_valid_item_unchanged(
    changes: dict[str, object], ledger: Ledger, dynamodb: "DynamoDBClient", table: str
) -> None:
    sent = item(1, **changes)

    answers = ledger.insert([sent])

    (kept,) = items_of(dynamodb, table).values()
    assert answers == [Stored()]
    assert Decimal(kept["amount"]["N"]) == Decimal(sent["amount"]["N"])
    assert {**kept, "amount": sent["amount"]} == sent


@pytest.mark.parametrize(
    "extra",
    [
        pytest.param({"M": {"deep": json.loads('{"L": [' * 32 + '{"S": ""}' + "]}" * 32)}}, id="33 levels"),
        pytest.param({"M": {"number": {"N": "1E+126"}}}, id="too large a number"),
        pytest.param({"M": {"number": {"N": "1" * 39}}}, id="39 digits"),
        pytest.param({"M": {"": {"S": "x"}}}, id="an empty name"),
        pytest.param({"M": {"note": {"S": "x" * 409_600}}}, id="more than 400 KiB"),
    ],
)
def test_item_that_dynamodb_refuses_does_not_block_the_others(
    extra: Attribute, ledger: Ledger, dynamodb: "DynamoDBClient", table: str
) -> None:
    refused = {**item(2), "extra": extra}

    first, second, third = ledger.insert([item(1), refused, item(3)])

    assert (first, third) == (Stored(), Stored())
    assert isinstance(second, Rejected)
    assert second.code == "not-storable"
    assert sorted(items_of(dynamodb, table)) == ["tx-1", "tx-3"]


def deliver(dependencies: Dependencies, entries: Sequence[object]) -> None:
    """Invoke the function with a batch, and check that it finishes the batch."""
    clock = FunctionUnderTest()
    context = FakeContext(function=clock, ends_at=clock.time + 60_000)
    assert invoke({"Records": entries}, context, dependencies) == {"batchItemFailures": []}


def test_second_delivery_of_the_examples_changes_nothing(
    ledger: Ledger, dynamodb: "DynamoDBClient", table: str, s3: "S3Client", bucket: str
) -> None:
    lines: list[str] = []
    dependencies = Dependencies(
        ledger=ledger,
        quarantine=Quarantine(lambda: s3, bucket=bucket, owner="000000000000"),
        write=lines.append,
    )
    records = read_jsonl(EXAMPLES)
    entries = [kinesis_entry(number, record.data, record.partition_key) for number, record in enumerate(records)]

    deliver(dependencies, entries)
    deliver(dependencies, entries)

    first, second = ({name: json.loads(line)[f"Transactions{name}"] for name in COUNTED} for line in lines)
    versions = s3.list_object_versions(Bucket=bucket)["Versions"]
    assert first == {"Stored": 135, "Duplicate": 20, "Conflicting": 15, "Rejected": 30}
    assert second == {"Stored": 0, "Duplicate": 20, "Conflicting": 0, "Rejected": 0}
    assert len(items_of(dynamodb, table)) == 135
    assert Counter(version["IsLatest"] for version in versions) == {True: 45}
