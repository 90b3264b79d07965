import json
from collections.abc import Mapping
from typing import Any

import pytest

from lambda_src.transaction_processor.errors import NotAKinesisBatchError
from lambda_src.transaction_processor.handler import handle
from tests.unit.lambda_src.fakes import FakeContext, FakeDynamoDB, FakeS3, kinesis_entry


def transaction(number: int = 1, **changes: object) -> bytes:
    fields = {
        "transactionId": f"tx-{number}",
        "customerId": "customer-1",
        "amount": "12.50",
        "currency": "EUR",
        "timestamp": "2026-11-23T17:00:00+01:00",
    }
    return json.dumps(fields | changes).encode()


def counts(line: str) -> Mapping[str, int]:
    return {name: value for name, value in json.loads(line).items() if name.startswith("Transactions")}


def test_a_transaction_reaches_the_ledger_with_every_attribute(
    dynamodb: FakeDynamoDB, s3: FakeS3, context: FakeContext
) -> None:
    response = handle({"Records": [kinesis_entry(7, transaction(1, note="für Ada"))]}, context)

    item: dict[str, Any] = dict(dynamodb.items["tx-1"])
    processed_at = item.pop("processedAt")
    assert response == {"batchItemFailures": []}
    assert int(processed_at["N"]) > 1_790_000_000_000
    assert item == {
        "transactionId": {"S": "tx-1"},
        "customerId": {"S": "customer-1"},
        "amount": {"N": "12.5"},
        "currency": {"S": "EUR"},
        "timestamp": {"N": "1795449600000"},
        "extra": {"M": {"note": {"S": "für Ada"}}},
        "status": {"S": "processed"},
        "digest": {"S": "89120dbef2c923b5c326ae7a7e867f38eaac28536d596e8fd3f7df50f9611f26"},
        "sequenceNumber": {"S": "7"},
    }
    assert s3.objects == {}


@pytest.mark.usefixtures("dynamodb", "s3")
def test_each_record_is_counted_for_the_place_that_it_reached(
    context: FakeContext, capsys: pytest.CaptureFixture[str]
) -> None:
    records = [
        kinesis_entry(1, transaction(1)),
        kinesis_entry(2, transaction(1, amount=12.5)),
        kinesis_entry(3, transaction(1, amount=13)),
        kinesis_entry(4, b"{"),
        kinesis_entry(5, transaction(2)),
    ]

    handle({"Records": records}, context)

    assert counts(capsys.readouterr().out) == {
        "TransactionsStored": 2,
        "TransactionsDuplicate": 1,
        "TransactionsRejected": 1,
        "TransactionsConflicting": 1,
    }


def test_a_rejected_record_waits_whole_in_quarantine(dynamodb: FakeDynamoDB, s3: FakeS3, context: FakeContext) -> None:
    entry = kinesis_entry(4, b'{"amount": NaN}')

    response = handle({"Records": [entry]}, context)

    assert response == {"batchItemFailures": []}
    assert dynamodb.items == {}
    assert {key: json.loads(body) for key, body in s3.objects.items()} == {
        "rejected/shardId-000000000000/4.json": {
            "code": "not-json",
            "reason": "NaN is no JSON value",
            "record": entry,
        }
    }


@pytest.mark.parametrize(
    ("event", "problem"),
    [
        pytest.param({}, "it has no list of Records", id="an empty object"),
        pytest.param([], "it has no list of Records", id="a list"),
        pytest.param(
            {"Records": [{"eventSource": "aws:sqs"}]}, "record 0 did not come from a Kinesis stream", id="SQS"
        ),
    ],
)
def test_an_event_that_is_no_kinesis_batch_is_an_error(event: object, problem: str, context: FakeContext) -> None:
    with pytest.raises(NotAKinesisBatchError) as raised:
        handle(event, context)

    assert str(raised.value) == (
        f"The event is no batch of Kinesis records: {problem}. "
        "Invoke this function through an event source mapping on a Kinesis stream."
    )
