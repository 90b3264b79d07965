"""Runs a command line by line, and stops it in order when the caller is interrupted."""

import contextlib
import os
import queue
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

# Terraform needs this long to finish its calls after an interrupt, before it is killed.
GRACE_SECONDS = 60.0
_CHECK_EVERY_SECONDS = 0.5
_LAST_LINES_SECONDS = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """The result of a command."""

    exit_code: int
    stdout: str
    stderr: str


def noop(*_: object) -> None:
    """Do nothing: the default of every callback."""


def run(  # noqa: PLR0913 - the command, its place, and the callbacks
    command: Sequence[str],
    *,
    folder: Path,
    environment: Mapping[str, str],
    on_line: Callable[[str], None] = noop,
    check: Callable[[], None] = noop,
    grace: float = GRACE_SECONDS,
) -> Finished:
    """Run a command in its own session, so that Ctrl-C reaches it once and only through this process.

    Args:
        command: Program and arguments.
        folder: Working directory.
        environment: The whole environment of the command.
        on_line: Called with each line of standard output while the command runs.
        check: Called twice a second; an error kills the command.
        grace: Seconds from the interrupt that a KeyboardInterrupt passes on to the kill.
    """
    with _default_interrupt():
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            start_new_session=True,
        )
    with process:
        lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        stderr: list[str] = []
        readers: list[threading.Thread] = []
        try:
            # Each pipe has a reader: a full pipe would stop the command.
            for read, arguments in ((_forward, (process.stdout, lines)), (stderr.extend, (process.stderr,))):
                reader = threading.Thread(target=read, args=arguments, daemon=True)
                reader.start()
                readers.append(reader)
            stdout = _follow(lines, on_line, check)
            process.wait()
        except KeyboardInterrupt:
            _stop(process, grace)
            raise
        except BaseException:
            _stop(process, 0)
            raise
        finally:
            # A reader of a closed pipe would write an error to standard error.
            for reader in readers:
                reader.join(_LAST_LINES_SECONDS)
    return Finished(exit_code=process.returncode, stdout="".join(stdout), stderr="".join(stderr))


@contextlib.contextmanager
def _default_interrupt() -> Iterator[None]:
    """Start a child with the default action for SIGINT, even if this process ignores SIGINT, as after `nohup` or `&`.

    A child inherits an ignored signal, and could not be interrupted, but not a handler. Only the main thread may set a
    handler, and only its children are interrupted: Python raises KeyboardInterrupt in the main thread.
    """
    is_main = threading.current_thread() is threading.main_thread()
    if not is_main or signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        yield
        return
    signal.signal(signal.SIGINT, noop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def _forward(pipe: IO[str], lines: queue.SimpleQueue[str | None]) -> None:
    """Pass on every line, then None."""
    for line in pipe:
        lines.put(line)
    lines.put(None)


def _follow(
    lines: queue.SimpleQueue[str | None], on_line: Callable[[str], None], check: Callable[[], None]
) -> list[str]:
    """Return all lines at the end of the output."""
    seen: list[str] = []
    while True:
        try:
            line = lines.get(timeout=_CHECK_EVERY_SECONDS)
        except queue.Empty:
            check()
            continue
        if line is None:
            return seen
        seen.append(line)
        on_line(line.rstrip("\n"))


def _stop(process: subprocess.Popen[str], grace: float) -> None:
    """Interrupt the command, and kill its session if it does not stop in time or a second interrupt arrives."""
    try:
        _signal(process, signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(grace)
    finally:
        _signal(process, signal.SIGKILL)
        process.wait()


def _signal(process: subprocess.Popen[str], number: signal.Signals) -> None:
    """Send a signal to the session of a process, if it still exists."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)
