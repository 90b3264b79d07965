"""A command is run in a session of its own and never outlives its caller's interest in it."""

import os
import signal
import sys
import threading
from pathlib import Path

import pytest

from terraform_harness import processes
from terraform_harness.polling import eventually
from terraform_harness.processes import run

# Says its pid, survives SIGINT with a last word, and would run for a minute.
STUBBORN = """
import os, signal, sys, time
def last_word(*_):
    print("tidied", flush=True)
    sys.exit(7)
signal.signal(signal.SIGINT, last_word if sys.argv[1] == "polite" else signal.SIG_IGN)
print(os.getpid(), flush=True)
time.sleep(60)
"""


class GoneError(Exception):
    """What a check raises in these tests."""


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


def test_the_command_sees_the_given_environment_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "the developer's own")
    program = "import os; print(sorted(name for name in os.environ if not name.startswith(('LC_', '__CF'))))"

    finished = run([sys.executable, "-c", program], folder=tmp_path, environment={"COLOUR": "blue"})

    assert finished.stdout == "['COLOUR']\n"


def test_lines_arrive_while_the_command_runs(tmp_path: Path) -> None:
    seen: list[str] = []
    program = "import sys\nfor line in ('one', 'two'): print(line, flush=True)"

    run([sys.executable, "-c", program], folder=tmp_path, environment={}, on_line=seen.append)

    assert seen == ["one", "two"]


def test_a_full_standard_error_does_not_stop_the_command(tmp_path: Path) -> None:
    program = "import sys; sys.stderr.write('x' * 1_000_000)"

    finished = run([sys.executable, "-c", program], folder=tmp_path, environment={})

    assert len(finished.stderr) == 1_000_000


def test_a_check_that_raises_kills_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "_CHECK_EVERY_SECONDS", 0.02)
    pids: list[int] = []

    def check() -> None:
        if pids:
            raise GoneError

    with pytest.raises(GoneError):
        run(
            [sys.executable, "-c", STUBBORN, "stubborn"],
            folder=tmp_path,
            environment={},
            on_line=lambda line: pids.append(int(line)),
            check=check,
        )

    assert not is_alive(pids[0])


@pytest.mark.parametrize("manner", ["polite", "stubborn"])
def test_an_interrupt_is_passed_on_and_the_command_is_killed_if_it_stays(tmp_path: Path, manner: str) -> None:
    pids: list[int] = []

    def interrupt_us(line: str) -> None:
        pids.append(int(line))
        threading.Thread(target=os.kill, args=(os.getpid(), signal.SIGINT)).start()

    with pytest.raises(KeyboardInterrupt):
        run(
            [sys.executable, "-c", STUBBORN, manner],
            folder=tmp_path,
            environment={},
            on_line=interrupt_us,
            grace=0.2,
        )

    eventually(lambda: is_alive(pids[0]), until=lambda alive: not alive, what="the command ended", within=5)
