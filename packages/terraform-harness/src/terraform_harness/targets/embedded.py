"""Uses the package embedded-localstack, an extra that need not be installed: it is imported only when it is needed."""

from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from terraform_harness.errors import HarnessError
from terraform_harness.targets.errors import EmbeddedMissingError

if TYPE_CHECKING:
    from embedded_localstack import Faults, LocalStack


def start_embedded(folder: Path, *, port: int | None = None) -> "LocalStack":
    """Return an embedded LocalStack, which starts and stops as a context manager.

    Args:
        folder: The folder of this LocalStack.
        port: By default a free one.

    Raises:
        EmbeddedMissingError: The package is not installed.
    """
    localstack: LocalStack = _package().LocalStack(folder, port=port)
    return localstack


def stop_embedded(pid: int, folder: Path) -> None:
    """Stop an embedded LocalStack that a detached process holds; do nothing without one.

    Raises:
        EmbeddedMissingError: The package is not installed.
    """
    if folder.is_dir():
        _package().stop_detached(pid, folder)


def embedded_log(folder: Path) -> Path | None:
    """Return the log file of the embedded LocalStack in a folder; None without one."""
    log: Path | None = _package().server.log_of(folder) if folder.is_dir() else None
    return log


def embedded_faults(endpoint: str) -> "Faults":
    """Return the client that injects faults into an embedded LocalStack.

    Raises:
        EmbeddedMissingError: The package is not installed.
    """
    faults: Faults = _package().Faults(endpoint)
    return faults


def reportable_errors() -> tuple[type[Exception], ...]:
    """Return the base class of the harness's errors and, if it is installed, that of the package's errors."""
    try:
        return (HarnessError, _package().LocalStackError)
    except EmbeddedMissingError:
        return (HarnessError,)


def _package() -> ModuleType:
    try:
        import embedded_localstack  # noqa: PLC0415
    except ModuleNotFoundError as error:
        if error.name != "embedded_localstack":
            raise
        raise EmbeddedMissingError from None
    return embedded_localstack
