"""Errors of the operator's commands.

OperationsError
├── InputFileError      a file of transactions cannot be read
├── ImpossibleMixError  the numbers of transactions to generate do not add up
├── TargetError         boto3 cannot create a client
├── SendError           records cannot be sent to the stream
└── QuarantineError     the quarantine bucket cannot be read or changed
"""

from pathlib import Path


class OperationsError(Exception):
    """The base of all errors of the operator's commands."""


class InputFileError(OperationsError):
    """A file of transactions cannot be read."""

    def __init__(self, path: Path, problem: str, *, line: int | None = None) -> None:
        place = f"line {line} of {path}" if line else f"{path}"
        super().__init__(f"Cannot read {place}: {problem}. Give a UTF-8 text file with one transaction on each line.")


class ImpossibleMixError(OperationsError):
    """The numbers of transactions to generate do not add up."""

    def __init__(self, *, count: int, broken: int, repeats: int) -> None:
        super().__init__(
            f"Cannot generate {count} records with {broken} broken ones and {repeats} repeats. "
            "No number may be negative, and at least one record must be neither broken nor a repeat."
        )


class TargetError(OperationsError):
    """boto3 cannot create a client."""

    def __init__(self, *, service: str, reason: str, remedy: str) -> None:
        super().__init__(f"Cannot create a client for {service}: {reason}. {remedy}")


class SendError(OperationsError):
    """Records cannot be sent to the stream."""

    def __init__(self, *, stream: str, sent: int, reason: str, remedy: str) -> None:
        before = (
            f" {sent} records were sent before; send them again too, since repeats are not stored twice."
            if sent
            else ""
        )
        super().__init__(f"Cannot send to stream {stream}: {reason}. {remedy}{before}")


class QuarantineError(OperationsError):
    """The quarantine bucket cannot be read or changed."""

    def __init__(self, *, bucket: str, reason: str, remedy: str) -> None:
        super().__init__(
            f"Cannot replay from bucket {bucket}: {reason}. {remedy} "
            "Then replay again: a record that is replayed twice is stored once."
        )
