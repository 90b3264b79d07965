"""Finds and watches processes."""

import contextlib
from collections.abc import Collection

import psutil

from embedded_localstack import LocalStack
from localstack_support.polling import eventually


def processes_of(localstack: LocalStack) -> list[psutil.Process]:
    """Return the supervisor, LocalStack and all their descendants."""
    found = []
    for process in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            if str(localstack.run_directory) in str(process.environ()):
                found.append(process)
    return found


def is_alive(process: psutil.Process) -> bool:
    """Return whether a process runs; a zombie does not."""
    with contextlib.suppress(psutil.NoSuchProcess):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False


def wait_until_gone(processes: Collection[psutil.Process]) -> None:
    """Wait until all processes have ended."""
    eventually(
        lambda: [process for process in processes if is_alive(process)],
        until=lambda alive: not alive,
        what="all processes have ended",
        within=10,
    )
