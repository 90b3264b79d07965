"""Generates varied transactions for demos and tests, reproducibly from a seed."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from random import Random

from operations.errors import ImpossibleMixError
from operations.outgoing import Outcome, Outgoing

type _Fields = dict[str, object]

_CURRENCIES = ("EUR", "USD", "GBP", "JPY", "CHF", "SEK", "INR", "KWD", "BRL", "XAU")
_NOTES = ("Grüße aus Köln", "支払い", "café ☕", "оплата", "rent", "", "line one\nline two", "🧾 receipt")
_FIRST_MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
_RECORDS_PER_CUSTOMER = 5


def generate(count: int, *, broken: int, repeats: int, seed: int) -> Sequence[Outgoing]:
    """Return `count` records in random order; among them are `broken` records and `repeats` of valid ones.

    A repeat follows its original and has the same partition key. Every second repeat has other JSON for the same
    transaction.

    Raises:
        ImpossibleMixError: The numbers do not add up.
    """
    if min(broken, repeats) < 0 or count <= broken + repeats:
        raise ImpossibleMixError(count=count, broken=broken, repeats=repeats)
    random = Random(seed)  # noqa: S311 - variety, not secrecy
    customers = [f"customer-{random.getrandbits(32):08x}" for _ in range(1 + count // _RECORDS_PER_CUSTOMER)]
    originals = [_fields(random, customers) for _ in range(count - broken - repeats)]
    records = [_valid(fields) for fields in originals]
    for index in range(broken):
        records.insert(random.randrange(len(records) + 1), _broken(index, _fields(random, customers)))
    for index in range(repeats):
        original = random.choice(originals)
        first = next(i for i, record in enumerate(records) if record.transaction_id == original["transactionId"])
        records.insert(random.randrange(first + 1, len(records) + 1), _repeat(index, original))
    return records


def _fields(random: Random, customers: Sequence[str]) -> _Fields:
    moment = _FIRST_MOMENT + timedelta(milliseconds=random.randrange(300 * 24 * 3600 * 1000))
    offset = timezone(timedelta(minutes=15 * random.randrange(-48, 57)))
    fields: _Fields = {
        "transactionId": f"tx-{random.getrandbits(96):024x}",
        "customerId": random.choice(customers),
        "amount": _amount(random),
        "currency": random.choice(_CURRENCIES),
        "timestamp": random.choice(
            [moment.astimezone(offset).isoformat(timespec="milliseconds"), int(moment.timestamp() * 1000)]
        ),
    }
    further: _Fields = {
        "note": random.choice(_NOTES),
        "terminal": {"id": random.randrange(10_000), "contactless": random.choice([True, False, None])},
        "lines": [{"sku": f"sku-{n}", "quantity": n} for n in range(random.randrange(5))],
    }
    return fields | dict(random.sample(sorted(further.items()), random.randrange(len(further) + 1)))


def _amount(random: Random) -> str:
    length = random.choice([1, 3, 5, 8, 18, 38])
    digits = str(random.randrange(10 ** (length - 1), 10**length))
    whole = random.randrange(1, length + 1)
    sign = random.choice(["", "", "", "-"])
    return f"{sign}{digits[:whole]}.{digits[whole:]}" if whole < length else f"{sign}{digits}"


def _valid(fields: _Fields) -> Outgoing:
    return _outgoing(fields, _with_amount_as_number(fields), "stored")


def _repeat(index: int, fields: _Fields) -> Outgoing:
    """Return a repeat; every second one has its fields in another order and its amount as text."""
    if index % 2 == 0:
        return _outgoing(fields, _with_amount_as_number(fields), "duplicate")
    return _outgoing(fields, json.dumps(dict(reversed(fields.items())), indent=1).encode(), "duplicate")


def _broken(index: int, fields: _Fields) -> Outgoing:
    data = _FAULTS[index % len(_FAULTS)](fields)
    return _outgoing(fields, data, "rejected")


def _outgoing(fields: Mapping[str, object], data: bytes, expected: Outcome) -> Outgoing:
    return Outgoing(
        transaction_id=str(fields["transactionId"]),
        data=data,
        partition_key=str(fields["customerId"]),
        expected=expected,
    )


def _with_amount_as_number(fields: _Fields) -> bytes:
    # The json module writes a Decimal as a float only, which would lose digits.
    return _json(fields).replace(f'"amount": "{fields["amount"]}"', f'"amount": {fields["amount"]}').encode()


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _without(name: str) -> Callable[[_Fields], bytes]:
    return lambda fields: _json({key: value for key, value in fields.items() if key != name}).encode()


def _with(**changes: object) -> Callable[[_Fields], bytes]:
    return lambda fields: _json(fields | changes).encode()


_FAULTS: Sequence[Callable[[_Fields], bytes]] = (
    lambda fields: _json(fields).encode()[:-9],
    _without("amount"),
    _with(amount=float("nan")),
    _with(currency="euro"),
    _with(timestamp="2026-02-30T12:00:00Z"),
    lambda fields: _json(fields).encode("utf-16"),
    _with(amount="1" + "0" * 37 + ".5"),
    lambda fields: _json([fields]).encode(),
    _with(customerId=""),
    lambda fields: _json(fields).replace("{", '{"amount": 1, ', 1).encode(),
    lambda fields: json.dumps(fields | {"note": "\udc80"}).encode(),
    _with(amount=True),
)
"""Ways to break a record, each against another rule for transactions."""
