from collections.abc import Callable

import pytest

from lambda_src.transaction_processor.backoff import Backoff


def largest(ceiling: int) -> int:
    """Draw the largest number below the ceiling."""
    return ceiling - 1


@pytest.fixture
def pauses() -> list[float]:
    """The pauses so far, in seconds."""
    return []


def backoff_with(remaining: Callable[[], int], pauses: list[float]) -> Backoff:
    return Backoff(remaining, sleep=pauses.append, below=largest)


def test_success_needs_no_pause(pauses: list[float]) -> None:
    backoff = backoff_with(lambda: 60_000, pauses)

    backoff.pause_after(attempts=25, failures=0)

    assert pauses == []


def test_pauses_double_up_to_five_seconds_while_all_attempts_fail(pauses: list[float]) -> None:
    backoff = backoff_with(lambda: 60_000, pauses)

    for _ in range(9):
        backoff.pause_after(attempts=2, failures=2)

    assert pauses == [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5.0, 5.0, 5.0]


def test_pauses_stay_short_while_some_attempts_succeed(pauses: list[float]) -> None:
    backoff = backoff_with(lambda: 60_000, pauses)
    backoff.pause_after(attempts=2, failures=2)

    for _ in range(3):
        backoff.pause_after(attempts=2, failures=1)

    assert pauses == [0.1, 0.05, 0.05, 0.05]


def test_pauses_are_random_up_to_the_ceiling(pauses: list[float]) -> None:
    backoff = Backoff(lambda: 60_000, sleep=pauses.append)

    for _ in range(200):
        backoff.pause_after(attempts=2, failures=1)

    assert 0.001 <= min(pauses) < 0.015
    assert 0.035 < max(pauses) <= 0.05


@pytest.mark.parametrize(
    ("timeout", "remaining", "has_time"),
    [(60_000, 10_001, True), (60_000, 10_000, False), (3_000, 1_501, True), (3_000, 1_500, False)],
)
def test_reserve_is_ten_seconds_or_half_of_a_short_timeout(
    timeout: int,
    remaining: int,
    has_time: bool,  # noqa: FBT001 - a column of the table
    pauses: list[float],
) -> None:
    times = iter([timeout, remaining])

    backoff = backoff_with(lambda: next(times), pauses)

    assert backoff.has_time is has_time


def test_pause_does_not_use_the_reserve(pauses: list[float]) -> None:
    times = iter([60_000, 10_030])
    backoff = backoff_with(lambda: next(times), pauses)

    backoff.pause_after(attempts=1, failures=1)

    assert pauses == [0.03]


@pytest.mark.parametrize(
    ("timeout", "remaining", "at_most", "pause"),
    [(60_000, 55_000, 5.0, 5.0), (60_000, 12_000, 5.0, 2.0), (60_000, 40_000, 100.0, 30.0), (60_000, 9_000, 5.0, 0.0)],
)
def test_pause_leaves_time_for_the_response(
    timeout: int, remaining: int, at_most: float, pause: float, pauses: list[float]
) -> None:
    times = iter([timeout])
    backoff = backoff_with(lambda: next(times, remaining), pauses)

    backoff.pause(at_most=at_most)

    assert pauses == [pause]
