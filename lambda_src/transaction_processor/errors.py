"""The exceptions of the function. No message of a ServiceError or of an input error contains a payload."""

from collections.abc import Iterable
from typing import Literal

type RejectionCode = Literal["not-json", "not-a-transaction", "not-storable"]


class ProcessorError(Exception):
    """The base class of all exceptions of the function."""


class SettingMissingError(ProcessorError):
    """An environment variable of the function is missing or empty."""

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__(
            f"These environment variables are not set: {', '.join(names)}. Set them in the function's configuration."
        )


class NotAKinesisBatchError(ProcessorError):
    """The event is not a batch of Kinesis records."""

    def __init__(self, problem: str) -> None:
        super().__init__(
            f"The event is not a batch of Kinesis records: {problem}. "
            "Invoke this function through an event source mapping on a Kinesis stream."
        )


class RejectedError(ProcessorError):
    """A record that can never be stored. The reason may quote the record, so it is never logged."""

    def __init__(self, code: RejectionCode, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class ServiceError(ProcessorError):
    """A service refused a call, and a retry cannot help, for example because a permission is missing."""

    def __init__(self, service: str, code: str) -> None:
        super().__init__(
            f"{service} refused a call of the function with {code}. Check the function's role, its environment "
            "variables and the table or bucket. Lambda delivers the batch again."
        )
        self.code = code
