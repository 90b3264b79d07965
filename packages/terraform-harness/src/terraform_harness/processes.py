"""Runs a command to its end, line by line, and ends it in order when the caller is interrupted."""

import contextlib
import os
import queue
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

# Terraform needs this long to finish the calls that are under way after an interrupt, before it is killed.
GRACE_SECONDS = 60.0
_CHECK_EVERY_SECONDS = 0.5
_LAST_LINES_SECONDS = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """How a command ended."""

    exit_code: int
    stdout: str
    stderr: str


def noop(*_: object) -> None:
    """Do nothing: the default of every callback."""


def run(  # noqa: PLR0913 - what to run, where, and the three ways to watch it
    command: Sequence[str],
    *,
    folder: Path,
    environment: Mapping[str, str],
    on_line: Callable[[str], None] = noop,
    check: Callable[[], None] = noop,
    grace: float = GRACE_SECONDS,
) -> Finished:
    """Run a command in a session of its own, so that an interrupt reaches it once and from us only.

    Args:
        command: Program and arguments.
        folder: Working directory.
        environment: All that the command sees.
        on_line: Called with each line of standard output while the command runs.
        check: Called twice a second; what it raises kills the command, which has nobody left to talk to.
        grace: Seconds between the interrupt that a KeyboardInterrupt passes on and the kill.
    """
    with subprocess.Popen(
        command,
        cwd=folder,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        start_new_session=True,
    ) as process:
        lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        stderr: list[str] = []
        readers: list[threading.Thread] = []
        try:
            # Each pipe has a reader: a full one would stop the command.
            for read, arguments in ((_forward, (process.stdout, lines)), (stderr.extend, (process.stderr,))):
                reader = threading.Thread(target=read, args=arguments, daemon=True)
                reader.start()
                readers.append(reader)
            stdout = _follow(lines, on_line, check)
            process.wait()
        except KeyboardInterrupt:
            _end(process, grace)
            raise
        except BaseException:
            _end(process, 0)
            raise
        finally:
            # Whoever reads from a pipe that is closed says so on standard error.
            for reader in readers:
                reader.join(_LAST_LINES_SECONDS)
    return Finished(exit_code=process.returncode, stdout="".join(stdout), stderr="".join(stderr))


def _forward(pipe: IO[str], lines: queue.SimpleQueue[str | None]) -> None:
    """Pass on every line, then None."""
    for line in pipe:
        lines.put(line)
    lines.put(None)


def _follow(
    lines: queue.SimpleQueue[str | None], on_line: Callable[[str], None], check: Callable[[], None]
) -> list[str]:
    """Take lines until there are no more."""
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


def _end(process: subprocess.Popen[str], grace: float) -> None:
    """Interrupt the command, and kill its whole session if it does not end by itself or we are interrupted again."""
    try:
        _signal(process, signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(grace)
    finally:
        _signal(process, signal.SIGKILL)
        process.wait()


def _signal(process: subprocess.Popen[str], number: signal.Signals) -> None:
    """Send a signal to the session of a process, if any of it is left."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)
