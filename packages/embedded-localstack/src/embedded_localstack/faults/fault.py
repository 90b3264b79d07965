"""What may go wrong, with which calls, and how often."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any, Self


class Kind(StrEnum):
    """What happens to a call."""

    #: Refused for its rate. In BatchExecuteStatement each statement for itself, as DynamoDB does: the others are run.
    THROTTLE = "throttle"
    #: Answered with an internal error of the service (HTTP 500); the call is not carried out.
    ERROR = "error"
    #: Carried out and answered, ``seconds`` late.
    SLOW = "slow"
    #: Not carried out, and not answered for ``seconds``; then the connection ends (embedded: with HTTP 504).
    TIMEOUT = "timeout"
    #: Carried out twice; the second answer is returned. On lambda Invoke it is a batch that is delivered twice.
    DUPLICATE = "duplicate"
    #: Carried out, and the function that made the call is killed before it learns so (embedded LocalStack only).
    CRASH = "crash"
    #: Carried out, and the function that made the call is held until its timeout (embedded LocalStack only).
    HANG = "hang"


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """One kind of failure for some calls.

    Args:
        kind: What happens.
        service: The service as boto3 calls it, such as ``dynamodb``.
        operation: The operation as AWS calls it, such as ``PutItem``; ``*`` and ``?`` are wildcards.
        probability: The share of matching calls (in BatchExecuteStatement: of statements) that fail.
        times: After so many failures the rest succeeds; no limit if it is not given.
        seconds: How late, for ``SLOW``, or how long the caller is kept waiting, for ``TIMEOUT``.
    """

    kind: Kind
    service: str
    operation: str = "*"
    probability: float = 1.0
    times: int | None = None
    seconds: float = 1.0

    def concerns(self, service: str, operation: str) -> bool:
        """Tell whether the fault may happen to such a call."""
        return service == self.service and fnmatchcase(operation, self.operation)

    def to_json(self) -> dict[str, Any]:
        """Return what ``from_json`` takes."""
        return asdict(self)

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> Self:
        """Return the fault that ``to_json`` described."""
        return cls(**{**document, "kind": Kind(document["kind"])})
