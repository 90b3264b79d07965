"""Everything that the embedded LocalStack can complain of.

LocalStackError
├── MissingProgramError     Java, Node.js or one of the locked npm packages is not there
├── PortBusyError           the port that the caller asked for is taken
├── LocalStackDiedError     it was running, and now it is not
├── NotReadyError           it runs, but a service did not answer in time
├── NoSuchCallError         a fault for a call that AWS does not have
└── TooManyCallsError       functions made more different calls than are kept
"""

from pathlib import Path

_LINES_SHOWN = 20


class LocalStackError(Exception):
    """Base of every error of the embedded LocalStack."""


class MissingProgramError(LocalStackError):
    """A program or package that LocalStack needs beside itself was not found."""

    def __init__(self, *, what: str, remedy: str) -> None:
        super().__init__(f"{what} was not found. {remedy}")


class PortBusyError(LocalStackError):
    """The port that was asked for is in use."""

    def __init__(self, *, port: int) -> None:
        super().__init__(
            f"Port {port} on 127.0.0.1 is in use, so LocalStack cannot listen there. "
            "Stop what holds it, or give no port and a free one is taken."
        )


class LocalStackDiedError(LocalStackError):
    """LocalStack ended although nobody asked it to."""

    def __init__(self, *, reason: str, log_file: Path) -> None:
        super().__init__(f"LocalStack ended by itself ({reason}). The end of {log_file}:\n{_tail(log_file)}")


class NotReadyError(LocalStackError):
    """LocalStack runs, but a real call to a service did not succeed in time."""

    def __init__(self, *, service: str, seconds: float, problem: str, log_file: Path) -> None:
        super().__init__(
            f"LocalStack's {service} did not answer within {seconds:g} s ({problem}). "
            f"The end of {log_file}:\n{_tail(log_file)}"
        )


class NoSuchCallError(LocalStackError):
    """A fault would never happen, because AWS has no such call."""

    def __init__(self, *, service: str, operation: str) -> None:
        super().__init__(
            f"No call of AWS is {service}:{operation}, so this fault would never happen. "
            "Name the service as boto3 does (dynamodb) and the operation as AWS does (PutItem)."
        )


class TooManyCallsError(LocalStackError):
    """Functions made more different calls than LocalStack keeps, so nobody can say which ones they made."""

    def __init__(self, *, kept: int) -> None:
        super().__init__(
            f"Functions have made more than the {kept:,} different calls that the embedded LocalStack keeps. "
            "Read the calls earlier, or start another LocalStack."
        )


def _tail(log_file: Path) -> str:
    lines = log_file.read_text(errors="replace").splitlines() if log_file.exists() else []
    return "\n".join(f"  {line}" for line in lines[-_LINES_SHOWN:]) or "  (the log is empty)"
