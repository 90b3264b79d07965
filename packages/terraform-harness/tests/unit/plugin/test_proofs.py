"""The file of proofs says when each test last passed on a target."""

import json
from pathlib import Path
from typing import Any

import pytest

from terraform_harness.plugin.proofs import Proofs
from terraform_harness.targets.target import TargetName

OLD = {"on": "2026-01-01", "seconds": 1.0}


def report(
    test: str, *, outcome: str = "passed", when: str = "call", marks: tuple[str, ...] = ("aws", "localstack")
) -> pytest.TestReport:
    return pytest.TestReport(
        nodeid=test,
        location=("", None, ""),
        keywords=dict.fromkeys(marks, 1),
        outcome=outcome,  # type: ignore[arg-type]
        longrepr=None,
        when=when,  # type: ignore[arg-type]
        duration=2.345,
    )


class Terminal:
    """Where a session says what it did."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def write_line(self, line: str) -> None:
        self.lines.append(line)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file with what earlier sessions have proven."""
    file = tmp_path / "proofs.json"
    file.write_text(json.dumps({"aws": {"passes": OLD}, "localstack": {"passes": OLD, "fails": OLD, "gone": OLD}}))
    return file


def proven(file: Path, *reports: pytest.TestReport, targets: tuple[TargetName, ...] = ("localstack",)) -> Any:  # noqa: ANN401 - JSON
    """What the file holds after a session with these reports; dates but the old one are today's."""
    proofs = Proofs(file, targets)
    for each in reports:
        proofs.pytest_runtest_logreport(each)
    proofs.pytest_terminal_summary(Terminal())  # type: ignore[arg-type]
    return {
        target: {test: proof if proof == OLD else proof["seconds"] for test, proof in tests.items()}
        for target, tests in json.loads(file.read_text()).items()
    }


def test_what_passes_is_proven_what_fails_keeps_its_last_proof_and_what_is_gone_loses_it(file: Path) -> None:
    session = [report("passes"), report("fails", outcome="failed"), report("new")]

    assert proven(file, *session) == {"aws": {"passes": OLD}, "localstack": {"passes": 2.3, "fails": OLD, "new": 2.3}}


def test_a_test_that_only_was_set_up_or_skipped_proves_nothing(file: Path) -> None:
    session = [report("set up", when="setup"), report("skipped", outcome="skipped", when="setup")]

    assert proven(file, *session)["localstack"] == {}


def test_a_test_that_names_no_target_proves_nothing(file: Path) -> None:
    assert proven(file, report("anywhere", marks=()))["localstack"] == {}


def test_what_passes_where_a_localstack_stands_for_aws_is_proven_on_localstack(file: Path) -> None:
    found = proven(file, report("passes"), targets=("aws", "localstack"))

    assert found == {"aws": {"passes": OLD}, "localstack": {"passes": 2.3}}


def test_the_first_proof_makes_the_file(tmp_path: Path) -> None:
    assert proven(tmp_path / "new.json", report("passes"), targets=("aws",)) == {"aws": {"passes": 2.3}}


def test_the_session_says_how_many_it_has_proven(file: Path) -> None:
    proofs, terminal = Proofs(file, ["aws"]), Terminal()
    proofs.pytest_runtest_logreport(report("passes"))

    proofs.pytest_terminal_summary(terminal)  # type: ignore[arg-type]

    assert terminal.lines == [f"1 tests were proven on aws: see {file}."]
