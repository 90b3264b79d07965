"""The transaction: parsed from the bytes of a record and validated, without floating-point numbers."""

import json
import re
from collections.abc import Mapping
from decimal import Decimal, DecimalException
from typing import NamedTuple, Never

from .attributes import Json
from .errors import RejectedError
from .numbers import canonical
from .timestamps import epoch_milliseconds

_MAX_ID_LENGTH = 128
_CURRENCY = re.compile(r"[A-Z]{3}")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")


class Transaction(NamedTuple):
    """A valid transaction; `timestamp` is in epoch milliseconds, and `extra` has all other fields unchanged."""

    transaction_id: str
    customer_id: str
    amount: Decimal
    currency: str
    timestamp: int
    extra: Mapping[str, Json]


def parse(data: bytes) -> Transaction:
    """Return the transaction in the bytes of a record.

    Raises:
        RejectedError: The bytes are not JSON, or the JSON is not a transaction.
    """
    fields = _json_object(data)
    try:
        return Transaction(
            transaction_id=_identifier(fields, "transactionId"),
            customer_id=_identifier(fields, "customerId"),
            amount=_amount(fields.pop("amount")),
            currency=_currency(fields.pop("currency")),
            timestamp=_timestamp(fields.pop("timestamp")),
            extra=fields,
        )
    except KeyError as missing:
        raise RejectedError("not-a-transaction", f"the field {missing.args[0]} is missing") from None


def _json_object(data: bytes) -> dict[str, Json]:
    try:
        value = json.loads(
            data.decode(),
            parse_float=_decimal,
            parse_int=_decimal,
            parse_constant=_reject_constant,
            object_pairs_hook=_unique_fields,
        )
    except UnicodeDecodeError as error:
        raise RejectedError("not-json", f"the bytes are not UTF-8: byte {error.start} is invalid") from None
    except json.JSONDecodeError as error:
        raise RejectedError("not-json", f"the text is not JSON: {error}") from None
    except RecursionError:
        raise RejectedError("not-storable", "its values are nested too deeply for the parser") from None
    if not isinstance(value, dict):
        raise RejectedError("not-a-transaction", "the JSON value is not an object")
    return value


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except DecimalException:
        raise RejectedError("not-storable", "a number has more than 38 digits or is outside DynamoDB's range") from None


def _reject_constant(text: str) -> Never:
    raise RejectedError("not-json", f"{text} is not a JSON value")


def _unique_fields(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise RejectedError("not-json", "an object has the same field twice, so its value is ambiguous")
    return fields


def _identifier(fields: dict[str, Json], name: str) -> str:
    value = fields.pop(name)
    if isinstance(value, str) and 1 <= len(value) <= _MAX_ID_LENGTH:
        return value
    raise RejectedError("not-a-transaction", f"{name} must be a string of 1 to {_MAX_ID_LENGTH} characters")


def _amount(value: Json) -> Decimal:
    number = _decimal(value) if isinstance(value, str) and _NUMBER.fullmatch(value) else value
    amount = canonical(number) if isinstance(number, Decimal) else None
    if amount is None:
        raise RejectedError(
            "not-a-transaction", "amount must be a finite number or a decimal string, with at most 38 digits"
        )
    return amount


def _currency(value: Json) -> str:
    if isinstance(value, str) and _CURRENCY.fullmatch(value):
        return value
    raise RejectedError("not-a-transaction", "currency must be three capital letters")


def _timestamp(value: Json) -> int:
    milliseconds = epoch_milliseconds(value)
    if milliseconds is None:
        raise RejectedError(
            "not-a-transaction", "timestamp must be RFC 3339 with an offset, or integer epoch milliseconds"
        )
    return milliseconds
