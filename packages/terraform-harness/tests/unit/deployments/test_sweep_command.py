"""The sweep lists what it may delete, skips the rest with the reason, and continues after a failure."""

import io
from collections.abc import Sequence
from dataclasses import replace

import pytest
from rich.console import Console

from harness_support.stores import is_clean
from terraform_harness.deployments import sweep_command
from terraform_harness.deployments.errors import LeftoverError
from terraform_harness.deployments.expired_runs import EmbeddedRun
from terraform_harness.deployments.inventory import Resource
from terraform_harness.deployments.run import Run
from terraform_harness.deployments.store import RunStore
from terraform_harness.deployments.sweep import Swept
from terraform_harness.deployments.sweep_command import Totals, sweep_embedded, sweep_target
from terraform_harness.targets.errors import TargetGoneError
from terraform_harness.targets.target import Target

LOCALSTACK = Target(name="localstack", environment={"AWS_ENDPOINT_URL": "http://127.0.0.1:4566"})
QUEUE, TOPIC = (
    Resource(kind=kind, name="left-t-0123abcd", identifier="left", region="us-east-1") for kind in ("queue", "topic")
)


@pytest.fixture
def run(run: Run, store: RunStore) -> Run:
    return store.update(run, expires_at="2026-11-24T12:00:00Z")


class Output:
    """A console and its lines."""

    def __init__(self) -> None:
        self._file = io.StringIO()
        self.console = Console(file=self._file, highlight=False, soft_wrap=True)

    @property
    def lines(self) -> Sequence[str]:
        return self._file.getvalue().splitlines()


@pytest.fixture
def output() -> Output:
    return Output()


@pytest.fixture
def totals() -> Totals:
    return Totals()


@pytest.mark.parametrize(
    ("totals", "yes", "summary"),
    [
        (Totals(), False, "No expired run has leftover resources."),
        (Totals(skipped=1), False, "No expired run has leftover resources that may be deleted. 1 resource skipped."),
        (Totals(resources=1), False, "1 resource would be deleted. Add --yes to delete it."),
        (Totals(resources=2), False, "2 resources would be deleted. Add --yes to delete them."),
        (Totals(resources=1), True, "1 resource was deleted."),
        (Totals(runs=1, resources=2), True, "1 run and 2 resources were deleted."),
        (Totals(runs=2, skipped=3), True, "2 runs were deleted. 3 resources skipped."),
    ],
)
def test_summary_counts_runs_and_resources(totals: Totals, *, yes: bool, summary: str) -> None:
    assert totals.summary(yes=yes) == summary


def use_embedded(monkeypatch: pytest.MonkeyPatch, *found: EmbeddedRun) -> list[str]:
    """Replace the embedded runs of the project; return the ids of the destroyed ones."""
    destroyed: list[str] = []
    monkeypatch.setattr(sweep_command, "embedded_runs", lambda _: found)
    monkeypatch.setattr(sweep_command, "destroy_run", lambda run, **_: destroyed.append(run.run_id))
    return destroyed


@pytest.mark.parametrize(("yes", "expected"), [(False, []), (True, ["run-1"])], ids=["list", "delete"])
def test_expired_embedded_run_is_listed(  # noqa: PLR0913 - each is a fixture or a column
    store: RunStore,
    run: Run,
    output: Output,
    totals: Totals,
    monkeypatch: pytest.MonkeyPatch,
    *,
    yes: bool,
    expected: list[str],
) -> None:
    destroyed = use_embedded(monkeypatch, (run, True, [QUEUE]))

    sweep_embedded(store, output.console, totals, yes=yes)

    assert (destroyed, totals) == (expected, Totals(runs=1, resources=1))
    assert output.lines == [
        "Run run-1 (expires at 2026-11-24T12:00:00Z):",
        f"  folder {run.folder}",
        "  queue left-t-0123abcd",
    ]


