import json
from hashlib import sha256

import pytest

from lambda_src.transaction_processor.attributes import item_size
from lambda_src.transaction_processor.errors import RejectedError
from lambda_src.transaction_processor.item import Item, ledger_item
from lambda_src.transaction_processor.transaction import parse
from tests.unit.lambda_src.fakes import transaction


def item_of(data: bytes, sequence_number: str = "7") -> Item:
    return ledger_item(parse(data), sequence_number=sequence_number, processed_at=1_790_000_000_000)


def digest_of(data: bytes) -> str:
    return item_of(data)["digest"]["S"]


@pytest.mark.parametrize(
    "spelled",
    [
        pytest.param(json.dumps(json.loads(transaction()), indent=4).encode(), id="white space"),
        pytest.param(json.dumps(dict(reversed(json.loads(transaction()).items()))).encode(), id="the order of fields"),
        pytest.param(transaction().replace(b"EUR", b"\\u0045UR"), id="an escape"),
        pytest.param(transaction(amount=12.5), id="an amount as a number"),
        pytest.param(transaction(amount="12.500"), id="trailing zeros of an amount"),
        pytest.param(transaction(amount="1250e-2"), id="an exponent"),
        pytest.param(transaction(timestamp="2026-11-23T16:00:00Z"), id="the offset of a timestamp"),
        pytest.param(transaction(timestamp=1_795_449_600_000), id="a timestamp as a number"),
    ],
)
def test_spelling_does_not_change_the_digest(spelled: bytes) -> None:
    assert digest_of(spelled) == digest_of(transaction())


def test_spelling_of_a_number_in_extra_does_not_change_the_digest() -> None:
    assert digest_of(transaction(rate=[1.50])) == digest_of(transaction(rate=[15e-1]))


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(transaction(2), id="the id"),
        pytest.param(transaction(customerId="customer-2"), id="the customer"),
        pytest.param(transaction(amount="12.51"), id="the amount"),
        pytest.param(transaction(amount="-12.50"), id="the sign"),
        pytest.param(transaction(currency="USD"), id="the currency"),
        pytest.param(transaction(timestamp=1_795_449_600_001), id="a millisecond"),
        pytest.param(transaction(note=""), id="an additional field"),
        pytest.param(transaction(note=None), id="an additional null"),
    ],
)
def test_any_other_difference_changes_the_digest(other: bytes) -> None:
    assert digest_of(other) != digest_of(transaction())


@pytest.mark.parametrize(
    ("one", "other"),
    [("1", 1), (True, "true"), (None, "null"), ([], {}), ([1, 2], [2, 1]), ({"a": {}}, {"a": []}), ("é", "e\u0301")],
    ids=repr,
)
def test_similar_values_in_extra_have_different_digests(one: object, other: object) -> None:
    assert digest_of(transaction(note=one)) != digest_of(transaction(note=other))


def test_sequence_number_does_not_change_the_digest() -> None:
    assert item_of(transaction(), "7")["digest"] == item_of(transaction(), "8")["digest"]


def test_digest_is_the_documented_hash_of_the_item() -> None:
    """A reader of the ledger can compute the digest as docs/transactions.md describes it."""
    item = item_of(transaction(note="für Ada"))

    names = ("amount", "currency", "customerId", "extra", "timestamp", "transactionId")
    canonical = json.dumps({name: item[name] for name in names}, separators=(",", ":"))

    assert item["digest"] == {"S": sha256(canonical.encode()).hexdigest()}


def test_extra_is_one_of_the_32_levels() -> None:
    note: object = "core"
    for _ in range(31):
        note = [note]

    assert item_of(transaction(note=note))
    with pytest.raises(RejectedError):
        item_of(transaction(note=[note]))


def test_item_has_at_most_400_kib() -> None:
    largest = "x" * (409_600 - item_size(item_of(transaction(note=""))))

    assert item_of(transaction(note=largest))
    with pytest.raises(RejectedError) as raised:
        item_of(transaction(note=largest + "x"))

    assert (raised.value.code, raised.value.reason) == (
        "not-storable",
        "its item has 409601 bytes, and DynamoDB allows 409600",
    )
