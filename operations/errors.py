"""Everything that an operator's command can fail with, each a full sentence."""

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


class SendError(OperationsError):
    """Kinesis does not take the records."""

    def __init__(self, *, stream: str, sent: int, left: int, reason: str) -> None:
        super().__init__(
            f"Stream {stream} took {sent} records and refused the next {left} ({reason}). "
            "Check the stream's name, its shards and your permissions, and send all again: repeats do no harm."
        )


class QuarantineError(OperationsError):
    """The quarantine bucket cannot be read."""

    def __init__(self, *, bucket: str, code: str) -> None:
        super().__init__(
            f"Cannot read bucket {bucket} ({code}). Check its name, your permissions and those on its key."
        )


class UnknownObjectError(OperationsError):
    """An object in quarantine was written by neither the function nor the event source mapping."""

    def __init__(self, *, bucket: str, key: str) -> None:
        super().__init__(
            f"s3://{bucket}/{key} holds no record that the pipeline has put there. "
            "Move it away, or name a narrower --prefix, and replay again."
        )
