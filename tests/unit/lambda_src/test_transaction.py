import json
from decimal import Decimal

import pytest

from lambda_src.transaction_processor.errors import RejectedError
from lambda_src.transaction_processor.transaction import Transaction, parse
from tests.unit.lambda_src.fakes import transaction

AMOUNT = "amount must be a finite number, or a text that is one, of at most 38 digits"
CURRENCY = "currency must be three capital letters"
TIMESTAMP = "timestamp must be RFC 3339 with an offset, or integer epoch milliseconds"


def rejection(data: bytes) -> tuple[str, str]:
    with pytest.raises(RejectedError) as raised:
        parse(data)
    return raised.value.code, raised.value.reason


def with_amount(literal: str) -> bytes:
    """Return a transaction whose amount is written exactly so."""
    return transaction(amount="here").replace(b'"here"', literal.encode())


def test_a_transaction_is_its_five_fields_and_everything_else() -> None:
    data = transaction(1, note="für Ada", lines=[1, {"deep": None}], extra="mine", status="theirs")

    assert parse(data) == Transaction(
        transaction_id="tx-1",
        customer_id="customer-1",
        amount=Decimal("12.5"),
        currency="EUR",
        timestamp=1_795_449_600_000,
        extra={"note": "für Ada", "lines": [Decimal(1), {"deep": None}], "extra": "mine", "status": "theirs"},
    )


@pytest.mark.parametrize(
    ("literal", "amount"),
    [
        pytest.param("12.50", "12.5", id="a number"),
        pytest.param('"12.50"', "12.5", id="a text"),
        pytest.param("0.1", "0.1", id="what no float can hold"),
        pytest.param("1" * 38, "1" * 38, id="38 digits"),
        pytest.param(f"-{'1' * 19}.{'1' * 19}", f"-{'1' * 19}.{'1' * 19}", id="38 digits around the point"),
        pytest.param(f"{'1' * 38}000", f"{'1' * 38}000", id="38 digits and zeros after them"),
        pytest.param(f'"0.{"0" * 90}{"1" * 38}"', f"0.{'0' * 90}{'1' * 38}", id="38 digits and zeros before them"),
        pytest.param("1.5e3", "1500", id="an exponent"),
        pytest.param('"-1.5E-3"', "-0.0015", id="an exponent in a text"),
        pytest.param("9.9e125", "9.9e125", id="nearly the largest that DynamoDB keeps"),
        pytest.param("1e-130", "1e-130", id="the smallest that DynamoDB keeps"),
        pytest.param("-0", "0", id="minus zero"),
        pytest.param("0e999", "0", id="zero with an exponent"),
    ],
)
def test_an_amount_is_kept_exactly(literal: str, amount: str) -> None:
    parsed = parse(with_amount(literal)).amount

    assert parsed == Decimal(amount)
    assert not (parsed == 0 and parsed.is_signed())


@pytest.mark.parametrize(
    "literal",
    [
        pytest.param("1" * 39, id="39 digits"),
        pytest.param(f'"{"1" * 39}"', id="39 digits in a text"),
        pytest.param(f"0.{'1' * 39}", id="39 digits after the point"),
        pytest.param("1e126", id="too large"),
        pytest.param("1e-131", id="too small"),
        pytest.param('"NaN"', id="NaN in a text"),
        pytest.param('"Infinity"', id="infinity in a text"),
        pytest.param('" 1"', id="a space"),
        pytest.param('"1_000"', id="an underscore"),
        pytest.param('"1,5"', id="a comma"),
        pytest.param('"+1"', id="a plus"),
        pytest.param('"01"', id="a zero in front"),
        pytest.param('".5"', id="nothing before the point"),
        pytest.param('"١٢"', id="digits of another script"),
        pytest.param('"0x10"', id="hexadecimal"),
        pytest.param('""', id="an empty text"),
        pytest.param("true", id="a boolean"),
        pytest.param("null", id="null"),
        pytest.param("[1]", id="a list"),
    ],
)
def test_anything_else_is_no_amount(literal: str) -> None:
    assert rejection(with_amount(literal)) == ("not-a-transaction", AMOUNT)


@pytest.mark.parametrize("literal", ["NaN", "Infinity", "-Infinity"])
def test_what_json_does_not_know_is_no_json(literal: str) -> None:
    assert rejection(with_amount(literal)) == ("not-json", f"{literal} is no JSON value")


