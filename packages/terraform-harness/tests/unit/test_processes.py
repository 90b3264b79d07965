"""A command runs in its own session and stops with its caller."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import pytest

from terraform_harness import processes
from terraform_harness.polling import eventually
from terraform_harness.processes import run

# Prints its pid, and sleeps for a minute. On SIGINT, the polite program prints a last line and exits.
SLEEPER = """
import os, signal, sys, time
def stop(*_):
    print("stopped", flush=True)
    sys.exit(7)
signal.signal(signal.SIGINT, stop if sys.argv[1] == "polite" else signal.SIG_IGN)
print(os.getpid(), flush=True)
time.sleep(60)
"""
A_MINUTE = 60.0
HANDLER = "import signal; print(signal.getsignal(signal.SIGINT) is signal.default_int_handler)"


class GoneError(Exception):
    """The error of a check."""


@contextmanager
def handled(handler: signal.Handlers | Callable[[int, FrameType | None], object]) -> Iterator[None]:
    """Handle SIGINT in this process: it may have been started with SIGINT ignored."""
    before = signal.signal(signal.SIGINT, handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_output_and_exit_code_are_returned(tmp_path: Path) -> None:
    program = "import sys, os; print('out'); print('err', file=sys.stderr); print(os.getcwd()); sys.exit(3)"

    finished = run([sys.executable, "-c", program], folder=tmp_path, environment={})

    assert (finished.exit_code, finished.stdout, finished.stderr) == (3, f"out\n{tmp_path}\n", "err\n")


def test_command_has_only_the_given_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "the developer's own")
    program = "import os; print(sorted(name for name in os.environ if not name.startswith(('LC_', '__CF'))))"

    finished = run([sys.executable, "-c", program], folder=tmp_path, environment={"COLOUR": "blue"})

    assert finished.stdout == "['COLOUR']\n"


def test_lines_arrive_while_the_command_runs(tmp_path: Path) -> None:
    seen: list[str] = []
    program = "import sys\nfor line in ('one', 'two'): print(line, flush=True)"

    run([sys.executable, "-c", program], folder=tmp_path, environment={}, on_line=seen.append)

    assert seen == ["one", "two"]


def test_full_standard_error_does_not_block_the_command(tmp_path: Path) -> None:
    program = "import sys; sys.stderr.write('x' * 1_000_000)"

    finished = run([sys.executable, "-c", program], folder=tmp_path, environment={})

    assert len(finished.stderr) == 1_000_000


def test_failing_check_kills_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "_CHECK_EVERY_SECONDS", 0.02)
    pids: list[int] = []
    started = time.monotonic()

    def check() -> None:
        if pids:
            raise GoneError

    with pytest.raises(GoneError):
        run(
            [sys.executable, "-c", SLEEPER, "stubborn"],
            folder=tmp_path,
            environment={},
            on_line=lambda line: pids.append(int(line)),
            check=check,
        )

    assert not is_alive(pids[0])
    assert time.monotonic() - started < A_MINUTE / 2


@pytest.mark.parametrize("manner", ["polite", "stubborn"])
def test_interrupt_stops_the_command(tmp_path: Path, manner: str) -> None:
    """The interrupt is passed on. A command that ignores it is killed."""
    pids: list[int] = []
    started = time.monotonic()

    def interrupt_us(line: str) -> None:
        pids.append(int(line))
        threading.Thread(target=os.kill, args=(os.getpid(), signal.SIGINT)).start()

    with handled(signal.default_int_handler), pytest.raises(KeyboardInterrupt):
        run(
            [sys.executable, "-c", SLEEPER, manner],
            folder=tmp_path,
            environment={},
            on_line=interrupt_us,
            grace=0.2,
        )

    eventually(lambda: is_alive(pids[0]), until=lambda alive: not alive, what="the command stopped", within=5)
    assert time.monotonic() - started < A_MINUTE / 2


@pytest.mark.parametrize("ours", [signal.SIG_IGN, signal.SIG_DFL], ids=["ignored", "default"])
def test_command_has_the_default_handler_of_sigint(tmp_path: Path, ours: signal.Handlers) -> None:
    """A process that a shell starts with `&` or `nohup` ignores SIGINT, and so would its children."""
    with handled(ours):
        finished = run([sys.executable, "-c", HANDLER], folder=tmp_path, environment={})
        after = signal.getsignal(signal.SIGINT)

    assert (finished.stdout, after) == ("True\n", ours)


def test_command_of_a_thread_runs_while_sigint_is_ignored(tmp_path: Path) -> None:
    """Only the main thread may set a handler of a signal."""
    outputs: list[str] = []

    def run_in_thread() -> None:
        outputs.append(run([sys.executable, "-c", "print('done')"], folder=tmp_path, environment={}).stdout)

    with handled(signal.SIG_IGN):
        thread = threading.Thread(target=run_in_thread)
        thread.start()
        thread.join()

    assert outputs == ["done\n"]
