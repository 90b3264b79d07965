"""Every way in which the processor says that something is wrong; no sentence here holds a payload."""

from collections.abc import Iterable
from typing import Literal

type RejectionCode = Literal["not-json", "not-a-transaction", "not-storable", "conflict"]


class ProcessorError(Exception):
    """The base of all errors of the transaction processor."""


class SettingMissingError(ProcessorError):
    """The function was deployed without an environment variable that it needs."""

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__(
            f"The function's environment lacks {', '.join(names)}. Set it in the function's configuration."
        )


class NotAKinesisBatchError(ProcessorError):
    """The function was invoked with something other than a batch of Kinesis records."""

    def __init__(self, problem: str) -> None:
        super().__init__(
            f"The event is no batch of Kinesis records: {problem}. "
            "Invoke this function through an event source mapping on a Kinesis stream."
        )


class RejectedError(ProcessorError):
    """A record can never be stored; the reason may quote the record and belongs in quarantine, never in a log."""

    def __init__(self, code: RejectionCode, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class UnavailableError(ProcessorError):
    """A service did not do its part this time; the same call may succeed later."""

    def __init__(self, service: str, code: str) -> None:
        super().__init__(f"{service} is unavailable for the moment ({code}). The record will be tried again.")
        self.code = code


class ServiceError(ProcessorError):
    """A service refused a call in a way that no retry mends, such as a missing permission."""

    def __init__(self, service: str, code: str) -> None:
        super().__init__(
            f"{service} refused the function's call with {code}. "
            "Check the function's role, its environment and the resource; the batch will be delivered again."
        )
        self.code = code
