"""When each test last passed on each target, and how long it took: a file that is committed with the tests."""

import json
from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path
from typing import TypedDict

import pytest

from terraform_harness.plugin.markers import TARGETS
from terraform_harness.targets.target import TargetName

# In pytest's configuration: the file, relative to its folder.
FILE = "harness_proofs"


class Proof(TypedDict):
    """When a test last passed, and how long it took."""

    on: str
    seconds: float


class Proofs:
    """Takes down what passes in a session; registered as a plugin of it.

    A test that fails keeps its last proof; one that the session no longer has, or that is not proven on the target,
    loses it.
    """

    def __init__(self, file: Path, targets: Collection[TargetName]) -> None:
        # What stands at AWS_ENDPOINT_URL is no AWS, whatever it is called.
        self._target: TargetName = "aws" if set(targets) == {"aws"} else "localstack"
        self._file = file
        self._seen: set[str] = set()
        self._passed: dict[str, Proof] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take down a test that is marked with a target, and whether it passed."""
        if report.skipped or not report.keywords.keys() & set(TARGETS):
            return
        self._seen.add(report.nodeid)
        if report.when == "call" and report.passed:
            today = f"{datetime.now(UTC):%Y-%m-%d}"
            self._passed[report.nodeid] = {"on": today, "seconds": round(report.duration, 1)}

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Write the file, and say so."""
        before: dict[str, dict[str, Proof]] = json.loads(self._file.read_text()) if self._file.exists() else {}
        last = {test: proof for test, proof in before.get(self._target, {}).items() if test in self._seen}
        proofs = {**before, self._target: last | self._passed}
        self._file.write_text(json.dumps(proofs, indent=2, sort_keys=True, ensure_ascii=False) + "\n")
        terminalreporter.write_line(f"{len(self._passed)} tests were proven on {self._target}: see {self._file}.")
