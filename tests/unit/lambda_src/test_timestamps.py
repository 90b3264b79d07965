from decimal import Decimal

import pytest

from lambda_src.transaction_processor.timestamps import epoch_milliseconds


@pytest.mark.parametrize(
    ("timestamp", "milliseconds"),
    [
        pytest.param("1970-01-01T00:00:00Z", 0, id="the epoch"),
        pytest.param("2026-11-23T17:00:00+01:00", 1_795_449_600_000, id="an offset"),
        pytest.param("2026-11-23t16:00:00z", 1_795_449_600_000, id="lower case"),
        pytest.param("2026-11-23T16:00:00-00:00", 1_795_449_600_000, id="an unknown local offset"),
        pytest.param("2026-11-23T16:00:00.1Z", 1_795_449_600_100, id="tenths"),
        pytest.param("2026-11-23T16:00:00.123456789Z", 1_795_449_600_123, id="nanoseconds, rounded down"),
        pytest.param("1969-12-31T23:59:59.9999Z", -1, id="before the epoch, rounded down"),
        pytest.param("2016-12-31T23:59:60Z", 1_483_228_800_000, id="a leap second"),
        pytest.param("2024-02-29T00:00:00Z", 1_709_164_800_000, id="a leap day"),
        pytest.param("0001-01-01T00:00:00Z", -62_135_596_800_000, id="the first valid millisecond"),
        pytest.param("9999-12-31T23:59:59.999Z", 253_402_300_799_999, id="the last valid millisecond"),
        pytest.param(Decimal(1_795_449_600_000), 1_795_449_600_000, id="a number"),
        pytest.param(Decimal("1795449600000.0"), 1_795_449_600_000, id="an integer with a decimal point"),
        pytest.param(Decimal("1.7954496E12"), 1_795_449_600_000, id="an integer with an exponent"),
        pytest.param(Decimal(-1), -1, id="a number before the epoch"),
    ],
)
def test_valid_timestamp_is_converted_to_milliseconds(timestamp: object, milliseconds: int) -> None:
    assert epoch_milliseconds(timestamp) == milliseconds


@pytest.mark.parametrize(
    "timestamp",
    [
        pytest.param("2026-11-23T17:00:00", id="without an offset"),
        pytest.param("2026-11-23", id="a date"),
        pytest.param("2026-11-23 17:00:00Z", id="a space instead of the T"),
        pytest.param("20261123T170000Z", id="the basic format"),
        pytest.param("2026-W48-1T17:00:00Z", id="a week date"),
        pytest.param("2026-11-23T17:00Z", id="without seconds"),
        pytest.param("2026-11-23T17:00:00,5Z", id="a decimal comma"),
        pytest.param("2026-11-23T17:00:00.Z", id="a decimal point without digits"),
        pytest.param("2026-11-23T17:00:00+0100", id="an offset without a colon"),
        pytest.param("2026-11-23T17:00:00+24:00", id="an offset of a day"),
        pytest.param("2026-02-29T00:00:00Z", id="February 29 of a common year"),
        pytest.param("2026-13-01T00:00:00Z", id="a thirteenth month"),
        pytest.param("2026-11-23T24:00:00Z", id="hour 24"),
        pytest.param("2026-11-23T17:00:61Z", id="second 61"),
        pytest.param("0000-01-01T00:00:00Z", id="the year 0"),
        pytest.param("0001-01-01T00:00:00+14:00", id="before the year 1"),
        pytest.param("9999-12-31T23:59:59-14:00", id="after the year 9999"),
        pytest.param("٢٠٢٦-11-23T17:00:00Z", id="digits of another script"),
        pytest.param("2026-11-23T17:00:00Z\n", id="a line break"),
        pytest.param("1795449600000", id="a number in a string"),
        pytest.param("", id="an empty string"),
        pytest.param(Decimal("0.5"), id="half a millisecond"),
        pytest.param(Decimal(253_402_300_800_000), id="a number after the year 9999"),
        pytest.param(Decimal("1e999999"), id="a number with a huge exponent"),
        pytest.param(True, id="a boolean"),
        pytest.param(None, id="null"),
        pytest.param([], id="a list"),
    ],
)
def test_invalid_timestamp_has_no_milliseconds(timestamp: object) -> None:
    assert epoch_milliseconds(timestamp) is None


@pytest.mark.parametrize(("year", "milliseconds"), [(1971, 31_536_000_000), (2099, 4_070_908_800_000)])
def test_timestamp_is_not_compared_with_the_clock(year: int, milliseconds: int) -> None:
    assert epoch_milliseconds(f"{year}-01-01T00:00:00Z") == milliseconds
