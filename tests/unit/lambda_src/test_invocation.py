"""Invocations without faults: the ledger, quarantine and the log line."""

import json

from tests.unit.lambda_src.fakes import FunctionUnderTest, kinesis_entry, transaction


def test_transaction_is_stored_with_every_attribute(function: FunctionUnderTest) -> None:
    failed = function.invoke([kinesis_entry(7, transaction(1, note="für Ada"))])

    assert failed == []
    assert function.dynamodb.items == {
        "tx-1": {
            "transactionId": {"S": "tx-1"},
            "customerId": {"S": "customer-1"},
            "amount": {"N": "12.5"},
            "currency": {"S": "EUR"},
            "timestamp": {"N": "1795449600000"},
            "extra": {"M": {"note": {"S": "für Ada"}}},
            "status": {"S": "processed"},
            "processedAt": {"N": "1790000001002"},
            "digest": {"S": "89120dbef2c923b5c326ae7a7e867f38eaac28536d596e8fd3f7df50f9611f26"},
            "sequenceNumber": {"S": "7"},
        }
    }
    assert function.s3.objects == {}


def test_rejected_record_is_quarantined_whole(function: FunctionUnderTest) -> None:
    entry = kinesis_entry(4, b'{"amount": NaN}')

    failed = function.invoke([entry])

    assert failed == []
    assert function.dynamodb.items == {}
    assert {key: json.loads(body) for key, body in function.s3.objects.items()} == {
        "rejected/shardId-000000000000/4.json": {
            "code": "not-json",
            "reason": "NaN is not a JSON value",
            "record": entry,
        }
    }


def test_conflicting_record_is_quarantined_whole(function: FunctionUnderTest) -> None:
    entries = [kinesis_entry(1, transaction(1)), kinesis_entry(2, transaction(1, amount=13))]

    failed = function.invoke(entries)

    assert failed == []
    assert function.dynamodb.items["tx-1"]["sequenceNumber"] == {"S": "1"}
    assert {key: json.loads(body) for key, body in function.s3.objects.items()} == {
        "rejected/shardId-000000000000/2.json": {
            "code": "conflict",
            "reason": "the ledger has another transaction with the same transactionId",
            "record": entries[1],
        }
    }


def test_log_line_has_the_metrics_and_the_state_of_the_batch(function: FunctionUnderTest) -> None:
    function.invoke(
        [
            kinesis_entry(1, transaction(1)),
            kinesis_entry(2, transaction(1, amount=12.5)),
            kinesis_entry(3, transaction(1, amount=13)),
            kinesis_entry(4, b"{"),
            kinesis_entry(5, transaction(2)),
        ]
    )

    assert function.last_line == {
        "_aws": {
            "Timestamp": 1790000001006,
            "CloudWatchMetrics": [
                {
                    "Namespace": "TransactionPipeline",
                    "Dimensions": [["FunctionName"]],
                    "Metrics": [
                        {"Name": "TransactionsStored", "Unit": "Count"},
                        {"Name": "TransactionsDuplicate", "Unit": "Count"},
                        {"Name": "TransactionsRejected", "Unit": "Count"},
                        {"Name": "TransactionsConflicting", "Unit": "Count"},
                    ],
                }
            ],
        },
        "FunctionName": "transaction-processor-test",
        "TransactionsStored": 2,
        "TransactionsDuplicate": 1,
        "TransactionsRejected": 1,
        "TransactionsConflicting": 1,
        "timestamp": "2026-09-21T14:13:21.006+00:00",
        "level": "INFO",
        "message": "The batch is finished.",
        "requestId": "request-1",
        "records": 5,
        "unfinished": 0,
        "checkpoint": None,
        "redelivered": 0,
        "setbacks": {},
    }


def test_second_delivery_changes_nothing_and_counts_only_duplicates(function: FunctionUnderTest) -> None:
    entries = [
        kinesis_entry(1, transaction(1)),
        kinesis_entry(2, transaction(1)),
        kinesis_entry(3, transaction(1, amount=13)),
        kinesis_entry(4, b"{"),
    ]
    function.invoke(entries)
    before = (dict(function.dynamodb.items), dict(function.s3.objects))

    function.invoke(entries)

    assert (function.dynamodb.items, function.s3.objects) == before
    assert function.counts == {"stored": 1, "duplicate": 2, "rejected": 1, "conflicting": 1}
    assert function.last_line["redelivered"] == 3


def test_empty_batch_succeeds(function: FunctionUnderTest) -> None:
    assert function.invoke([]) == []
