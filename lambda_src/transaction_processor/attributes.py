"""JSON values as DynamoDB attribute values, with DynamoDB's limits.

What DynamoDB would refuse is found here, because a refused statement costs the whole call of up to 25 records.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from .errors import RejectedError
from .numbers import canonical

type Json = str | Decimal | bool | list[Json] | dict[str, Json] | None
type Attribute = dict[str, Any]

_DEEPEST = 32
# DynamoDB's documentation says 64 KB, DynamoDB Local stops here: nothing is taken that only one of them stores.
_LONGEST_NAME = 50_000
LARGEST_ITEM = 400 * 1024


def attribute(value: Json, *, level: int = 1) -> Attribute:
    """Return the value in DynamoDB's typed form; `level` is how many containers hold it, itself included.

    Raises:
        RejectedError: DynamoDB cannot keep the value unchanged.
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
        case _ if level > _DEEPEST:
            raise RejectedError("not-storable", f"its values are nested more than {_DEEPEST} levels deep")
        case list():
            return {"L": [attribute(element, level=level + 1) for element in value]}
        case dict():
            return {"M": {_name(name): attribute(element, level=level + 1) for name, element in value.items()}}


def item_size(item: Mapping[str, Attribute]) -> int:
    """Return the size in bytes by which DynamoDB measures an item.

    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
    """
    return sum(_utf8_length(name) + _size(value) for name, value in item.items())


def _size(value: Attribute) -> int:
    match value:
        case {"S": text}:
            return _utf8_length(text)
        case {"N": number}:
            # A byte for two digits, one more, and one for the sign.
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
        raise RejectedError("not-storable", "a number has more than 38 digits or is out of DynamoDB's range")
    return str(number)


def _name(name: str) -> str:
    if not 0 < _utf8_length(name) <= _LONGEST_NAME:
        raise RejectedError("not-storable", f"a field's name is empty or longer than {_LONGEST_NAME} bytes")
    return name


def _utf8_length(text: str) -> int:
    try:
        return len(text.encode())
    except UnicodeEncodeError:
        raise RejectedError("not-storable", "a text holds half of a surrogate pair, which is no character") from None
