"""Conversion of JSON values to DynamoDB attribute values, within DynamoDB's limits.

A value that DynamoDB would refuse is rejected here, because one refused statement fails a call of up to 25 records.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from .errors import RejectedError
from .numbers import canonical

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

type Json = str | Decimal | bool | list[Json] | dict[str, Json] | None
type Attribute = AttributeValueTypeDef

_MAX_LEVELS = 32
# DynamoDB documents 64 KB. DynamoDB Local refuses longer names, so this limit holds on both.
_MAX_NAME_BYTES = 50_000
MAX_ITEM_BYTES = 400 * 1024


def attribute(value: Json, *, level: int = 1) -> Attribute:
    """Return the value in DynamoDB's typed form; `level` is its nesting level, 1 for the outermost container.

    Raises:
        RejectedError: DynamoDB cannot store the value unchanged.
    """
    match value:
        case str():
            _utf8_length(value)
            return {"S": value}
        case Decimal():
            return {"N": _number(value)}
        case None:
            return {"NULL": True}
        case bool():
            return {"BOOL": value}
        case _ if level > _MAX_LEVELS:
            raise RejectedError("not-storable", f"its values are nested more than {_MAX_LEVELS} levels deep")
        case list():
            return {"L": [attribute(element, level=level + 1) for element in value]}
        case dict():
            return {"M": {_name(name): attribute(element, level=level + 1) for name, element in value.items()}}


def item_size(item: Mapping[str, Attribute]) -> int:
    """Return the size of an item in bytes, as DynamoDB measures it.

    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
    """
    return sum(_utf8_length(name) + _size(value) for name, value in item.items())


def _size(value: Attribute) -> int:
    match value:
        case {"S": text}:
            return _utf8_length(text)
        case {"N": number}:
            # One byte for each two digits, one extra byte, and one for the sign.
            return (len(number) + 1) // 2 + 2
        case {"L": elements}:
            return 3 + sum(1 + _size(element) for element in elements)
        case {"M": fields}:
            return 3 + sum(1 + _utf8_length(name) + _size(field) for name, field in fields.items())
        case _:
            return 1


def _number(value: Decimal) -> str:
    number = canonical(value)
    if number is None:
        raise RejectedError("not-storable", "a number has more than 38 digits or is outside DynamoDB's range")
    return str(number)


def _name(name: str) -> str:
    if not 0 < _utf8_length(name) <= _MAX_NAME_BYTES:
        raise RejectedError("not-storable", f"a field name is empty or longer than {_MAX_NAME_BYTES} bytes")
    return name


def _utf8_length(text: str) -> int:
    try:
        return len(text.encode())
    except UnicodeEncodeError:
        raise RejectedError("not-storable", "a string has an unpaired surrogate, which UTF-8 cannot encode") from None
