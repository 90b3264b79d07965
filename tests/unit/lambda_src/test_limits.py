"""Records at the limits of Kinesis, Lambda and DynamoDB."""

import json
import time
from collections.abc import Sequence

import pytest

from tests.unit.lambda_src.fakes import FunctionUnderTest, kinesis_entry, transaction

MEGABYTE = 1024 * 1024


def outcome(function: FunctionUnderTest, data: bytes) -> Sequence[str]:
    """Invoke the function with one record, and return its outcome from the metrics."""
    assert function.invoke([kinesis_entry(1, data)]) == []
    return list(function.counts.elements())


def test_record_of_a_megabyte_is_quarantined_whole(function: FunctionUnderTest) -> None:
    data = transaction(note="x" * (MEGABYTE - len(transaction(note=""))))
    entry = kinesis_entry(1, data)

    failed = function.invoke([entry])

    (kept,) = [json.loads(body) for body in function.s3.objects.values()]
    assert (len(data), failed, function.counts) == (MEGABYTE, [], {"rejected": 1})
    assert kept["record"] == entry
    assert kept["code"] == "not-storable"


def test_record_of_nearly_400_kib_is_stored(function: FunctionUnderTest) -> None:
    assert outcome(function, transaction(note="x" * 409_000)) == ["stored"]


@pytest.mark.parametrize(
    "amount", ["9" * 38, "-" + "9" * 38, f"0.{'1' * 38}", "1E-130", f"9.{'9' * 37}E+125"], ids=lambda text: text[:12]
)
def test_all_38_digits_are_stored(amount: str, function: FunctionUnderTest) -> None:
    assert outcome(function, transaction(amount=amount)) == ["stored"]
    assert function.dynamodb.items["tx-1"]["amount"] == {"N": amount}


@pytest.mark.parametrize("id_", ["交易-1", "🧾" * 128, "é", "e\u0301", "\0", "a\nb"])
def test_id_of_any_script_is_stored_unchanged(id_: str, function: FunctionUnderTest) -> None:
    assert outcome(function, transaction(transactionId=id_)) == ["stored"]
    assert list(function.dynamodb.items) == [id_]


def test_longest_ids_fit_into_the_keys_of_table_and_index(function: FunctionUnderTest) -> None:
    longest = "🧾" * 128

    outcome(function, transaction(transactionId=longest, customerId=longest))

    item = function.dynamodb.items[longest]
    assert len(item["transactionId"]["S"].encode()) <= 2048
    assert len(item["customerId"]["S"].encode()) <= 1024


def test_amount_with_an_exponent_is_stored_with_its_value(function: FunctionUnderTest) -> None:
    assert outcome(function, transaction(amount="1.5e3")) == ["stored"]
    assert function.dynamodb.items["tx-1"]["amount"] == {"N": "1.5E+3"}


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(transaction(amount=float("nan")), id="NaN"),
        pytest.param(transaction(amount=float("inf")), id="infinity"),
        pytest.param(transaction().replace(b"{", b'{"amount": 1, ', 1), id="a repeated field"),
        pytest.param(transaction(deep=0).replace(b": 0", b": " + b"[" * 33 + b"]" * 33), id="33 levels"),
        pytest.param(transaction(deep=0).replace(b": 0", b": " + b"[" * 400_000), id="400,000 unclosed lists"),
        pytest.param(transaction(n=0).replace(b": 0", b": " + b"1" * 900_000), id="a number of 900,000 digits"),
        pytest.param(transaction(note="\ud800"), id="an unpaired surrogate"),
    ],
)
def test_rejected_record_does_not_block_the_shard(data: bytes, function: FunctionUnderTest) -> None:
    start = time.process_time()

    failed = function.invoke([kinesis_entry(1, data), kinesis_entry(2, transaction(2))])

    assert failed == []
    assert function.counts == {"stored": 1, "rejected": 1}
    assert time.process_time() - start < 2


@pytest.mark.parametrize("year", [1970, 2020, 2099, 9999])
def test_timestamp_of_a_wrong_clock_is_stored(year: int, function: FunctionUnderTest) -> None:
    assert outcome(function, transaction(timestamp=f"{year}-06-01T00:00:00Z")) == ["stored"]
