"""What `terraform-harness sweep` says of the runs of a project and of a target."""

import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from terraform_harness.deployments import sweep_command
from terraform_harness.deployments.embedded_runs import EmbeddedRun
from terraform_harness.deployments.inventory import Resource
from terraform_harness.deployments.run import Run, new_run
from terraform_harness.deployments.sweep import Swept
from terraform_harness.deployments.sweep_command import Found, sweep_embedded, sweep_target
from terraform_harness.errors import LeftoverError, TargetGoneError
from terraform_harness.targets.target import Target

LOCALSTACK = Target(name="localstack", environment={"AWS_ENDPOINT_URL": "http://127.0.0.1:4566"})
QUEUE, TOPIC = (
    Resource(kind=kind, name="left-t-0123abcd", identifier="left", region="us-east-1") for kind in ("queue", "topic")
)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return replace(new_run(tmp_path, run_id="run-1"), expires_at="2026-11-24T12:00:00Z").save()


class Said:
    """A console, and the lines that were printed on it."""

    def __init__(self) -> None:
        self._file = io.StringIO()
        self.console = Console(file=self._file, highlight=False, soft_wrap=True)

    @property
    def lines(self) -> Sequence[str]:
        return self._file.getvalue().splitlines()


@pytest.fixture
def said() -> Said:
    return Said()


@pytest.mark.parametrize(
    ("found", "yes", "sentence"),
    [
        (Found(), False, "No dead run has left anything."),
        (Found(skipped=1), False, "No dead run has left anything that may be deleted. 1 resource left alone."),
        (Found(resources=2), False, "2 resources would be deleted: say --yes to do it."),
        (Found(resources=1), True, "1 resource was deleted."),
        (Found(runs=1, resources=2), True, "1 run and 2 resources were deleted."),
        (Found(runs=2, skipped=3), True, "2 runs were deleted. 3 resources left alone."),
    ],
)
def test_summary(found: Found, *, yes: bool, sentence: str) -> None:
    assert found.summary(yes=yes) == sentence


def test_two_parts_make_one_summary() -> None:
    both = Found(runs=1, staying=("a",)) + Found(resources=2, skipped=1, staying=("b",))

    assert both == Found(runs=1, resources=2, skipped=1, staying=("a", "b"))


def use_embedded(monkeypatch: pytest.MonkeyPatch, *found: EmbeddedRun) -> list[str]:
    """Put runs in the place of those of the project; return the ids of those that are ended."""
    ended: list[str] = []
    monkeypatch.setattr(sweep_command, "embedded_runs", lambda _: found)
    monkeypatch.setattr(sweep_command, "destroy_run", lambda run, **_: ended.append(run.run_id))
    return ended


@pytest.mark.parametrize(("yes", "expected"), [(False, []), (True, ["run-1"])], ids=["listed", "ended"])
def test_dead_embedded_run(
    run: Run, said: Said, monkeypatch: pytest.MonkeyPatch, *, yes: bool, expected: list[str]
) -> None:
    ended = use_embedded(monkeypatch, EmbeddedRun(run=run, is_dead=True, resources=[QUEUE]))

    found = sweep_embedded(run.folder.parent, said.console, yes=yes)

    assert (ended, found) == (expected, Found(runs=1, resources=1))
    assert said.lines == [
        "Run run-1, which could stay until 2026-11-24T12:00:00Z:",
        f"  folder {run.folder}",
        "  queue left-t-0123abcd",
    ]


def test_kept_embedded_run_stays(run: Run, said: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = replace(run, kept=True)
    ended = use_embedded(monkeypatch, EmbeddedRun(run=kept, is_dead=False, resources=[QUEUE]))

    found = sweep_embedded(run.folder.parent, said.console, yes=True)

    assert (ended, found) == ([], Found())
    assert said.lines == [
        "Run run-1 is kept until 2026-11-24T12:00:00Z. Destroy it with: terraform-harness destroy run-1"
    ]


def test_run_in_use_is_not_named(run: Run, said: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = use_embedded(monkeypatch, EmbeddedRun(run=run, is_dead=False, resources=[]))

    found = sweep_embedded(run.folder.parent, said.console, yes=True)

    assert (ended, found, said.lines) == ([], Found(), [])


def test_run_that_cannot_be_ended_keeps_none_of_the_others(
    run: Run, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = new_run(run.folder.parent, run_id="run-2")
    use_embedded(monkeypatch, *(EmbeddedRun(run=one, is_dead=True, resources=None) for one in (run, other)))
    ended: list[str] = []

    def end(run: Run, **_: object) -> None:
        ended.append(run.run_id)
        if run.run_id == "run-1":
            raise TargetGoneError(endpoint="http://127.0.0.1:1")

    monkeypatch.setattr(sweep_command, "destroy_run", end)

    found = sweep_embedded(run.folder.parent, said.console, yes=True)

    assert ended == ["run-1", "run-2"]
    assert found.staying == (
        ("run run-1: The LocalStack at http://127.0.0.1:1 does not answer. Start it again, or unset AWS_ENDPOINT_URL."),
    )


def test_skipped_resources_are_listed_with_the_reason(run: Run, said: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep_command, "dead_runs", lambda *_: [run])
    monkeypatch.setattr(sweep_command, "left_of", lambda *_: [QUEUE, TOPIC])
    monkeypatch.setattr(
        sweep_command, "reason_to_keep", lambda one, *_: "it has no tag RunId" if one is TOPIC else None
    )

    found = sweep_target(run.folder.parent, LOCALSTACK, said.console, yes=False)

    assert found == Found(resources=1, skipped=1)
    assert said.lines == [
        "Run run-1, which could stay until 2026-11-24T12:00:00Z:",
        "  queue left-t-0123abcd",
        "  topic left-t-0123abcd (left alone: it has no tag RunId)",
    ]


@pytest.mark.parametrize("kept", [{}, {TOPIC: "it has no tag RunId"}], ids=["nothing", "a resource"])
def test_run_is_settled_when_nothing_is_kept(
    run: Run, said: Said, monkeypatch: pytest.MonkeyPatch, kept: dict[Resource, str]
) -> None:
    run.applying()
    monkeypatch.setattr(sweep_command, "dead_runs", lambda *_: [run])
    monkeypatch.setattr(sweep_command, "left_of", lambda *_: [])
    monkeypatch.setattr(sweep_command, "sweep", lambda *_: Swept(deleted=[], kept=kept))

    sweep_target(run.folder.parent, LOCALSTACK, said.console, yes=True)

    assert run.is_left == bool(kept)


def test_what_stays_of_one_run_keeps_none_of_the_others(run: Run, said: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    other = new_run(run.folder.parent, run_id="run-2")
    swept: list[str] = []

    def sweep(run: Run, _: Target) -> Swept:
        swept.append(run.run_id)
        if run.run_id == "run-1":
            raise LeftoverError(resources=["queue left (in use)"], command="")
        return Swept(deleted=[], kept={})

    monkeypatch.setattr(sweep_command, "dead_runs", lambda *_: [run, other])
    monkeypatch.setattr(sweep_command, "left_of", lambda *_: [])
    monkeypatch.setattr(sweep_command, "sweep", sweep)

    found = sweep_target(run.folder.parent, LOCALSTACK, said.console, yes=True)

    assert (swept, found.staying) == (["run-1", "run-2"], ("queue left (in use)",))
