import json
from typing import Any

import pytest

from lambda_src.transaction_processor.errors import ServiceError
from tests.unit.lambda_src.fakes import PAYLOAD, FakeWorld, Weather, kinesis_entry, transaction


def storms(*codes: str | None, moment: str) -> Weather:
    """Return a weather that has these codes for the first such moments, and is calm then."""
    coming = iter(codes)
    return lambda now: next(coming, None) if now == moment else None


def always(code: str, *, moment: str) -> Weather:
    return lambda now: code if now == moment else None


def last_line(world: FakeWorld) -> Any:  # noqa: ANN401 - whatever was logged
    return json.loads(world.lines[-1])


def test_a_transaction_reaches_the_ledger_with_every_attribute(world: FakeWorld) -> None:
    failed = world.handle([kinesis_entry(7, transaction(1, note="für Ada"))])

    assert failed == []
    assert world.dynamodb.items == {
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
    assert world.s3.objects == {}


def test_a_rejected_record_waits_whole_in_quarantine(world: FakeWorld) -> None:
    entry = kinesis_entry(4, b'{"amount": NaN}')

    failed = world.handle([entry])

    assert failed == []
    assert world.dynamodb.items == {}
    assert {key: json.loads(body) for key, body in world.s3.objects.items()} == {
        "rejected/shardId-000000000000/4.json": {
            "code": "not-json",
            "reason": "NaN is no JSON value",
            "record": entry,
        }
    }


def test_the_log_line_is_the_metrics_and_the_facts_of_the_batch(world: FakeWorld) -> None:
    world.handle(
        [
            kinesis_entry(1, transaction(1)),
            kinesis_entry(2, transaction(1, amount=12.5)),
            kinesis_entry(3, transaction(1, amount=13)),
            kinesis_entry(4, b"{"),
            kinesis_entry(5, transaction(2)),
        ]
    )

    assert last_line(world) == {
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


def test_a_batch_that_is_delivered_again_changes_nothing_and_counts_only_its_duplicates_again(
    world: FakeWorld,
) -> None:
    entries = [
        kinesis_entry(1, transaction(1)),
        kinesis_entry(2, transaction(1)),
        kinesis_entry(3, transaction(1, amount=13)),
        kinesis_entry(4, b"{"),
    ]
    world.handle(entries)
    before = (dict(world.dynamodb.items), dict(world.s3.objects))

    world.handle(entries)

    assert (world.dynamodb.items, world.s3.objects) == before
    assert world.counts == {"stored": 1, "duplicate": 2, "rejected": 1, "conflicting": 1}
    assert last_line(world)["redelivered"] == 3


def test_a_throttled_record_is_tried_again_within_the_invocation(world: FakeWorld) -> None:
    world.dynamodb.weather = storms("ThrottlingError", None, "ProvisionedThroughputExceeded", moment="statement")

    failed = world.handle([kinesis_entry(n, transaction(n), f"customer-{n}") for n in (1, 2)])

    assert failed == []
    assert world.dynamodb.applied == ["tx-2", "tx-1"]
    assert last_line(world)["setbacks"] == {"ThrottlingError": 1, "ProvisionedThroughputExceeded": 1}
    assert world.counts == {"stored": 2}


def test_a_record_that_stays_throttled_is_reported_before_the_time_is_up(world: FakeWorld) -> None:
    world.dynamodb.weather = always("ThrottlingError", moment="statement")
    began = world.time

    failed = world.handle([kinesis_entry(n, transaction(n)) for n in (8, 9, 10)])

    assert failed == ["8"]
    assert world.dynamodb.items == {}
    assert 50_000 <= world.time - began < 60_000
    assert last_line(world)["level"] == "WARN"
    assert last_line(world)["message"] == "The batch will be delivered again."
    assert last_line(world)["unfinished"] == 3


def test_items_that_are_tried_one_by_one_are_reported_before_the_time_is_up(world: FakeWorld) -> None:
    codes = iter(["ValidationException"])

    def slow(moment: str) -> str | None:
        if moment == "call":
            world.pass_by(3)
            return next(codes, None)
        return None

    world.dynamodb.weather = slow
    began = world.time

    failed = world.handle([kinesis_entry(n, transaction(n), f"customer-{n}") for n in range(1, 26)])

    assert world.dynamodb.calls == [25, *[1] * 16]
    assert failed == ["17"]
    assert 50_000 <= world.time - began < 60_000


def test_later_records_of_a_key_do_not_overtake_one_that_failed(world: FakeWorld) -> None:
    world.dynamodb.weather = lambda moment: (
        "ThrottlingError" if moment == "statement" and len(world.dynamodb.applied) == 2 else None
    )

    failed = world.handle(
        [
            kinesis_entry(1, transaction(1), "ada"),
            kinesis_entry(2, transaction(2), "bob"),
            kinesis_entry(3, transaction(3), "ada"),
            kinesis_entry(4, transaction(4), "ada"),
        ]
    )

    assert failed == ["3"]
    assert world.dynamodb.applied == ["tx-1", "tx-2"]


def test_the_lowest_sequence_number_is_reported_by_value_and_not_by_spelling(world: FakeWorld) -> None:
    world.dynamodb.weather = always("ThrottlingError", moment="statement")

    failed = world.handle([kinesis_entry(n, transaction(n), f"customer-{n}") for n in (9, 10, 11)])

    assert failed == ["9"]


def test_a_quarantine_that_is_away_holds_the_record_and_loses_nothing(world: FakeWorld) -> None:
    world.s3.weather = always("SlowDown", moment="call")

    failed = world.handle([kinesis_entry(1, b"{"), kinesis_entry(2, transaction(2), "bob")])

    assert failed == ["1"]
    assert world.s3.objects == {}
    assert list(world.dynamodb.items) == ["tx-2"]


def test_a_duplicate_that_will_be_delivered_again_is_counted_then(world: FakeWorld) -> None:
    world.s3.weather = always("SlowDown", moment="call")
    entries = [
        kinesis_entry(1, transaction(1), "ada"),
        kinesis_entry(2, transaction(1), "ada"),
        kinesis_entry(3, b"{", "bob"),
        kinesis_entry(4, transaction(1), "ada"),
    ]
    assert world.handle(entries) == ["3"]
    world.s3.weather = lambda _: None

    world.handle(entries[2:])

    assert world.counts == {"stored": 1, "duplicate": 2, "rejected": 1}


@pytest.mark.parametrize("code", ["ReadTimeoutError", "InternalServerError"])
def test_an_insert_whose_answer_was_lost_is_counted_once_as_stored(code: str, world: FakeWorld) -> None:
    world.dynamodb.weather = storms(code, moment="answer")

    failed = world.handle([kinesis_entry(1, transaction(1))])

    assert failed == []
    assert list(world.dynamodb.items) == ["tx-1"]
    assert world.counts == {"stored": 1}


def test_a_refused_permission_fails_the_invocation_so_that_errors_counts(world: FakeWorld) -> None:
    world.dynamodb.weather = always("AccessDeniedException", moment="call")

    with pytest.raises(ServiceError) as raised:
        world.handle([kinesis_entry(1, transaction(1))])

    assert str(raised.value) == (
        "DynamoDB refused the function's call with AccessDeniedException. Check the function's role, its environment "
        "and the resource; the batch will be delivered again."
    )


@pytest.mark.parametrize(("moment", "code"), [("call", "ValidationException"), ("statement", "ValidationError")])
def test_a_table_that_takes_nothing_fails_the_invocation_and_fills_no_quarantine(
    moment: str, code: str, world: FakeWorld
) -> None:
    world.dynamodb.weather = always(code, moment=moment)

    with pytest.raises(ServiceError):
        world.handle([kinesis_entry(n, transaction(n), f"customer-{n}") for n in (1, 2, 3)])

    assert (world.s3.objects, world.counts) == ({}, {})
    assert last_line(world)["checkpoint"] == "1"


def test_an_invocation_that_fails_still_counts_what_it_did(world: FakeWorld) -> None:
    world.s3.weather = always("AccessDenied", moment="call")

    with pytest.raises(ServiceError):
        world.handle(
            [kinesis_entry(1, transaction(1)), kinesis_entry(2, transaction(1)), kinesis_entry(3, b"{", "bob")]
        )

    assert world.counts == {"stored": 1}
    assert last_line(world)["checkpoint"] == "1"


@pytest.mark.parametrize(
    ("service", "moment", "code"),
    [
        pytest.param("dynamodb", "never", "", id="a calm day"),
        pytest.param("dynamodb", "statement", "ThrottlingError", id="throttled statements"),
        pytest.param("dynamodb", "call", "ThrottlingException", id="throttled calls"),
        pytest.param("dynamodb", "statement", "ValidationError", id="refused statements"),
        pytest.param("dynamodb", "call", "ValidationException", id="refused calls"),
        pytest.param("dynamodb", "statement", "AccessDenied", id="forbidden statements"),
        pytest.param("s3", "call", "AccessDenied", id="a forbidden bucket"),
    ],
)
def test_no_payload_is_in_the_log_or_in_an_error(
    service: str, moment: str, code: str, world: FakeWorld, capsys: pytest.CaptureFixture[str]
) -> None:
    setattr(world, service, type(getattr(world, service))(weather=always(code, moment=moment)))
    message = ""

    try:
        world.handle(
            [
                kinesis_entry(1, transaction(1, note=PAYLOAD), "ada"),
                kinesis_entry(2, transaction(1, note=PAYLOAD * 2), "ada"),
                kinesis_entry(3, f'{{"{PAYLOAD}": NaN'.encode(), "bob"),
                kinesis_entry(4, transaction(3, currency=PAYLOAD), "eve"),
            ]
        )
    except ServiceError as error:
        message = f"{error!r} {error.__cause__} {error.__suppress_context__}"

    assert PAYLOAD not in "".join([*world.lines, message, *capsys.readouterr()])
    assert len(world.lines) == 1


def test_a_batch_without_records_is_a_success(world: FakeWorld) -> None:
    assert world.handle([]) == []
