from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from lambda_src.transaction_processor.errors import ServiceError, UnavailableError
from lambda_src.transaction_processor.item import Item, ledger_item
from lambda_src.transaction_processor.ledger import Inserted, Ledger, Occupied, Refused
from lambda_src.transaction_processor.transaction import parse
from tests.unit.lambda_src.fakes import FakeDynamoDB, Weather, client_error, transaction


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


@dataclass(kw_only=True)
class SpoiltCalls(FakeDynamoDB):
    """Refuses every call in which one of these ids is."""

    spoilt: Sequence[str]

    def batch_execute_statement(self, *, Statements: Sequence[dict[str, list[object]]]) -> Mapping[str, Any]:  # noqa: N803 - boto3's name
        parameters = [parameter for statement in Statements for parameter in statement["Parameters"]]
        if any({"S": id_} in parameters for id_ in self.spoilt):
            self.calls.append(len(Statements))
            raise client_error("ValidationException", "BatchExecuteStatement")
        return super().batch_execute_statement(Statements=Statements)


def test_an_item_that_spoils_a_call_is_found_and_the_others_are_stored() -> None:
    dynamodb = SpoiltCalls(spoilt=["tx-2"])

    answers = Ledger(dynamodb, "ledger").insert([item(1), item(2), item(3)])  # type: ignore[arg-type]  # a fake

    assert [type(answer) for answer in answers] == [Inserted, Refused, Inserted]
    assert list(dynamodb.items) == ["tx-1", "tx-3"]


def test_the_search_for_such_an_item_ends_with_the_time_and_leaves_the_rest_to_be_tried_again() -> None:
    dynamodb = SpoiltCalls(spoilt=["tx-2"])
    time_is_left = iter([True, True, False, False])

    answers = Ledger(dynamodb, "ledger").insert([item(n) for n in (1, 2, 3, 4)], lambda: next(time_is_left))  # type: ignore[arg-type]  # a fake

    assert [type(answer) for answer in answers] == [Inserted, Refused, UnavailableError, UnavailableError]
    assert [getattr(answer, "code", None) for answer in answers[2:]] == ["OutOfTime", "OutOfTime"]
    assert dynamodb.calls == [4, 1, 1]


@pytest.mark.parametrize("numbers", [(1,), (1, 2), range(1, 26)], ids=["one", "two", "a whole call"])
@pytest.mark.parametrize(("moment", "code"), [("call", "ValidationException"), ("statement", "ValidationError")])
def test_a_table_that_takes_nothing_is_an_error_and_refuses_no_item(
    numbers: Sequence[int], moment: str, code: str, ledger: Ledger, dynamodb: FakeDynamoDB
) -> None:
    dynamodb.weather = lambda now: code if now == moment else None

    with pytest.raises(ServiceError) as raised:
        ledger.insert([item(number) for number in numbers])

    assert raised.value.code == "ValidationException"


def test_a_table_that_holds_an_id_already_is_not_to_blame_for_an_item_that_it_refuses() -> None:
    dynamodb = SpoiltCalls(spoilt=["tx-2"])
    ledger = Ledger(dynamodb, "ledger")  # type: ignore[arg-type]  # a fake
    ledger.insert([item(1)])

    answers = ledger.insert([item(1), item(2)])

    assert [type(answer) for answer in answers] == [Occupied, Refused]


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
