"""Conversion of timestamps to epoch milliseconds.

A timestamp is never compared with the function's clock. So a producer with a wrong clock or a late replay loses no
record. The years 1 to 9999 are valid.
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


def epoch_milliseconds(timestamp: object) -> int | None:
    """Return the timestamp in epoch milliseconds, rounded down, or None if it is not valid.

    Valid are integer epoch milliseconds and RFC 3339 strings with an offset.
    """
    match timestamp:
        case Decimal() if _FIRST <= timestamp <= _LAST and timestamp == timestamp.to_integral_value():
            return int(timestamp)
        case str():
            return _from_rfc_3339(timestamp)
        case _:
            return None


def _from_rfc_3339(text: str) -> int | None:
    parts = _RFC_3339.fullmatch(text.upper())
    if parts is None:
        return None
    # RFC 3339 allows leap seconds, and datetime does not. As in POSIX time, count one as the next second.
    leap = parts["second"] == "60"
    second = "59" if leap else parts["second"]
    try:
        moment = datetime.fromisoformat(f"{parts['minute']}:{second}{parts['fraction'] or ''}{parts['offset']}")
    except ValueError:
        return None
    milliseconds = (moment - _EPOCH) // _MILLISECOND + (1000 if leap else 0)
    return milliseconds if _FIRST <= milliseconds <= _LAST else None
