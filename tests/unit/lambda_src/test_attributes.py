from decimal import Decimal
from functools import reduce
from typing import TYPE_CHECKING

import pytest

from lambda_src.transaction_processor.attributes import Json, attribute, item_size
from lambda_src.transaction_processor.errors import RejectedError

if TYPE_CHECKING:
    from lambda_src.transaction_processor.item import Item


def rejection(value: Json) -> tuple[str, str]:
    with pytest.raises(RejectedError) as raised:
        attribute(value)
    return raised.value.code, raised.value.reason


def nested(levels: int) -> Json:
    """Return a value in that many containers, alternately lists and objects."""
    start: Json = "core"
    return reduce(lambda inner, n: [inner] if n % 2 else {"k": inner}, range(levels), start)


@pytest.mark.parametrize(
    ("value", "typed"),
    [
        pytest.param("für Ada", {"S": "für Ada"}, id="a string"),
        pytest.param("", {"S": ""}, id="an empty string"),
        pytest.param("\0", {"S": "\0"}, id="a zero byte"),
        pytest.param(Decimal("1.50"), {"N": "1.5"}, id="a number"),
        pytest.param(Decimal(1000), {"N": "1E+3"}, id="a round number"),
        pytest.param(True, {"BOOL": True}, id="a boolean"),
        pytest.param(None, {"NULL": True}, id="null"),
        pytest.param([], {"L": []}, id="an empty list"),
        pytest.param({}, {"M": {}}, id="an empty object"),
        pytest.param(["a", [None]], {"L": [{"S": "a"}, {"L": [{"NULL": True}]}]}, id="lists"),
        pytest.param({"a": {"b": False}}, {"M": {"a": {"M": {"b": {"BOOL": False}}}}}, id="objects"),
    ],
)
def test_json_value_has_equal_dynamodb_value(value: Json, typed: object) -> None:
    assert attribute(value) == typed


def test_values_may_be_nested_32_levels_deep() -> None:
    assert attribute(nested(32))
    assert rejection(nested(33)) == ("not-storable", "its values are nested more than 32 levels deep")


@pytest.mark.parametrize("number", [Decimal("1" * 39), Decimal("1e126"), Decimal("-1e-131"), Decimal("1e999999")])
def test_number_that_dynamodb_would_round_is_rejected(number: Decimal) -> None:
    assert rejection([number]) == ("not-storable", "a number has more than 38 digits or is outside DynamoDB's range")


@pytest.mark.parametrize("value", ["\ud800", ["\udfff"], {"\ud800": "x"}], ids=["a string", "an element", "a name"])
def test_unpaired_surrogate_is_rejected(value: Json) -> None:
    assert rejection(value) == ("not-storable", "a string has an unpaired surrogate, which UTF-8 cannot encode")


@pytest.mark.parametrize("name", ["", "é" * 25_001], ids=["empty", "50,002 bytes"])
def test_field_name_of_invalid_length_is_rejected(name: str) -> None:
    assert rejection({"fine": {name: "x"}}) == ("not-storable", "a field name is empty or longer than 50000 bytes")


@pytest.mark.parametrize(
    ("item", "size"),
    [
        pytest.param({}, 0, id="an empty item"),
        pytest.param({"é": {"S": "é"}}, 4, id="bytes, not characters"),
        pytest.param({"n": {"N": "12345"}}, 1 + 5, id="a byte for two digits, one more, and one for the sign"),
        pytest.param({"a": {"BOOL": True}, "b": {"NULL": True}}, 4, id="a byte for a boolean or null"),
        pytest.param({"l": {"L": [{"S": "x"}, {"L": []}]}}, 1 + 3 + (1 + 1) + (1 + 3), id="lists"),
        pytest.param({"m": {"M": {"k": {"S": "x"}}}}, 1 + 3 + (1 + 1 + 1), id="objects"),
    ],
)
def test_item_size_follows_the_rules_of_dynamodb(item: "Item", size: int) -> None:
    assert item_size(item) == size
