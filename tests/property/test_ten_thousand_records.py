"""Batches of 10,000 records, the maximum that Lambda delivers in one invocation."""

import pytest

from tests.unit.lambda_src.fakes import FunctionUnderTest, kinesis_entry, transaction


@pytest.fixture
def function() -> FunctionUnderTest:
    return FunctionUnderTest()


def test_ten_thousand_records_are_stored_in_four_hundred_calls(function: FunctionUnderTest) -> None:
    entries = [kinesis_entry(n, transaction(n), f"customer-{n % 1000}") for n in range(10_000)]

    failed = function.invoke(entries)

    assert failed == []
    assert len(function.dynamodb.items) == 10_000
    assert function.dynamodb.calls == [25] * 400


def test_ten_thousand_records_of_one_key_are_stored_in_order(function: FunctionUnderTest) -> None:
    entries = [kinesis_entry(n, transaction(n)) for n in range(10_000)]

    failed = function.invoke(entries)

    assert failed == []
    assert function.dynamodb.inserted == [f"tx-{n}" for n in range(10_000)]


def test_ten_thousand_broken_records_are_quarantined(function: FunctionUnderTest) -> None:
    entries = [kinesis_entry(n, b"{") for n in range(10_000)]

    failed = function.invoke(entries)

    assert failed == []
    assert len(function.s3.objects) == 10_000
