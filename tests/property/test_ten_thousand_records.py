"""The most records that Lambda hands to a function at once."""

import pytest

from tests.unit.lambda_src.fakes import FakeWorld, kinesis_entry, transaction


@pytest.fixture
def world() -> FakeWorld:
    return FakeWorld()


def test_ten_thousand_records_are_stored_in_four_hundred_calls(world: FakeWorld) -> None:
    entries = [kinesis_entry(n, transaction(n), f"customer-{n % 1000}") for n in range(10_000)]

    failed = world.handle(entries)

    assert failed == []
    assert len(world.dynamodb.items) == 10_000
    assert world.dynamodb.calls == [25] * 400


def test_ten_thousand_records_of_one_key_stay_in_their_order(world: FakeWorld) -> None:
    entries = [kinesis_entry(n, transaction(n)) for n in range(10_000)]

    failed = world.handle(entries)

    assert failed == []
    assert world.dynamodb.applied == [f"tx-{n}" for n in range(10_000)]


def test_ten_thousand_broken_records_are_all_kept(world: FakeWorld) -> None:
    failed = world.handle([kinesis_entry(n, b"{") for n in range(10_000)])

    assert failed == []
    assert len(world.s3.objects) == 10_000
