"""Moments as epoch milliseconds.

A transaction's moment is what its producer says: it is not compared with the function's clock, so neither a producer
whose clock is wrong nor a replay long after the event loses a record. Any moment of the years 1 to 9999 is taken.
"""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

_RFC_3339 = re.compile(
    r"(?P<minute>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}):(?P<second>[0-9]{2})(?P<fraction>\.[0-9]+)?"
    r"(?P<offset>Z|[+-][0-9]{2}:[0-9]{2})"
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_FIRST = (datetime.min.replace(tzinfo=UTC) - _EPOCH) // _MILLISECOND
_LAST = (datetime.max.replace(tzinfo=UTC) - _EPOCH) // _MILLISECOND


def epoch_milliseconds(moment: object) -> int | None:
    """Return the moment in epoch milliseconds, finer fractions cut off, or None if it is no moment.

    It may be a number of epoch milliseconds or RFC 3339 text with an offset.
    """
    match moment:
        case Decimal() if _FIRST <= moment <= _LAST and moment == moment.to_integral_value():
            return int(moment)
        case str():
            return _from_text(moment)
        case _:
            return None


def _from_text(text: str) -> int | None:
    parts = _RFC_3339.fullmatch(text.upper())
    if parts is None:
        return None
    # RFC 3339 has leap seconds, datetime has not: like POSIX time, count them as the second that follows.
    leap = parts["second"] == "60"
    second = "59" if leap else parts["second"]
    try:
        moment = datetime.fromisoformat(f"{parts['minute']}:{second}{parts['fraction'] or ''}{parts['offset']}")
    except ValueError:
        return None
    milliseconds = (moment - _EPOCH) // _MILLISECOND + (1000 if leap else 0)
    return milliseconds if _FIRST <= milliseconds <= _LAST else None
