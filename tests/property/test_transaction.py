"""The parser of transactions, for random bytes, amounts and timestamps."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from lambda_src.transaction_processor.errors import RejectedError
from lambda_src.transaction_processor.timestamps import epoch_milliseconds
from lambda_src.transaction_processor.transaction import Transaction, parse
from tests.unit.lambda_src.fakes import transaction

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@settings(deadline=None)
@given(data=st.binary(max_size=200))
def test_random_bytes_are_a_transaction_or_rejected(data: bytes) -> None:
    with suppress(RejectedError):
        assert isinstance(parse(data), Transaction)


@settings(deadline=None)
@given(number=st.decimals(allow_nan=False, allow_infinity=False, places=10, min_value=-(10**27), max_value=10**27))
def test_amount_has_the_same_value_as_number_and_as_string(number: Decimal) -> None:
    as_number = parse(transaction(amount="here").replace(b'"here"', f"{number:f}".encode())).amount
    as_string = parse(transaction(amount=f"{number:f}")).amount

    assert as_number == as_string == number


@settings(deadline=None)
@given(
    milliseconds=st.integers(-62_000_000_000_000, 253_000_000_000_000),
    offset=st.integers(-23 * 60 - 59, 23 * 60 + 59),
)
def test_offset_does_not_change_the_timestamp(milliseconds: int, offset: int) -> None:
    moment = EPOCH + milliseconds * timedelta(milliseconds=1)
    text = moment.astimezone(timezone(timedelta(minutes=offset))).isoformat()

    parsed = epoch_milliseconds(text)

    assert parsed == milliseconds
