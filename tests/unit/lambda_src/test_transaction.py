import json
from decimal import Decimal

import pytest

from lambda_src.transaction_processor.errors import RejectedError
from lambda_src.transaction_processor.transaction import Transaction, parse
from tests.unit.lambda_src.fakes import transaction

AMOUNT = "amount must be a finite number or a decimal string, with at most 38 digits"
CURRENCY = "currency must be three capital letters"
TIMESTAMP = "timestamp must be RFC 3339 with an offset, or integer epoch milliseconds"


def rejection(data: bytes) -> tuple[str, str]:
    with pytest.raises(RejectedError) as raised:
        parse(data)
    return raised.value.code, raised.value.reason


def with_amount(literal: str) -> bytes:
    """Return a transaction with this JSON literal as its amount."""
    return transaction(amount="here").replace(b'"here"', literal.encode())


def test_other_fields_are_in_extra() -> None:
    data = transaction(1, note="für Ada", lines=[1, {"deep": None}], extra="mine", status="theirs")

    parsed = parse(data)

    assert parsed == Transaction(
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
        pytest.param('"12.50"', "12.5", id="a string"),
        pytest.param("0.1", "0.1", id="a number that a float would round"),
        pytest.param("1" * 38, "1" * 38, id="38 digits"),
        pytest.param(f"-{'1' * 19}.{'1' * 19}", f"-{'1' * 19}.{'1' * 19}", id="38 digits on both sides of the point"),
        pytest.param(f"{'1' * 38}000", f"{'1' * 38}000", id="38 digits and trailing zeros"),
        pytest.param(f'"0.{"0" * 90}{"1" * 38}"', f"0.{'0' * 90}{'1' * 38}", id="38 digits and leading zeros"),
        pytest.param("1.5e3", "1500", id="an exponent"),
        pytest.param('"-1.5E-3"', "-0.0015", id="an exponent in a string"),
        pytest.param("9.9e125", "9.9e125", id="nearly the largest number of DynamoDB"),
        pytest.param("1e-130", "1e-130", id="the smallest number of DynamoDB"),
        pytest.param("-0", "0", id="minus zero"),
        pytest.param("0e999", "0", id="zero with an exponent"),
    ],
)
def test_amount_is_parsed_exactly(literal: str, amount: str) -> None:
    parsed = parse(with_amount(literal)).amount

    assert parsed == Decimal(amount)
    assert not (parsed == 0 and parsed.is_signed())


@pytest.mark.parametrize(
    "literal",
    [
        pytest.param("1" * 39, id="39 digits"),
        pytest.param(f'"{"1" * 39}"', id="39 digits in a string"),
        pytest.param(f"0.{'1' * 39}", id="39 digits after the point"),
        pytest.param("1e126", id="too large"),
        pytest.param("1e-131", id="too small"),
        pytest.param('"NaN"', id="NaN in a string"),
        pytest.param('"Infinity"', id="infinity in a string"),
        pytest.param('" 1"', id="a space"),
        pytest.param('"1_000"', id="an underscore"),
        pytest.param('"1,5"', id="a comma"),
        pytest.param('"+1"', id="a plus sign"),
        pytest.param('"01"', id="a leading zero"),
        pytest.param('".5"', id="a leading decimal point"),
        pytest.param('"١٢"', id="digits of another script"),
        pytest.param('"0x10"', id="hexadecimal"),
        pytest.param('""', id="an empty string"),
        pytest.param("true", id="a boolean"),
        pytest.param("null", id="null"),
        pytest.param("[1]", id="a list"),
    ],
)
def test_invalid_amount_is_rejected(literal: str) -> None:
    assert rejection(with_amount(literal)) == ("not-a-transaction", AMOUNT)


@pytest.mark.parametrize("literal", ["NaN", "Infinity", "-Infinity"])
def test_constant_outside_json_is_rejected(literal: str) -> None:
    assert rejection(with_amount(literal)) == ("not-json", f"{literal} is not a JSON value")


@pytest.mark.parametrize("literal", ["1e99999999999999999999", "-1e-99999999999999999999"])
def test_huge_exponent_is_rejected(literal: str) -> None:
    assert rejection(with_amount(literal)) == (
        "not-storable",
        "a number has more than 38 digits or is outside DynamoDB's range",
    )