@pytest.mark.parametrize("literal", ["1e99999999999999999999", "-1e-99999999999999999999"])
def test_an_exponent_beyond_all_measure_cannot_be_stored(literal: str) -> None:
    assert rejection(with_amount(literal)) == (
        "not-storable",
        "a number has more than 38 digits or is out of DynamoDB's range",
    )


def test_a_number_of_a_million_digits_is_rejected_and_not_computed() -> None:
    assert rejection(with_amount("9" * 1_000_000)) == ("not-a-transaction", AMOUNT)


@pytest.mark.parametrize("name", ["transactionId", "customerId"])
@pytest.mark.parametrize(
    "id_",
    [
        pytest.param("x", id="one character"),
        pytest.param(" ", id="a space"),
        pytest.param("交易-№7-🧾", id="many scripts"),
        pytest.param("é", id="a composed letter"),
        pytest.param("🧾" * 128, id="128 characters of four bytes"),
    ],
)
def test_an_id_is_any_text_of_1_to_128_characters(name: str, id_: str) -> None:
    parsed = parse(transaction(**{name: id_}))

    assert id_ in {parsed.transaction_id, parsed.customer_id}


@pytest.mark.parametrize("name", ["transactionId", "customerId"])
@pytest.mark.parametrize("id_", ["", "x" * 129, 7, None, True, ["x"], {"x": 1}])
def test_anything_else_is_no_id(name: str, id_: object) -> None:
    assert rejection(transaction(**{name: id_})) == (
        "not-a-transaction",
        f"{name} must be a text of 1 to 128 characters",
    )


@pytest.mark.parametrize("currency", ["eur", "EU", "EURO", "E1R", "ÄÖÜ", "EUR\n", "", None, 978, True])
def test_anything_but_three_capital_letters_is_no_currency(currency: object) -> None:
    assert rejection(transaction(currency=currency)) == ("not-a-transaction", CURRENCY)


def test_anything_but_a_moment_is_no_timestamp() -> None:
    assert rejection(transaction(timestamp="yesterday")) == ("not-a-transaction", TIMESTAMP)


@pytest.mark.parametrize("name", ["transactionId", "customerId", "amount", "currency", "timestamp"])
def test_a_field_that_is_missing_is_named(name: str) -> None:
    fields = json.loads(transaction())
    del fields[name]

    assert rejection(json.dumps(fields).encode()) == ("not-a-transaction", f"it has no {name}")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(b"", "the text is not JSON: Expecting value: line 1 column 1 (char 0)", id="nothing"),
        pytest.param(b"{", "the text is not JSON: Expecting property name enclosed in double quotes", id="a beginning"),
        pytest.param(transaction() + b"}", "the text is not JSON: Extra data", id="too much"),
        pytest.param(b"\xff\xfe{", "the bytes are not UTF-8 from byte 0 on", id="another encoding"),
        pytest.param(transaction().decode().encode("utf-16"), "the bytes are not UTF-8 from byte 0 on", id="UTF-16"),
        pytest.param(
            b"\xef\xbb\xbf" + transaction(), "the text is not JSON: Unexpected UTF-8 BOM", id="a byte order mark"
        ),
        pytest.param(b'{"a": "\x01"}', "the text is not JSON: Invalid control character", id="a control character"),
        pytest.param(b'{"a": 01}', "the text is not JSON: Expecting ',' delimiter", id="a zero in front"),
        pytest.param(
            b'{"a": 1, "a": 1}', "an object names a field twice, so its value is ambiguous", id="a field twice"
        ),
        pytest.param(
            transaction(extra="X").replace(b'"X"', b'[{"a": 1, "\\u0061": 2}]'),
            "an object names a field twice, so its value is ambiguous",
            id="a field twice, deep inside and escaped",
        ),
    ],
)
def test_what_cannot_be_read_as_json_is_told_from_what_is_no_transaction(data: bytes, reason: str) -> None:
    code, said = rejection(data)

    assert code == "not-json"
    assert said.startswith(reason)


@pytest.mark.parametrize("data", [b"[]", b"1", b'"text"', b"null", b"true", b"[{}]"])
def test_json_that_is_no_object_is_no_transaction(data: bytes) -> None:
    assert rejection(data) == ("not-a-transaction", "the JSON is no object")


@pytest.mark.parametrize("opening", [b"[", b'{"a":'])
def test_values_nested_too_deep_to_be_read_are_rejected_and_do_not_crash(opening: bytes) -> None:
    assert rejection(opening * 200_000) == ("not-storable", "its values are nested too deep to be read")
