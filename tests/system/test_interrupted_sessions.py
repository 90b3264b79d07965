"""SIGTERM stops a session in apply, in the tests and in destroy; no resource remains."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest

from terraform_harness.deployments.ownership import left_of
from terraform_harness.deployments.run import Run
from terraform_harness.deployments.store import RunStore
from terraform_harness.polling import eventually
from terraform_harness.targets.target import Target

PROJECT = Path(__file__).parents[2]
SEEDS = range(5)
RESOURCES, TESTS = 60, 45
DEPLOYED_WITHIN_SECONDS = 300
ENDED_WITHIN_SECONDS = 300

pytestmark = [pytest.mark.slow, pytest.mark.localstack("its sessions go to one LocalStack")]


class Session:
    """A session with the integration tests of the pipeline."""

    def __init__(self, endpoint: str, output: Path) -> None:
        self.output = output
        with output.open("w") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-u", "-m", "pytest", "-v", "-m", "integration"],
                cwd=PROJECT,
                env={**os.environ, "AWS_ENDPOINT_URL": endpoint},
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def run(self) -> Run | None:
        """Return the run of the session, once it exists."""
        return next((run for run in RunStore(PROJECT / ".runs").known() if run.pid == self.process.pid), None)

    def done(self, action: str) -> int:
        """Count the resources that Terraform has created, or deleted."""
        run = self.run()
        log = run.folder / "terraform.log" if run else None
        if log is None or not log.exists():
            return 0
        events = (line for line in log.read_text().splitlines() if '"type":"apply_complete"' in line)
        return sum(f'"action":"{action}"' in event for event in events)

    def passed(self) -> int:
        """Count the passed tests."""
        return len(re.findall(r" PASSED ", self.output.read_text()))

    def reaches(self, count: Callable[[], int], number: int) -> None:
        """Wait until a count is reached."""
        eventually(
            count,
            until=lambda seen: seen >= number,
            what=f"the count is {number}",
            within=DEPLOYED_WITHIN_SECONDS,
            check=self.check,
        )

    def check(self) -> None:
        assert self.process.poll() is None, self.output.read_text()


@pytest.fixture
def session(terraform_target: Target, tmp_path: Path) -> Iterator[Session]:
    session = Session(str(terraform_target.endpoint), tmp_path / "output.txt")
    yield session
    if session.process.poll() is None:
        session.process.send_signal(signal.SIGINT)
        session.process.wait(ENDED_WITHIN_SECONDS)


def assert_nothing_is_left(session: Session, run: Run, target: Target) -> None:
    code = session.process.wait(ENDED_WITHIN_SECONDS)

    assert code == pytest.ExitCode.INTERRUPTED, session.output.read_text()
    assert list(left_of(run, target)) == []
    assert not run.folder.exists()


def began(session: Session) -> Run:
    run = session.run()
    assert run is not None
    return run


def moment(seed: int, last: int) -> int:
    """Return a seeded number."""
    return Random(seed).randint(1, last)  # noqa: S311 - no secret


@pytest.mark.parametrize("seed", SEEDS)
def test_sigterm_during_apply_leaves_nothing(session: Session, terraform_target: Target, seed: int) -> None:
    session.reaches(lambda: session.done("create"), moment(seed, RESOURCES))
    run = began(session)

    session.process.terminate()

    assert_nothing_is_left(session, run, terraform_target)


@pytest.mark.parametrize("seed", SEEDS)
def test_sigterm_during_tests_leaves_nothing(session: Session, terraform_target: Target, seed: int) -> None:
    session.reaches(session.passed, moment(seed, TESTS))
    run = began(session)

    session.process.terminate()

    assert_nothing_is_left(session, run, terraform_target)


@pytest.mark.parametrize("seed", SEEDS)
def test_sigterm_during_destroy_leaves_nothing(session: Session, terraform_target: Target, seed: int) -> None:
    session.reaches(lambda: session.done("delete"), moment(seed, RESOURCES))
    run = began(session)

    session.process.terminate()

    assert_nothing_is_left(session, run, terraform_target)