def test_number_of_a_million_digits_is_rejected() -> None:
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
def test_id_may_have_1_to_128_characters_of_any_script(name: str, id_: str) -> None:
    parsed = parse(transaction(**{name: id_}))

    ids = {"transactionId": parsed.transaction_id, "customerId": parsed.customer_id}
    assert ids == {"transactionId": "tx-1", "customerId": "customer-1"} | {name: id_}


@pytest.mark.parametrize("name", ["transactionId", "customerId"])
@pytest.mark.parametrize("id_", ["", "x" * 129, 7, None, True, ["x"], {"x": 1}])
def test_invalid_id_is_rejected(name: str, id_: object) -> None:
    assert rejection(transaction(**{name: id_})) == (
        "not-a-transaction",
        f"{name} must be a string of 1 to 128 characters",
    )


@pytest.mark.parametrize("currency", ["eur", "EU", "EURO", "E1R", "ÄÖÜ", "EUR\n", "", None, 978, True])
def test_invalid_currency_is_rejected(currency: object) -> None:
    assert rejection(transaction(currency=currency)) == ("not-a-transaction", CURRENCY)


def test_invalid_timestamp_is_rejected() -> None:
    assert rejection(transaction(timestamp="yesterday")) == ("not-a-transaction", TIMESTAMP)


@pytest.mark.parametrize("name", ["transactionId", "customerId", "amount", "currency", "timestamp"])
def test_missing_field_is_rejected_with_its_name(name: str) -> None:
    fields = json.loads(transaction())
    del fields[name]

    assert rejection(json.dumps(fields).encode()) == ("not-a-transaction", f"the field {name} is missing")


@pytest.mark.parametrize(
    ("data", "error"),
    [
        pytest.param(b"", "Expecting value: line 1 column 1 (char 0)", id="no bytes"),
        pytest.param(
            b"{",
            "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)",
            id="an unclosed object",
        ),
        pytest.param(b"{}}", "Extra data: line 1 column 3 (char 2)", id="extra data"),
        pytest.param(
            b"\xef\xbb\xbf" + transaction(),
            "Unexpected UTF-8 BOM (decode using utf-8-sig): line 1 column 1 (char 0)",
            id="a byte order mark",
        ),
        pytest.param(
            b'{"a": "\x01"}', "Invalid control character at: line 1 column 8 (char 7)", id="a control character"
        ),
        pytest.param(b'{"a": 01}', "Expecting ',' delimiter: line 1 column 8 (char 7)", id="a leading zero"),
    ],
)
def test_invalid_json_is_rejected_with_the_error_of_the_parser(data: bytes, error: str) -> None:
    assert rejection(data) == ("not-json", f"the text is not JSON: {error}")


@pytest.mark.parametrize("data", [b"\xff\xfe{", transaction().decode().encode("utf-16")], ids=["bytes", "UTF-16"])
def test_other_encoding_is_rejected(data: bytes) -> None:
    assert rejection(data) == ("not-json", "the bytes are not UTF-8: byte 0 is invalid")


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b'{"a": 1, "a": 1}', id="a repeated field"),
        pytest.param(
            transaction(extra="X").replace(b'"X"', b'[{"a": 1, "\\u0061": 2}]'),
            id="a repeated field, nested and escaped",
        ),
    ],
)
def test_repeated_field_is_rejected(data: bytes) -> None:
    assert rejection(data) == ("not-json", "an object has the same field twice, so its value is ambiguous")


@pytest.mark.parametrize("data", [b"[]", b"1", b'"text"', b"null", b"true", b"[{}]"])
def test_json_value_other_than_an_object_is_rejected(data: bytes) -> None:
    assert rejection(data) == ("not-a-transaction", "the JSON value is not an object")


@pytest.mark.parametrize("opening", [b"[", b'{"a":'])
def test_values_nested_too_deeply_for_the_parser_are_rejected(opening: bytes) -> None:
    assert rejection(opening * 200_000) == ("not-storable", "its values are nested too deeply for the parser")
