"""What the function does at the limits of Kinesis, Lambda and DynamoDB."""

import json
import time
from collections.abc import Sequence

import pytest

from tests.unit.lambda_src.fakes import FakeWorld, kinesis_entry, transaction

MEGABYTE = 1024 * 1024


def outcome(world: FakeWorld, data: bytes) -> Sequence[str]:
    """Handle one record and return what it counted as."""
    assert world.handle([kinesis_entry(1, data)]) == []
    return list(world.counts)


def test_a_record_of_a_megabyte_is_more_than_an_item_holds_and_waits_whole_in_quarantine(world: FakeWorld) -> None:
    data = transaction(note="x" * (MEGABYTE - len(transaction(note=""))))
    entry = kinesis_entry(1, data)

    failed = world.handle([entry])

    (kept,) = [json.loads(body) for body in world.s3.objects.values()]
    assert (len(data), failed, world.counts) == (MEGABYTE, [], {"rejected": 1})
    assert kept["record"] == entry
    assert kept["code"] == "not-storable"


def test_a_record_of_nearly_400_kib_is_stored(world: FakeWorld) -> None:
    assert outcome(world, transaction(note="x" * 409_000)) == ["stored"]


@pytest.mark.parametrize(
    "amount", ["9" * 38, "-" + "9" * 38, f"0.{'1' * 38}", "1E-130", f"9.{'9' * 37}E+125"], ids=lambda text: text[:12]
)
def test_thirty_eight_digits_reach_the_ledger_to_the_last(amount: str, world: FakeWorld) -> None:
    assert outcome(world, transaction(amount=amount)) == ["stored"]
    assert world.dynamodb.items["tx-1"]["amount"] == {"N": amount}


@pytest.mark.parametrize("id_", ["交易-1", "🧾" * 128, "é", "e\u0301", "\0", "a\nb"])
def test_an_id_of_any_script_reaches_the_ledger_unchanged(id_: str, world: FakeWorld) -> None:
    assert outcome(world, transaction(transactionId=id_)) == ["stored"]
    assert list(world.dynamodb.items) == [id_]


def test_the_longest_ids_fit_into_the_keys_of_table_and_index(world: FakeWorld) -> None:
    longest = "🧾" * 128

    outcome(world, transaction(transactionId=longest, customerId=longest))

    item = world.dynamodb.items[longest]
    assert len(item["transactionId"]["S"].encode()) <= 2048
    assert len(item["customerId"]["S"].encode()) <= 1024


def test_an_exponent_is_the_number_that_it_means(world: FakeWorld) -> None:
    assert outcome(world, transaction(amount="1.5e3")) == ["stored"]
    assert world.dynamodb.items["tx-1"]["amount"] == {"N": "1.5E+3"}


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(transaction(amount=float("nan")), id="NaN"),
        pytest.param(transaction(amount=float("inf")), id="infinity"),
        pytest.param(transaction().replace(b"{", b'{"amount": 1, ', 1), id="a key twice"),
        pytest.param(transaction(deep=0).replace(b": 0", b": " + b"[" * 33 + b"]" * 33), id="33 levels"),
        pytest.param(transaction(deep=0).replace(b": 0", b": " + b"[" * 400_000), id="400,000 levels, cut off"),
        pytest.param(transaction(n=0).replace(b": 0", b": " + b"1" * 900_000), id="a number of 900,000 digits"),
        pytest.param(transaction(note="\ud800"), id="half a surrogate pair"),
    ],
)
def test_what_can_never_be_stored_is_rejected_and_does_not_hold_up_the_shard(data: bytes, world: FakeWorld) -> None:
    began = time.process_time()

    failed = world.handle([kinesis_entry(1, data), kinesis_entry(2, transaction(2))])

    assert failed == []
    assert world.counts == {"stored": 1, "rejected": 1}
    assert time.process_time() - began < 2


@pytest.mark.parametrize("year", [1970, 2020, 2099, 9999])
def test_a_producer_whose_clock_is_wrong_loses_nothing(year: int, world: FakeWorld) -> None:
    assert outcome(world, transaction(timestamp=f"{year}-06-01T00:00:00Z")) == ["stored"]
