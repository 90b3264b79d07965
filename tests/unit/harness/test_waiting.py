"""eventually() ends with the value, with the first fatal error, or with all that it saw."""

import itertools
import re

import pytest

from harness.errors import EventuallyError
from harness.waiting import eventually


def test_the_value_that_meets_the_condition_is_returned() -> None:
    numbers = itertools.count()

    value = eventually(lambda: next(numbers), until=lambda number: number == 3, what="three came", within=5)

    assert value == 3


def test_the_first_look_is_made_even_when_no_time_is_given() -> None:
    value = eventually(lambda: "there", until=lambda seen: seen == "there", what="it is there", within=0)

    assert value == "there"


def test_an_error_that_is_not_called_transient_ends_the_wait_at_once() -> None:
    looks: list[int] = []

    def observe() -> int:
        looks.append(1)
        raise PermissionError("no")

    with pytest.raises(PermissionError, match=r"^no$"):
        eventually(observe, until=bool, what="access was given", within=5)

    assert looks == [1]


def test_a_transient_error_counts_as_not_yet() -> None:
    looks = itertools.count()

    def observe() -> str:
        return {2: "there"}[next(looks)]

    value = eventually(observe, until=bool, what="it came", within=5, transient=(KeyError,))

    assert value == "there"


def test_the_failure_shows_the_last_values_that_differed() -> None:
    states = itertools.chain(["CREATING", "CREATING"], itertools.repeat("UPDATING"))

    with pytest.raises(EventuallyError) as failure:
        eventually(lambda: next(states), until=lambda state: state == "ACTIVE", what="the table is active", within=0.1)

    text = re.sub(r"\d+ attempts|\d\.\d s:", lambda found: re.sub(r"\d+", "N", found[0]), str(failure.value))
    assert text == (
        "the table is active: not within 0.1 s (N attempts). Seen:\n"
        "  after    N.N s: CREATING\n"
        "  after    N.N s: UPDATING"
    )


def test_the_failure_shows_a_transient_error_as_what_was_seen() -> None:
    def observe() -> int:
        raise ConnectionError("refused")

    with pytest.raises(EventuallyError) as failure:
        eventually(observe, until=bool, what="it answers", within=0, transient=(ConnectionError,))

    assert str(failure.value) == (
        "it answers: not within 0 s (1 attempts). Seen:\n  after    0.0 s: ConnectionError: refused"
    )


def test_a_description_keeps_the_failure_short() -> None:
    with pytest.raises(EventuallyError) as failure:
        eventually(lambda: list(range(1000)), until=lambda _: False, what="empty", within=0, describe=len)

    assert [value for _, value in failure.value.history] == ["1000"]
