"""Every sentence that an operator's command can say when it stops.

OperationsError
├── InputFileError      a file of transactions cannot be read
├── ImpossibleMixError  the transactions to generate do not add up
├── SendError           Kinesis does not take the records
├── ReleasedError       a version was released before
├── QuarantineError     the quarantine bucket does not answer
└── TargetError         no client for the target can be made
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
    """The transactions to generate do not add up."""

    def __init__(self, *, count: int, broken: int, repeats: int) -> None:
        super().__init__(
            f"Cannot generate {count} transactions of which {broken} are broken and {repeats} are repeats: "
            "ask for at least one more than these together, and for no negative number."
        )


class ReleasedError(OperationsError):
    """A version was released before."""

    def __init__(self, *, version: str, folder: Path) -> None:
        super().__init__(
            f"Version {version} is released already, and kept in {folder}. Raise the version in pyproject.toml first."
        )


class SendError(OperationsError):
    """Kinesis does not take the records."""

    def __init__(self, *, stream: str, sent: int, left: int, reason: str) -> None:
        super().__init__(
            f"Stream {stream} took {sent} records and refused the next {left} ({reason}). "
            "Check the stream's name, its shards and your permissions, and send all again: repeats do no harm."
        )


class QuarantineError(OperationsError):
    """The quarantine bucket does not answer as it should."""

    def __init__(self, *, bucket: str, reason: str) -> None:
        super().__init__(
            f"Cannot replay from bucket {bucket} ({reason}). Check its name, your permissions and those on its key, "
            "and replay again: what was replayed twice is stored once."
        )


class TargetError(OperationsError):
    """No client for the target can be made."""

    def __init__(self, *, service: str, reason: str) -> None:
        super().__init__(
            f"Cannot reach {service} ({reason}). Set AWS_REGION and credentials, and for LocalStack AWS_ENDPOINT_URL."
        )
