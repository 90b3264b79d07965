"""The errors of this package.

LocalStackError
├── MissingProgramError     Java, Node.js, npm or one of the two npm packages is not installed
├── InstallFailedError      npm could not install the npm packages
├── PortBusyError           the requested port is in use
├── UnknownServiceError     the start cannot wait for this service
├── LocalStackDiedError     LocalStack stopped unexpectedly
├── NotReadyError           LocalStack runs, but a service did not respond in time
├── NoSuchCallError         a fault names an API call that AWS does not have
└── TooManyCallsError       the call log is full
"""

import shlex
from collections.abc import Collection, Sequence
from pathlib import Path

_LINES_SHOWN = 20


class LocalStackError(Exception):
    """Base class of all errors of this package."""


class MissingProgramError(LocalStackError):
    """A program or an npm package that LocalStack needs is not installed."""

    def __init__(self, *, program: str, remedy: str) -> None:
        super().__init__(f"{program} was not found. {remedy}")


class InstallFailedError(LocalStackError):
    """The installation of the npm packages failed."""

    def __init__(self, *, command: Sequence[str], folder: Path, exit_code: int, stderr: str) -> None:
        lines = "\n".join(f"  {line}" for line in [f"$ {shlex.join(command)}", *stderr.splitlines()])
        super().__init__(
            f"npm failed with exit code {exit_code} in {folder}:\n{lines}\n"
            "Check the network connection and the npm registry, and try again."
        )


class PortBusyError(LocalStackError):
    """The requested port is in use."""

    def __init__(self, *, port: int) -> None:
        super().__init__(
            f"Port {port} on 127.0.0.1 is in use, so LocalStack cannot listen on it. "
            "Stop the process that uses the port, or omit the port: then LocalStack takes a free one."
        )


class UnknownServiceError(LocalStackError):
    """The start was asked to wait for a service that it cannot check."""

    def __init__(self, *, service: str, supported: Collection[str]) -> None:
        super().__init__(
            f"LocalStack cannot be started with the service {service!r}: the readiness check does not support it. "
            f"Choose from {', '.join(sorted(supported))}. Other services load on their first call."
        )


class LocalStackDiedError(LocalStackError):
    """LocalStack stopped unexpectedly."""

    def __init__(self, *, reason: str, log_file: Path) -> None:
        super().__init__(
            f"LocalStack stopped unexpectedly ({reason}). The last lines of {log_file}:\n{_tail(log_file)}"
        )


class NotReadyError(LocalStackError):
    """LocalStack runs, but a service did not respond in time."""

    def __init__(self, *, service: str, seconds: float, problem: str, log_file: Path) -> None:
        super().__init__(
            f"LocalStack's {service} did not respond within {seconds:g} s ({problem}). "
            f"The last lines of {log_file}:\n{_tail(log_file)}"
        )


class NoSuchCallError(LocalStackError):
    """A fault names an API call that AWS does not have, so it would never occur."""

    def __init__(self, *, service: str, operation: str) -> None:
        super().__init__(
            f"AWS has no API call {service}:{operation}, so this fault would never occur. "
            "Write the service as boto3 does (dynamodb) and the operation as AWS does (PutItem)."
        )


class TooManyCallsError(LocalStackError):
    """Functions made more distinct API calls than the call log can hold, so the log is incomplete."""

    def __init__(self, *, limit: int) -> None:
        super().__init__(
            f"Functions have made more than {limit:,} distinct API calls, which is the limit of the call log. "
            "Read the log earlier, or start another LocalStack."
        )


def _tail(log_file: Path) -> str:
    lines = log_file.read_text(errors="replace").splitlines() if log_file.exists() else []
    return "\n".join(f"  {line}" for line in lines[-_LINES_SHOWN:]) or "  (the log is empty)"
