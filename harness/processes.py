"""Runs a command to its end, line by line, and ends it in order when the caller is interrupted."""

import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

# Terraform needs this long to finish the calls that are under way after an interrupt, before it is killed.
GRACE_SECONDS = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """How a command ended."""

    exit_code: int
    stdout: str
    stderr: str


def run(
    command: Sequence[str],
    *,
    folder: Path,
    environment: Mapping[str, str],
    on_line: Callable[[str], None] | None = None,
    grace: float = GRACE_SECONDS,
) -> Finished:
    """Run a command in a session of its own, so that an interrupt reaches it once and from us only.

    Args:
        command: Program and arguments.
        folder: Working directory.
        environment: All that the command sees.
        on_line: Called with each line of standard output while the command runs.
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
        stdout: list[str] = []
        stderr: list[str] = []
        # Both pipes are drained at the same time: a full one would stop the command.
        drain = threading.Thread(target=stderr.extend, args=(process.stderr,), daemon=True)
        drain.start()
        try:
            for line in process.stdout or ():
                stdout.append(line)
                if on_line is not None:
                    on_line(line.rstrip("\n"))
            process.wait()
        except BaseException:
            _end(process, grace)
            raise
        drain.join()
    return Finished(exit_code=process.returncode, stdout="".join(stdout), stderr="".join(stderr))


def _end(process: subprocess.Popen[str], grace: float) -> None:
    """Interrupt the command, and kill its whole session if it does not end by itself."""
    try:
        os.killpg(process.pid, signal.SIGINT)
        # Reads on, so that a full pipe does not keep the command from ending.
        process.communicate(timeout=grace)
    except subprocess.TimeoutExpired:
        pass
    except ProcessLookupError:
        return
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
