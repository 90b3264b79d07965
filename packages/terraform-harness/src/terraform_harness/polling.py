"""Polls until a condition holds: a deadline, jittered pauses, and the observed values in the failure."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from tenacity import RetryCallState, RetryError, Retrying, retry_if_exception, retry_if_result
from tenacity.wait import wait_random_exponential

from terraform_harness.errors import EventuallyError
from terraform_harness.processes import noop

_FIRST_PAUSE_SECONDS = 0.05
_HISTORY_LENGTH = 12

# The error codes of AWS that mean: the same call may succeed later. boto3 itself stops after a few tries:
# https://docs.aws.amazon.com/boto3/latest/guide/retries.html and, for errors of the server,
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html. LimitExceededException may be a quota,
# which no waiting raises.
AWS_TRANSIENT = (
    "EC2ThrottledException",
    "InternalError",
    "InternalFailure",
    "InternalServerError",
    "InternalServiceError",
    "PriorRequestNotComplete",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "RequestTimeout",
    "RequestTimeoutException",
    "ServiceException",
    "ServiceUnavailable",
    "ServiceUnavailableException",
    "SlowDown",
    "ThrottledException",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
    "Unavailable",
)


def eventually[T](  # noqa: PLR0913 - each argument is a part of one sentence
    observe: Callable[[], T],
    *,
    until: Callable[[T], bool],
    what: str,
    within: float,
    longest_pause: float = 1.0,
    transient: tuple[type[Exception] | str, ...] = (),
    describe: Callable[[T], object] = lambda value: value,
    check: Callable[[], None] = noop,
) -> T:
    """Call `observe` until its value fulfils `until`, and return that value.

    Args:
        observe: Returns a value; called at least once. An error ends the wait, unless it is one of `transient`.
        until: The condition.
        what: The expected fact as a sentence without a full stop; the failure begins with it.
        within: Seconds by the monotonic clock; the last call is made at the deadline.
        longest_pause: The limit of the growing pauses in seconds.
        transient: Errors that mean "not yet": classes, and error codes of AWS, such as `(KeyError, *AWS_TRANSIENT)`.
        describe: Returns the part of a value that the failure shows.
        check: Called before each observation; an error ends the wait, for example if the target is gone.

    Raises:
        EventuallyError: The condition did not hold in time; shows the last values that differ from the one before.
    """
    __tracebackhide__ = True
    history = _History(started=time.monotonic())
    end = history.started + within
    jitter = wait_random_exponential(multiplier=_FIRST_PAUSE_SECONDS, max=longest_pause)

    def attempt() -> T:
        check()
        try:
            value = observe()
        except Exception as error:
            history.add(f"{type(error).__name__}: {error}")
            raise
        history.add(str(describe(value)))
        return value

    def pause(state: RetryCallState) -> float:
        return min(jitter(state), max(0.0, end - time.monotonic()))

    retrying = Retrying(
        retry=retry_if_exception(lambda error: _is_one_of(transient, error))
        | retry_if_result(lambda value: not until(value)),
        stop=lambda _: time.monotonic() >= end,
        wait=pause,
    )
    try:
        return retrying(attempt)
    except RetryError as error:
        attempts = error.last_attempt.attempt_number
    raise EventuallyError(
        what=what, within=within, attempts=attempts, history=history.latest, left_out=history.left_out
    )


def _is_one_of(transient: Sequence[type[Exception] | str], error: BaseException) -> bool:
    # The shape of botocore's ClientError, whose import takes long.
    response: Any = getattr(error, "response", None)
    code = response.get("Error", {}).get("Code") if isinstance(response, dict) else None
    return any(one == code if isinstance(one, str) else isinstance(error, one) for one in transient)


@dataclass(slots=True)
class _History:
    """The last values that differ from the one before, each with the seconds since the start."""

    started: float
    latest: list[tuple[float, str]] = field(default_factory=list)
    left_out: int = 0

    def add(self, value: str) -> None:
        """Add a value; a repeated value keeps only its latest time."""
        if self.latest and self.latest[-1][1] == value:
            self.latest.pop()
        self.latest.append((time.monotonic() - self.started, value))
        if len(self.latest) > _HISTORY_LENGTH:
            del self.latest[0]
            self.left_out += 1
