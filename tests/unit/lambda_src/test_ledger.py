from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from lambda_src.transaction_processor.errors import ServiceError
from lambda_src.transaction_processor.item import Item, ledger_item
from lambda_src.transaction_processor.ledger import Existing, Ledger
from lambda_src.transaction_processor.outcomes import Rejected, Retry, Stored
from lambda_src.transaction_processor.transaction import parse
from tests.unit.lambda_src.fakes import PAYLOAD, FakeDynamoDB, always, client_error, first, transaction


def item(number: int, **changes: object) -> Item:
    return ledger_item(
        parse(transaction(number, **changes)), sequence_number=str(number), processed_at=1_790_000_000_000
    )


def existing(number: int) -> Existing:
    return Existing(digest=item(number)["digest"]["S"], sequence_number=str(number), processed_at=1_790_000_000_000)


@pytest.fixture
def dynamodb() -> FakeDynamoDB:
    return FakeDynamoDB()


@pytest.fixture
def ledger(dynamodb: FakeDynamoDB) -> Ledger:
    return Ledger(dynamodb, "ledger")  # type: ignore[arg-type]  # a fake


def test_one_call_stores_25_items(ledger: Ledger, dynamodb: FakeDynamoDB) -> None:
    items = [item(n) for n in range(25)]

    answers = ledger.insert(items)

    assert answers == [Stored()] * 25
    assert dynamodb.calls == [25]
    assert list(dynamodb.items.values()) == items


def test_answer_for_a_taken_id_has_the_existing_item(ledger: Ledger, dynamodb: FakeDynamoDB) -> None:
    ledger.insert([item(1)])

    answers = ledger.insert([item(1, amount=1), item(2)])

    assert answers == [existing(1), Stored()]
    assert dynamodb.items["tx-1"] == item(1)


def test_item_that_dynamodb_returns_is_not_read(ledger: Ledger, dynamodb: FakeDynamoDB) -> None:
    ledger.insert([item(1)])
    dynamodb.returns_existing_items = True

    answers = ledger.insert([item(1, amount=1), item(2)])

    assert answers == [existing(1), Stored()]
    assert dynamodb.reads == []


def test_items_that_dynamodb_does_not_return_are_read(ledger: Ledger, dynamodb: FakeDynamoDB) -> None:
    ledger.insert([item(1), item(2)])

    answers = ledger.insert([item(1), item(2), item(3)])

    assert answers == [existing(1), existing(2), Stored()]
    assert dynamodb.reads == [2]


def test_throttled_statement_is_a_retry_and_others_are_stored(ledger: Ledger, dynamodb: FakeDynamoDB) -> None:
    dynamodb.faults = first(None, "ThrottlingError", stage="statement")

    answers = ledger.insert([item(1), item(2), item(3)])

    assert answers == [Stored(), Retry("ThrottlingError"), Stored()]
    assert list(dynamodb.items) == ["tx-1", "tx-3"]


def test_refused_statement_is_rejected_with_the_reason_of_dynamodb(ledger: Ledger, dynamodb: FakeDynamoDB) -> None:
    dynamodb.faults = first("ValidationError", stage="statement")

    answers = ledger.insert([item(1), item(2)])

    reason = f"DynamoDB refuses its item: ValidationError for {item(1)}"
    assert answers == [Rejected("not-storable", reason), Stored()]


@pytest.mark.parametrize("code", ["ThrottlingException", "InternalFailure", "ReadTimeoutError"])
def test_failed_call_is_a_retry_for_every_item(code: str, ledger: Ledger, dynamodb: FakeDynamoDB) -> None:
    dynamodb.faults = always(code, stage="call")

    answers = ledger.insert([item(1), item(2)])

    assert answers == [Retry(code), Retry(code)]


@dataclass(kw_only=True)
class RefusesId(FakeDynamoDB):
    """A table that refuses every call with this id."""

    refused: str

    def batch_execute_statement(self, *, Statements: Sequence[dict[str, list[object]]]) -> Mapping[str, Any]:  # noqa: N803 - boto3's name
        if any({"S": self.refused} in statement["Parameters"] for statement in Statements):
            self.calls.append(len(Statements))
            raise client_error("ValidationException", "BatchExecuteStatement")
        return super().batch_execute_statement(Statements=Statements)


REFUSED = Rejected("not-storable", f"DynamoDB refuses its item: ValidationException because of {PAYLOAD}")


def test_refused_call_is_repeated_with_single_items() -> None:
    dynamodb = RefusesId(refused="tx-2")
    ledger = Ledger(dynamodb, "ledger")  # type: ignore[arg-type]  # a fake

    answers = ledger.insert([item(1), item(2), item(3)])

    assert answers == [Stored(), REFUSED, Stored()]
    assert list(dynamodb.items) == ["tx-1", "tx-3"]


def test_single_inserts_stop_when_the_time_has_expired() -> None:
    dynamodb = RefusesId(refused="tx-2")
    ledger = Ledger(dynamodb, "ledger")  # type: ignore[arg-type]  # a fake
    has_time = iter([True, True, False, False])

    answers = ledger.insert([item(n) for n in (1, 2, 3, 4)], lambda: next(has_time))

    assert answers == [Stored(), REFUSED, Retry("OutOfTime"), Retry("OutOfTime")]
    assert dynamodb.calls == [4, 1, 1]


@pytest.mark.parametrize("numbers", [(1,), (1, 2), range(1, 26)], ids=["one", "two", "a whole call"])
@pytest.mark.parametrize(("stage", "code"), [("call", "ValidationException"), ("statement", "ValidationError")])
def test_table_that_refuses_every_item_is_an_error(
    numbers: Sequence[int], stage: str, code: str, ledger: Ledger, dynamodb: FakeDynamoDB
) -> None:
    dynamodb.faults = always(code, stage=stage)

    with pytest.raises(ServiceError) as raised:
        ledger.insert([item(number) for number in numbers])

    assert raised.value.code == "ValidationException"


def test_existing_item_proves_that_the_table_accepts_items() -> None:
    """So the cause of a refused item in the same call is the item, and not the table."""
    dynamodb = RefusesId(refused="tx-2")
    ledger = Ledger(dynamodb, "ledger")  # type: ignore[arg-type]  # a fake
    ledger.insert([item(1)])

    answers = ledger.insert([item(1), item(2)])
    dynamodb.returns_existing_items = True
    answers_with_item = ledger.insert([item(1), item(2)])

    assert answers == answers_with_item == [existing(1), REFUSED]


@pytest.mark.parametrize("code", ["AccessDenied", "ResourceNotFound"])
def test_statement_that_a_retry_cannot_fix_is_an_error(code: str, ledger: Ledger, dynamodb: FakeDynamoDB) -> None:
    dynamodb.faults = first(code, stage="statement")

    with pytest.raises(ServiceError) as raised:
        ledger.insert([item(1)])

    assert raised.value.code == code


def test_existing_item_that_is_not_returned_is_a_retry(ledger: Ledger, dynamodb: FakeDynamoDB) -> None:
    ledger.insert([item(1)])
    dynamodb.faults = first(None, "ThrottlingError", stage="statement")

    answers = ledger.insert([item(1)])

    assert answers == [Retry("NotRead")]


def test_failed_read_is_a_retry_for_each_taken_id(ledger: Ledger, dynamodb: FakeDynamoDB) -> None:
    ledger.insert([item(1)])
    dynamodb.faults = first(None, "ProvisionedThroughputExceededException", stage="call")

    answers = ledger.insert([item(1), item(2)])

    assert answers == [Retry("ProvisionedThroughputExceededException"), Stored()]
