from collections.abc import Callable

import pytest

from lambda_src.transaction_processor.backoff import Backoff


def longest(ceiling: int) -> int:
    """Draw the longest pause there may be."""
    return ceiling - 1


@pytest.fixture
def pauses() -> list[float]:
    """The pauses that were made, in seconds."""
    return []


def backoff_with(remaining: Callable[[], int], pauses: list[float]) -> Backoff:
    return Backoff(remaining, sleep=pauses.append, below=longest)


def test_there_is_no_pause_after_success(pauses: list[float]) -> None:
    backoff_with(lambda: 60_000, pauses).after(attempts=25, setbacks=0)

    assert pauses == []


def test_pauses_grow_while_nothing_succeeds_and_are_never_longer_than_five_seconds(pauses: list[float]) -> None:
    backoff = backoff_with(lambda: 60_000, pauses)

    for _ in range(9):
        backoff.after(attempts=2, setbacks=2)

    assert pauses == [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5.0, 5.0, 5.0]


def test_pauses_stay_short_while_some_succeed(pauses: list[float]) -> None:
    backoff = backoff_with(lambda: 60_000, pauses)
    backoff.after(attempts=2, setbacks=2)

    for _ in range(3):
        backoff.after(attempts=2, setbacks=1)

    assert pauses == [0.1, 0.05, 0.05, 0.05]


def test_a_pause_may_be_anything_up_to_its_ceiling(pauses: list[float]) -> None:
    backoff = Backoff(lambda: 60_000, sleep=pauses.append)

    for _ in range(200):
        backoff.after(attempts=2, setbacks=1)

    assert 0.001 <= min(pauses) < 0.015
    assert 0.035 < max(pauses) <= 0.05


@pytest.mark.parametrize(
    ("of_all", "left", "is_left"),
    [(60_000, 10_001, True), (60_000, 10_000, False), (3_000, 1_501, True), (3_000, 1_500, False)],
)
def test_ten_seconds_are_kept_to_finish_and_half_of_a_shorter_invocation(
    of_all: int,
    left: int,
    is_left: bool,  # noqa: FBT001 - a column of the table
    pauses: list[float],
) -> None:
    times = iter([of_all, left])

    backoff = backoff_with(lambda: next(times), pauses)

    assert backoff.time_is_left is is_left


def test_a_pause_ends_when_the_time_for_attempts_does(pauses: list[float]) -> None:
    times = iter([60_000, 10_030])

    backoff_with(lambda: next(times), pauses).after(attempts=1, setbacks=1)

    assert pauses == [0.03]
