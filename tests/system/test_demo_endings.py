"""Ends of the demo, normal or not: no process keeps running."""

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

from terraform_harness import eventually

PROJECT = Path(__file__).parent.parent.parent

pytestmark = [pytest.mark.slow, pytest.mark.localstack("the demo starts its own LocalStack")]


class Demo:
    """A demo in the background, with the output so far."""

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
        """Read the output until a line contains the text."""
        for line in self.process.stdout or ():
            self.lines.append(line.rstrip("\n"))
            if text in line:
                return
        raise AssertionError(f"the demo did not print '{text}':\n" + "\n".join(self.lines))

    def wait(self) -> int:
        """Read the rest of the output and return the exit code."""
        with self.process as process:
            self.lines += [line.rstrip("\n") for line in process.stdout or ()]
        return self.process.returncode

    def descendants(self) -> list[psutil.Process]:
        """Return all processes that the demo has started so far."""
        return psutil.Process(self.process.pid).children(recursive=True)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Demo]]:
    """A function that starts a demo; demos that still run after a failed test are stopped."""
    demos: list[Demo] = []

    def start(*arguments: str) -> Demo:
        demos.append(Demo(tmp_path / f"report-{len(demos)}.json", *arguments))
        return demos[-1]

    yield start
    for demo in demos:
        if demo.process.poll() is None:
            demo.process.send_signal(signal.SIGINT)
            demo.wait()


def assert_ended(processes: list[psutil.Process]) -> None:
    eventually(
        lambda: [process.pid for process in processes if process.is_running() and process.status() != "zombie"],
        until=lambda alive: not alive,
        what="every process of the demo has ended",
        within=10,
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("step", ["Deploy with Terraform", "create aws_", "Send 1,000"])
def test_interrupted_demo_stops_everything_that_it_started(
    start: Callable[..., Demo], number: signal.Signals, step: str
) -> None:
    demo = start("--suffix=stopped")
    demo.until(step)
    processes = demo.descendants()

    os.kill(demo.process.pid, number)
    code = demo.wait()

    assert (code, demo.lines[-2:]) == (130, ["Interrupted.", "Everything that was started is stopped."])
    assert_ended(processes)


def test_death_of_localstack_during_apply_is_reported(start: Callable[..., Demo]) -> None:
    demo = start("--suffix=dying")
    demo.until("create aws_")
    processes = demo.descendants()
    (localstack,) = [process for process in processes if process.cmdline()[-2:] == ["-m", "localstack.runtime.main"]][
        -1:
    ]

    localstack.kill()
    code = demo.wait()

    (error,) = [line for line in demo.lines if line.startswith("Error:")]
    assert code == 1
    assert re.fullmatch(r"Error: LocalStack stopped unexpectedly \(.*\)\. The last lines of .*/localstack\.log:", error)
    assert "Traceback" not in "\n".join(demo.lines)
    assert_ended(processes)


def test_killed_demo_leaves_no_process(start: Callable[..., Demo]) -> None:
    demo = start("--suffix=killed")
    demo.until("Send 1,000")
    processes = demo.descendants()

    demo.process.kill()
    demo.wait()

    assert_ended(processes)


def test_two_demos_run_at_the_same_time(start: Callable[..., Demo]) -> None:
    demos = [start("--suffix=one"), start("--suffix=two", "--seed=2")]

    codes = [demo.wait() for demo in demos]

    reports = [json.loads(demo.report.read_text()) for demo in demos]
    assert codes == [0, 0], "\n".join(line for demo in demos for line in demo.lines)
    assert [(report["sent"], report["lost"]) for report in reports] == [(1000, 0), (1000, 0)]


def test_kept_demo_runs_until_it_is_destroyed(start: Callable[..., Demo]) -> None:
    demo = start("--suffix=kept", "--keep")
    code = demo.wait()
    (run_id,) = [line.split()[-1] for line in demo.lines if "harness destroy" in line]
    manifest = json.loads((PROJECT / ".runs" / run_id / "manifest.json").read_text())
    owner = psutil.Process(manifest["pid"])

    destroyed = subprocess.run(
        [sys.executable, "-m", "terraform_harness", "destroy", run_id],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert (code, destroyed.returncode, destroyed.stderr) == (0, 0, "")
    assert destroyed.stdout.splitlines()[-1] == f"Run {run_id} is destroyed. No resources remain."
    assert not (PROJECT / ".runs" / run_id).exists()
    assert_ended([owner])


def test_example_file_has_the_outcomes_of_its_readme(start: Callable[..., Demo]) -> None:
    demo = start("--suffix=example", f"--input={PROJECT}/examples/transactions.jsonl")
    code = demo.wait()

    report = json.loads(demo.report.read_text())
    counts = {name: report[name] for name in ("sent", "stored", "duplicates", "rejected", "conflicting", "lost")}
    assert (code, counts) == (
        0,
        {"sent": 200, "stored": 135, "duplicates": 20, "rejected": 30, "conflicting": 15, "lost": 0},
    )
