"""One fault: its kind, the API calls that it matches, and its frequency."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any, Self


class Kind(StrEnum):
    """The effect of a fault on an API call."""

    #: The service throttles the call. In BatchExecuteStatement and PutRecords, it throttles entries one by one, as on
    #: AWS: the other entries are executed.
    THROTTLE = "throttle"
    #: The service responds with an internal error (HTTP 500); the call is not executed.
    ERROR = "error"
    #: The call is executed, and the response is ``seconds`` late.
    SLOW = "slow"
    #: The call is not executed. After ``seconds`` without a response the connection closes (embedded: with HTTP 504).
    TIMEOUT = "timeout"
    #: The call is executed twice, and the second response is returned. Invoke of lambda delivers a batch twice.
    DUPLICATE = "duplicate"
    #: The call is executed, and the function that made it is killed before the response (embedded LocalStack only).
    CRASH = "crash"
    #: The call is executed, and the function that made it is frozen until its timeout (embedded LocalStack only).
    HANG = "hang"


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """One kind of failure for some API calls.

    Args:
        kind: The effect on the call.
        service: The service as boto3 names it, such as ``dynamodb``.
        operation: The operation as AWS names it, such as ``PutItem``; ``*`` and ``?`` are wildcards.
        probability: The share of matching calls (or entries, see ``Kind.THROTTLE``) that fail.
        times: The maximum number of failures; by default there is no limit.
        seconds: The delay of ``SLOW``, or the wait of ``TIMEOUT``.
    """

    kind: Kind
    service: str
    operation: str = "*"
    probability: float = 1.0
    times: int | None = None
    seconds: float = 1.0

    def matches(self, service: str, operation: str) -> bool:
        """Return whether the fault applies to an operation."""
        return service == self.service and fnmatchcase(operation, self.operation)

    def to_json(self) -> dict[str, Any]:
        """Return the argument of ``from_json``."""
        return asdict(self)

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> Self:
        """Return the fault that ``to_json`` described."""
        return cls(**{**document, "kind": Kind(document["kind"])})
