"""Errors of the demo.

DemoError
├── FunctionDidNotFailError  the function accepted an invalid event
└── UnaccountedError         records are missing
"""

from collections.abc import Sequence


class DemoError(Exception):
    """The base of all errors of the demo."""


class FunctionDidNotFailError(DemoError):
    """The function accepted an invalid event."""

    def __init__(self, *, function: str, payload: str) -> None:
        super().__init__(
            f"Function {function} accepted an event that is not a Kinesis batch and returned {payload}, "
            "so its error alarm cannot go to ALARM. Make the function raise an error for such events."
        )


class UnaccountedError(DemoError):
    """Records are missing."""

    def __init__(self, *, records: Sequence[str], log_group: str) -> None:
        names = ", ".join(records)
        super().__init__(
            f"{len(records)} sent records are neither in the ledger nor in quarantine: {names}. "
            f"Run the demo with --keep and read log group {log_group}."
        )