def test_kept_embedded_run_is_listed_and_stays(
    store: RunStore, run: Run, output: Output, totals: Totals, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = replace(run, kept=True)
    destroyed = use_embedded(monkeypatch, (kept, False, [QUEUE]))

    sweep_embedded(store, output.console, totals, yes=True)

    assert (destroyed, totals) == ([], Totals())
    assert output.lines == [
        "Run run-1 is kept until 2026-11-24T12:00:00Z. Destroy it with: terraform-harness destroy run-1"
    ]


def test_run_in_use_is_not_listed(
    store: RunStore, run: Run, output: Output, totals: Totals, monkeypatch: pytest.MonkeyPatch
) -> None:
    destroyed = use_embedded(monkeypatch, (run, False, []))

    sweep_embedded(store, output.console, totals, yes=True)

    assert (destroyed, totals, output.lines) == ([], Totals(), [])


def test_failure_of_one_embedded_run_does_not_stop_the_sweep(
    store: RunStore, run: Run, output: Output, totals: Totals, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = store.new(run_id="run-2")
    use_embedded(monkeypatch, *((one, True, None) for one in (run, other)))
    destroyed: list[str] = []

    def destroy(run: Run, **_: object) -> None:
        destroyed.append(run.run_id)
        if run.run_id == "run-1":
            raise TargetGoneError(endpoint="http://127.0.0.1:1")

    monkeypatch.setattr(sweep_command, "destroy_run", destroy)

    sweep_embedded(store, output.console, totals, yes=True)

    assert destroyed == ["run-1", "run-2"]
    assert totals.undeleted == [
        ("run run-1: The LocalStack at http://127.0.0.1:1 does not answer. Start it again, or unset AWS_ENDPOINT_URL."),
    ]


def test_skipped_resource_is_listed_with_the_reason(
    store: RunStore, run: Run, output: Output, totals: Totals, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep_command, "expired_runs", lambda *_: [run])
    monkeypatch.setattr(sweep_command, "left_of", lambda *_: [QUEUE, TOPIC])
    monkeypatch.setattr(
        sweep_command, "reason_to_keep", lambda one, *_: "it has no tag RunId" if one is TOPIC else None
    )

    sweep_target(store, LOCALSTACK, output.console, totals, yes=False)

    assert totals == Totals(resources=1, skipped=1)
    assert output.lines == [
        "Run run-1 (expires at 2026-11-24T12:00:00Z):",
        "  queue left-t-0123abcd",
        "  topic left-t-0123abcd (skipped: it has no tag RunId)",
    ]


@pytest.mark.parametrize("kept", [{}, {TOPIC: "it has no tag RunId"}], ids=["nothing", "a resource"])
def test_run_is_clean_after_the_sweep_if_nothing_was_skipped(  # noqa: PLR0913, PLR0917 - each is a fixture or a column
    store: RunStore,
    run: Run,
    output: Output,
    totals: Totals,
    monkeypatch: pytest.MonkeyPatch,
    kept: dict[Resource, str],
) -> None:
    store.update(run, applied=True)
    monkeypatch.setattr(sweep_command, "expired_runs", lambda *_: [run])
    monkeypatch.setattr(sweep_command, "left_of", lambda *_: [])
    monkeypatch.setattr(sweep_command, "sweep", lambda *_: Swept(deleted=[], kept=kept))

    sweep_target(store, LOCALSTACK, output.console, totals, yes=True)

    assert is_clean(run) != bool(kept)


def test_undeletable_resource_does_not_stop_the_sweep(
    store: RunStore, run: Run, output: Output, totals: Totals, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = store.new(run_id="run-2")
    swept: list[str] = []

    def sweep(run: Run, _: Target) -> Swept:
        swept.append(run.run_id)
        if run.run_id == "run-1":
            raise LeftoverError(resources=["queue left (in use)"], command="")
        return Swept(deleted=[], kept={})

    monkeypatch.setattr(sweep_command, "expired_runs", lambda *_: [run, other])
    monkeypatch.setattr(sweep_command, "left_of", lambda *_: [])
    monkeypatch.setattr(sweep_command, "sweep", sweep)

    sweep_target(store, LOCALSTACK, output.console, totals, yes=True)

    assert (swept, totals.undeleted) == (["run-1", "run-2"], ["queue left (in use)"])
