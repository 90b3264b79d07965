"""However the demo ends, nothing of it goes on: each test looks for its processes and its run folder."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from terraform_harness.polling import eventually

PROJECT = Path(__file__).parent.parent.parent

pytestmark = [pytest.mark.slow, pytest.mark.localstack("the demo brings a LocalStack of its own")]


class Demo:
    """A demo that runs in the background; its output is gathered as it comes."""

    def __init__(self, report: Path, *arguments: str) -> None:
        self.report = report
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-m", "demo", f"--report={report}", *arguments],
            cwd=PROJECT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def until(self, text: str) -> None:
        """Read on until a line contains the text."""
        for line in self.process.stdout or ():
            self.lines.append(line.rstrip("\n"))
            if text in line:
                return
        raise AssertionError(f"'{text}' did not come:\n" + "\n".join(self.lines))

    def end(self) -> int:
        """Read to the end and return the exit code."""
        with self.process as process:
            self.lines += [line.rstrip("\n") for line in process.stdout or ()]
        return self.process.returncode

    def family(self) -> list[psutil.Process]:
        """Everything that the demo has started so far."""
        return psutil.Process(self.process.pid).children(recursive=True)


@pytest.fixture(autouse=True)
def ctrl_c_reaches_children() -> Iterator[None]:
    """A shell that starts the tests in the background has them ignore SIGINT, and their children with them."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Demo]]:
    """Starts demos, and ends what is left of them when a test fails."""
    demos: list[Demo] = []

    def start(*arguments: str) -> Demo:
        demos.append(Demo(tmp_path / f"report-{len(demos)}.json", *arguments))
        return demos[-1]

    yield start
    for demo in demos:
        if demo.process.poll() is None:
            demo.process.send_signal(signal.SIGINT)
            demo.end()


def assert_gone(family: list[psutil.Process]) -> None:
    eventually(
        lambda: [process.pid for process in family if process.is_running() and process.status() != "zombie"],
        until=lambda alive: not alive,
        what="every process of the demo has ended",
        within=10,
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("step", ["Deploy with Terraform", "create aws_", "Send 1,000"])
def test_an_interrupted_demo_ends_everything_that_it_started(
    start: Callable[..., Demo], number: signal.Signals, step: str
) -> None:
    demo = start("--suffix=stopped")
    demo.until(step)
    family = demo.family()

    os.kill(demo.process.pid, number)
    code = demo.end()

    assert (code, demo.lines[-2:]) == (130, ["Interrupted.", "Everything that was started is ended."])
    assert_gone(family)


def test_a_localstack_that_dies_during_apply_is_reported_as_such(start: Callable[..., Demo]) -> None:
    demo = start("--suffix=dying")
    demo.until("create aws_")
    family = demo.family()
    (localstack,) = [process for process in family if process.cmdline()[-2:] == ["-m", "localstack.runtime.main"]][-1:]

    localstack.kill()
    code = demo.end()

    (error,) = [line for line in demo.lines if line.startswith("Error:")]
    assert code == 1
    assert re.fullmatch(r"Error: LocalStack ended by itself \(.*\)\. The end of .*/localstack\.log:", error)
    assert "Traceback" not in "\n".join(demo.lines)
    assert_gone(family)


def test_a_demo_that_is_killed_leaves_no_process(start: Callable[..., Demo]) -> None:
    demo = start("--suffix=killed")
    demo.until("Send 1,000")
    family = demo.family()

    demo.process.kill()
    demo.end()

    assert_gone(family)


def test_two_demos_at_once_do_not_meet(start: Callable[..., Demo]) -> None:
    demos = [start("--suffix=one"), start("--suffix=two", "--seed=2")]

    codes = [demo.end() for demo in demos]

    reports = [json.loads(demo.report.read_text()) for demo in demos]
    assert codes == [0, 0], "\n".join(line for demo in demos for line in demo.lines)
    assert [(report["sent"], report["lost"]) for report in reports] == [(1000, 0), (1000, 0)]


def test_a_demo_that_is_kept_runs_on_until_it_is_destroyed(start: Callable[..., Demo]) -> None:
    demo = start("--suffix=kept", "--keep")
    code = demo.end()
    (run_id,) = [line.split()[-1] for line in demo.lines if "harness destroy" in line]
    manifest = json.loads((PROJECT / ".runs" / run_id / "manifest.json").read_text())
    keeper = psutil.Process(manifest["pid"])

    destroyed = subprocess.run(
        [sys.executable, "-m", "terraform_harness", "destroy", run_id],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert (code, destroyed.returncode, destroyed.stderr) == (0, 0, "")
    assert destroyed.stdout.splitlines()[-1] == f"Nothing of run {run_id} is left."
    assert not (PROJECT / ".runs" / run_id).exists()
    assert_gone([keeper])


def test_the_shipped_example_ends_as_its_readme_says(start: Callable[..., Demo]) -> None:
    demo = start("--suffix=example", f"--input={PROJECT}/examples/transactions.jsonl")
    code = demo.end()

    report = json.loads(demo.report.read_text())
    counts = {name: report[name] for name in ("sent", "stored", "duplicates", "rejected", "conflicting", "lost")}
    assert (code, counts) == (
        0,
        {"sent": 200, "stored": 135, "duplicates": 20, "rejected": 30, "conflicting": 15, "lost": 0},
    )
