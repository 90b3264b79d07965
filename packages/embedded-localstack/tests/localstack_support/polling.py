"""Polls until a condition holds."""

import time
from collections.abc import Callable

_PAUSE_SECONDS = 0.1


def eventually[T](
    observe: Callable[[], T],
    *,
    until: Callable[[T], bool],
    what: str,
    within: float,
    transient: tuple[type[Exception], ...] = (),
) -> T:
    """Call ``observe`` until ``until`` accepts its value, and return this value.

    Args:
        observe: Returns the current value.
        until: The condition.
        what: The condition as a sentence, for the failure.
        within: Seconds until the test fails.
        transient: Exceptions of ``observe`` that mean "not yet".
    """
    __tracebackhide__ = True
    deadline = time.monotonic() + within
    seen: object = None
    while True:
        is_last = time.monotonic() >= deadline
        try:
            value = observe()
            if until(value):
                return value
            seen = value
        except transient as error:
            seen = error
        if is_last:
            message = f"Not within {within:g} s: {what}. The last value was {seen!r}."
            raise AssertionError(message)
        time.sleep(_PAUSE_SECONDS)
