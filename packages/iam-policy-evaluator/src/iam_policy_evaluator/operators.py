"""Comparison operators of conditions.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any

from iam_policy_evaluator.matching import Matcher, any_arn, any_text, unescaped

_EPOCH_SECONDS = re.compile(r"-?\d+(\.\d+)?")
_YEAR_AND_MONTH = re.compile(r"\d{4}-\d{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Compares the values of the policy with one value of the request.

    Attributes:
        any_of: Takes the policy's values and builds the matcher of a request's value that equals one of them.
        is_valid: Returns whether a value of the policy has the operator's type.
        has_variables: Whether the policy's values may have policy variables.
        negated: Whether the condition holds if no value matches.
    """

    any_of: Callable[[tuple[str, ...]], Matcher]
    is_valid: Callable[[str], bool] = lambda _: True
    has_variables: bool = False
    negated: bool = False


def _typed(
    of_policy: Callable[[str], object], of_request: Callable[[str], object], compare: Callable[[Any, Any], bool]
) -> Comparison:
    """Build a comparison of typed values from readers that return None for a text of another type.

    `compare` takes the request's value first. A request's value of another type does not match.
    """

    def any_of(wanted: tuple[str, ...]) -> Matcher:
        values = [of_policy(text) for text in wanted]

        def matches(text: str) -> bool:
            found = of_request(text)
            return found is not None and any(compare(found, value) for value in values)

        return matches

    return Comparison(any_of=any_of, is_valid=lambda text: of_policy(text) is not None)


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _seconds(text: str) -> float | None:
    """Return the time of an ISO 8601 date or of epoch seconds."""
    if _EPOCH_SECONDS.fullmatch(text):
        return float(text)
    try:
        moment = datetime.fromisoformat(f"{text}-01" if _YEAR_AND_MONTH.fullmatch(text) else text)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _boolean(text: str) -> bool | None:
    return {"true": True, "false": False}.get(text.lower())


def _network(text: str) -> IPv4Network | IPv6Network | None:
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None


def _address(text: str) -> str | None:
    try:
        return str(ip_address(text))
    except ValueError:
        return None


def _is_in(address: str, network: IPv4Network | IPv6Network) -> bool:
    return ip_address(address) in network


def _ordered(prefix: str, read: Callable[[str], Decimal | float | None]) -> dict[str, Comparison]:
    """Return the six operators of numbers or dates."""
    equals = _typed(read, read, operator.eq)
    return {
        f"{prefix}Equals": equals,
        f"{prefix}NotEquals": replace(equals, negated=True),
        f"{prefix}LessThan": _typed(read, read, operator.lt),
        f"{prefix}LessThanEquals": _typed(read, read, operator.le),
        f"{prefix}GreaterThan": _typed(read, read, operator.gt),
        f"{prefix}GreaterThanEquals": _typed(read, read, operator.ge),
    }


def _any_equal(wanted: tuple[str, ...]) -> Matcher:
    texts = frozenset(map(unescaped, wanted))
    return lambda found: found in texts


def _any_equal_ignoring_case(wanted: tuple[str, ...]) -> Matcher:
    texts = frozenset(unescaped(text).lower() for text in wanted)
    return lambda found: found.lower() in texts


_EQUALS = Comparison(any_of=_any_equal, has_variables=True)
_EQUALS_IGNORE_CASE = Comparison(any_of=_any_equal_ignoring_case, has_variables=True)
_LIKE = Comparison(any_of=any_text, has_variables=True)
_ARN = Comparison(any_of=any_arn, has_variables=True)
_IP_ADDRESS = _typed(_network, _address, _is_in)

COMPARISONS: Mapping[str, Comparison] = {
    "StringEquals": _EQUALS,
    "StringNotEquals": replace(_EQUALS, negated=True),
    "StringEqualsIgnoreCase": _EQUALS_IGNORE_CASE,
    "StringNotEqualsIgnoreCase": replace(_EQUALS_IGNORE_CASE, negated=True),
    "StringLike": _LIKE,
    "StringNotLike": replace(_LIKE, negated=True),
    # AWS documents ArnEquals and ArnLike as identical.
    "ArnEquals": _ARN,
    "ArnNotEquals": replace(_ARN, negated=True),
    "ArnLike": _ARN,
    "ArnNotLike": replace(_ARN, negated=True),
    "Bool": _typed(_boolean, _boolean, operator.eq),
    "BinaryEquals": Comparison(any_of=lambda wanted: wanted.__contains__),
    "IpAddress": _IP_ADDRESS,
    "NotIpAddress": replace(_IP_ADDRESS, negated=True),
    **_ordered("Numeric", _number),
    **_ordered("Date", _seconds),
}
