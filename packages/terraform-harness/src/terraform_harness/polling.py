"""The one poll-until function: a deadline, jittered back-off, and the history in the failure."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from botocore.exceptions import ClientError
from tenacity import RetryCallState, RetryError, Retrying, retry_if_exception, retry_if_result
from tenacity.wait import wait_random_exponential

from terraform_harness.errors import EventuallyError
from terraform_harness.processes import noop

_FIRST_PAUSE_SECONDS = 0.05
_HISTORY_LENGTH = 12

# The codes with which AWS says that the same call may succeed a moment later. boto3 itself gives up after a few tries:
# https://docs.aws.amazon.com/boto3/latest/guide/retries.html and, for those from the server's side,
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html. LimitExceededException is not among them:
# it may be a quota, which no waiting raises.
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
    """Call `observe` until `until` holds of its value, and return that value.

    Args:
        observe: Looks at the world; called at least once. An error that it raises ends the wait at once, unless
            it is one of `transient`.
        until: The condition.
        what: The fact that is waited for, as a sentence without a full stop; begins the failure's message.
        within: Seconds by the monotonic clock; the last look is made when they are over.
        longest_pause: Seconds that the pauses grow to.
        transient: Errors that count as "not yet": classes, and codes of AWS, such as `(KeyError, *AWS_TRANSIENT)`.
        describe: Turns a value into what the failure shows of it.
        check: Called before each look; raises when the target is gone, which ends the wait at once.

    Raises:
        EventuallyError: When the time is over; shows the last values that differed from the one before.
    """
    history = _History(started=time.monotonic())
    end = history.started + within
    jitter = wait_random_exponential(multiplier=_FIRST_PAUSE_SECONDS, max=longest_pause)

    def attempt() -> T:
        check()
        try:
            value = observe()
        except Exception as error:
            history.remember(f"{type(error).__name__}: {error}")
            raise
        history.remember(str(describe(value)))
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
        raise EventuallyError(
            what=what,
            within=within,
            attempts=error.last_attempt.attempt_number,
            history=history.latest,
            left_out=history.left_out,
        ) from None


def _is_one_of(transient: Sequence[type[Exception] | str], error: BaseException) -> bool:
    code = error.response["Error"]["Code"] if isinstance(error, ClientError) else None
    return any(one == code if isinstance(one, str) else isinstance(error, one) for one in transient)


@dataclass(slots=True)
class _History:
    """The last few values that were news when they were seen, with the seconds since the beginning."""

    started: float
    latest: list[tuple[float, str]] = field(default_factory=list)
    left_out: int = 0

    def remember(self, value: str) -> None:
        """Keep a value; one that was the last one already is kept once, with its latest time."""
        if self.latest and self.latest[-1][1] == value:
            self.latest.pop()
        self.latest.append((time.monotonic() - self.started, value))
        if len(self.latest) > _HISTORY_LENGTH:
            del self.latest[0]
            self.left_out += 1
