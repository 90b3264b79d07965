"""Outages with the default settings, on a fake clock: healthy records wait, and a record that crashes leaves soon.

The fake event source mapping does not pause between retries, because AWS documents no pause. A real one can only be
slower.
"""

from collections.abc import Callable, Sequence

import pytest

from lambda_src.transaction_processor import batch_processor
from lambda_src.transaction_processor.transaction import Transaction, parse
from modules.settings import Settings
from tests.property.streams import FakeEventSourceMapping, Sent
from tests.unit.lambda_src.fakes import FunctionUnderTest, transaction

BATCH_SIZE: int = Settings.model_fields["batch_size"].default
RETRIES: int = Settings.model_fields["retry_attempts"].default
OUTAGE_MILLISECONDS = 30 * 60 * 1000
POISON = "tx-250"

type Mapping = FakeEventSourceMapping


@pytest.fixture
def function() -> FunctionUnderTest:
    return FunctionUnderTest()


@pytest.fixture
def mapping(function: FunctionUnderTest) -> Mapping:
    return FakeEventSourceMapping(function=function, batch_size=BATCH_SIZE, retries=RETRIES)


@pytest.fixture
def stream() -> Sequence[Sent]:
    """Two full batches, each with an invalid record."""
    return [
        Sent(
            number=number,
            partition_key=f"customer-{number % 100}",
            data=b"{" if number % BATCH_SIZE == 0 else transaction(number),
            meaning=None if number % BATCH_SIZE == 0 else (number, 1),
        )
        for number in range(1, 2 * BATCH_SIZE + 1)
    ]


@pytest.mark.parametrize(
    ("service", "failure"),
    [
        pytest.param("dynamodb", ("statement", "ThrottlingError"), id="DynamoDB throttles every statement"),
        pytest.param("dynamodb", ("call", "InternalServerError"), id="DynamoDB fails"),
        pytest.param("dynamodb", ("call", "AccessDeniedException"), id="DynamoDB refuses every call"),
        pytest.param("s3", ("call", "SlowDown"), id="S3 throttles every call"),
        pytest.param("s3", ("call", "AccessDenied"), id="S3 refuses every call"),
    ],
)
def test_outage_of_half_an_hour_moves_no_record_to_quarantine(
    function: FunctionUnderTest, mapping: Mapping, stream: Sequence[Sent], service: str, failure: tuple[str, str]
) -> None:
    stage, code = failure
    end = function.time + OUTAGE_MILLISECONDS
    getattr(function, service).faults = lambda now: code if now == stage and function.time < end else None

    mapping.deliver(stream)

    assert function.time >= end
    assert mapping.dead_letters == []
    assert len(function.dynamodb.items) == len(stream) - 2
    assert function.quarantined == {BATCH_SIZE: "not-json", 2 * BATCH_SIZE: "not-json"}


def test_record_that_crashes_the_function_leaves_its_shard_within_minutes(
    function: FunctionUnderTest, mapping: Mapping, stream: Sequence[Sent], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch_processor, "parse", crashing(lambda each: each.transaction_id == POISON))
    began = function.time

    mapping.deliver(stream)

    assert [record.transaction_id for record in mapping.dead_letters] == [POISON]
    assert len(function.dynamodb.items) == len(stream) - 3
    assert function.time - began < 7 * 60 * 1000


def test_version_that_crashes_for_half_an_hour_does_not_empty_the_shard(
    function: FunctionUnderTest, mapping: Mapping, stream: Sequence[Sent], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A record that crashes the function looks the same, so a few records go to quarantine before a rollback."""
    end = function.time + OUTAGE_MILLISECONDS
    monkeypatch.setattr(batch_processor, "parse", crashing(lambda _: function.time < end))

    mapping.deliver(stream)

    assert 0 < len(mapping.dead_letters) <= 8
    assert len(function.dynamodb.items) == len(stream) - 2 - len(mapping.dead_letters)


def crashing(causes_crash: Callable[[Transaction], bool]) -> Callable[[bytes], Transaction]:
    """Return a parser with a bug."""

    def parse_or_crash(data: bytes) -> Transaction:
        parsed = parse(data)
        if causes_crash(parsed):
            raise ZeroDivisionError
        return parsed

    return parse_or_crash
