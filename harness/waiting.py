"""The one poll-until function: a deadline, jittered back-off, and the history in the failure."""

import time
from collections.abc import Callable

from tenacity import RetryError, Retrying, retry_if_exception_type, retry_if_result, stop_after_delay
from tenacity.wait import wait_random_exponential

from harness.errors import EventuallyError
from harness.processes import nothing

_FIRST_PAUSE_SECONDS = 0.05
_HISTORY_LENGTH = 12


def eventually[T](  # noqa: PLR0913 - each argument is a part of one sentence
    observe: Callable[[], T],
    *,
    until: Callable[[T], bool],
    what: str,
    within: float,
    longest_pause: float = 1.0,
    transient: tuple[type[Exception], ...] = (),
    describe: Callable[[T], object] = lambda value: value,
    check: Callable[[], None] = nothing,
) -> T:
    """Call `observe` until `until` holds of its value, and return that value.

    Args:
        observe: Looks at the world; called at least once. An error that it raises ends the wait at once, unless
            its class is in `transient`.
        until: The condition.
        what: The fact that is waited for, as a sentence without a full stop; begins the failure's message.
        within: Seconds by the monotonic clock.
        longest_pause: Seconds that the pauses grow to.
        transient: Errors that count as "not yet".
        describe: Turns a value into what the failure shows of it.
        check: Called before each look; raises when the target is gone, which ends the wait at once.

    Raises:
        EventuallyError: When the time is over; shows the last values that differed from the one before.
    """
    started = time.monotonic()
    history: list[tuple[float, str]] = []

    def attempt() -> T:
        check()
        try:
            value = observe()
        except transient as error:
            _remember(history, time.monotonic() - started, f"{type(error).__name__}: {error}")
            raise
        _remember(history, time.monotonic() - started, str(describe(value)))
        return value

    retrying = Retrying(
        retry=retry_if_exception_type(transient) | retry_if_result(lambda value: not until(value)),
        stop=stop_after_delay(within),
        wait=wait_random_exponential(multiplier=_FIRST_PAUSE_SECONDS, max=longest_pause),
    )
    try:
        return retrying(attempt)
    except RetryError as error:
        attempts = error.last_attempt.attempt_number
        raise EventuallyError(what=what, within=within, attempts=attempts, history=history) from None


def _remember(history: list[tuple[float, str]], seconds: float, value: str) -> None:
    """Keep a value if it is news; only the last few."""
    if history and history[-1][1] == value:
        history.pop()
    history.append((seconds, value))
    del history[:-_HISTORY_LENGTH]
