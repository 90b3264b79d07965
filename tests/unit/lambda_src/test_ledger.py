from collections.abc import Sequence

import pytest

from lambda_src.transaction_processor.errors import ServiceError, UnavailableError
from lambda_src.transaction_processor.item import Item, ledger_item
from lambda_src.transaction_processor.ledger import Inserted, Ledger, Occupied, Refused
from lambda_src.transaction_processor.transaction import parse
from tests.unit.lambda_src.fakes import FakeDynamoDB, Weather, transaction


def item(number: int, **changes: object) -> Item:
    return ledger_item(
        parse(transaction(number, **changes)), sequence_number=str(number), processed_at=1_790_000_000_000
    )


def digest(of: Item) -> str:
    return str(of["digest"]["S"])


@pytest.fixture
def dynamodb() -> FakeDynamoDB:
    return FakeDynamoDB()


@pytest.fixture
def ledger(dynamodb: FakeDynamoDB) -> Ledger:
    return Ledger(dynamodb, "ledger")  # type: ignore[arg-type]  # a fake


def one_statement(code: str, place: int) -> Weather:
    """Return a weather in which one statement of the first call goes wrong."""
    coming = iter([*[None] * place, code])
    return lambda moment: next(coming, None) if moment == "statement" else None


def test_twenty_five_items_go_in_one_call(ledger: Ledger, dynamodb: FakeDynamoDB) -> None:
    items = [item(n) for n in range(25)]

    answers = ledger.insert(items)

    assert answers == [Inserted()] * 25
    assert dynamodb.calls == [25]
    assert list(dynamodb.items.values()) == items


def test_an_id_that_is_taken_is_answered_with_what_the_ledger_holds(ledger: Ledger, dynamodb: FakeDynamoDB) -> None:
    ledger.insert([item(1)])

    answers = ledger.insert([item(1, amount=1), item(2)])

    assert answers == [
        Occupied(digest=digest(item(1)), sequence_number="1", processed_at=1_790_000_000_000),
        Inserted(),
    ]
    assert dynamodb.items["tx-1"] == item(1)


def test_a_throttled_statement_is_unavailable_and_the_others_are_stored(ledger: Ledger, dynamodb: FakeDynamoDB) -> None:
    dynamodb.weather = one_statement("ThrottlingError", 1)

    answers = ledger.insert([item(1), item(2), item(3)])

    assert [type(answer) for answer in answers] == [Inserted, UnavailableError, Inserted]
    assert list(dynamodb.items) == ["tx-1", "tx-3"]


def test_a_refused_statement_is_refused_with_dynamodbs_reason(ledger: Ledger, dynamodb: FakeDynamoDB) -> None:
    dynamodb.weather = one_statement("ValidationError", 0)

    answers = ledger.insert([item(1), item(2)])

    assert isinstance(answers[0], Refused)
    assert answers[0].reason.startswith("ValidationError for")
    assert answers[1:] == [Inserted()]


@pytest.mark.parametrize("code", ["ThrottlingException", "InternalFailure", "ReadTimeoutError"])
def test_a_call_that_fails_leaves_every_item_to_be_tried_again(
    code: str, ledger: Ledger, dynamodb: FakeDynamoDB
) -> None:
    dynamodb.weather = lambda moment: code if moment == "call" else None

    answers = ledger.insert([item(1), item(2)])

    assert [getattr(answer, "code", None) for answer in answers] == [code, code]


def test_an_item_that_spoils_a_call_is_found_and_the_others_are_stored() -> None:
    class Spoiled(FakeDynamoDB):
        """Refuses every call with tx-2 in it."""

        def batch_execute_statement(self, *, Statements: Sequence[dict[str, list[object]]]) -> object:  # type: ignore[override]  # noqa: N803 - boto3's name
            spoiled = any({"S": "tx-2"} in statement["Parameters"] for statement in Statements)
            self.weather = lambda moment: "ValidationException" if spoiled and moment == "call" else None
            return super().batch_execute_statement(Statements=Statements)

    spoiled = Spoiled()

    answers = Ledger(spoiled, "ledger").insert([item(1), item(2), item(3)])  # type: ignore[arg-type]  # a fake

    assert [type(answer) for answer in answers] == [Inserted, Refused, Inserted]
    assert list(spoiled.items) == ["tx-1", "tx-3"]


@pytest.mark.parametrize("code", ["AccessDenied", "ResourceNotFound"])
def test_a_statement_that_no_retry_mends_is_an_error(code: str, ledger: Ledger, dynamodb: FakeDynamoDB) -> None:
    dynamodb.weather = one_statement(code, 0)

    with pytest.raises(ServiceError) as raised:
        ledger.insert([item(1)])

    assert raised.value.code == code


def test_an_id_whose_item_cannot_be_read_is_tried_again(ledger: Ledger, dynamodb: FakeDynamoDB) -> None:
    ledger.insert([item(1)])
    dynamodb.weather = one_statement("ThrottlingError", 1)

    (answer,) = ledger.insert([item(1)])

    assert isinstance(answer, UnavailableError)
    assert answer.code == "NotRead"


def test_a_read_that_fails_leaves_the_duplicates_to_be_tried_again(ledger: Ledger, dynamodb: FakeDynamoDB) -> None:
    ledger.insert([item(1)])
    calls = iter([None, "ProvisionedThroughputExceededException"])
    dynamodb.weather = lambda moment: next(calls) if moment == "call" else None

    answers = ledger.insert([item(1), item(2)])

    assert [type(answer) for answer in answers] == [UnavailableError, Inserted]
