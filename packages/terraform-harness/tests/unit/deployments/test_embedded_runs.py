"""An embedded run is dead when its process is, and a kept one when its lifetime is over or its LocalStack is gone."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from terraform_harness.deployments import embedded_runs
from terraform_harness.deployments.inventory import Resource
from terraform_harness.deployments.run import Run, new_run
from terraform_harness.targets.target import LOCALSTACK, Target

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
PAST, FUTURE = "2026-11-24T11:00:00Z", "2026-11-24T13:00:00Z"
ENDPOINT = "http://127.0.0.1:4566"
TARGET = Target(name="localstack", environment={"AWS_ENDPOINT_URL": ENDPOINT}, is_own=True)
QUEUE = Resource(kind="queue", name="q", identifier="q", region="us-east-1")


def embedded(runs: Path, *, expires_at: str = FUTURE, alive: bool, kept: bool = False) -> Run:
    """A run with an embedded LocalStack."""
    run = new_run(runs).at(TARGET)
    (run.folder / LOCALSTACK).mkdir()
    return replace(run, expires_at=expires_at, kept=kept, started=run.started if alive else 0.0).save()


@pytest.fixture(params=[True, False], ids=["LocalStack answers", "LocalStack is gone"])
def answering(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether the LocalStack of each run still answers."""

    @contextmanager
    def reached(_: str) -> Iterator[Target]:
        yield TARGET

    monkeypatch.setattr(embedded_runs, "answers", lambda _: request.param)
    monkeypatch.setattr(embedded_runs, "reached_target", reached)
    monkeypatch.setattr(embedded_runs, "left_of", lambda *_: [QUEUE])
    return bool(request.param)


@pytest.mark.parametrize("alive", [True, False])
def test_run_is_dead_with_its_process(tmp_path: Path, *, answering: bool, alive: bool) -> None:
    run = embedded(tmp_path, expires_at=PAST, alive=alive)

    (found,) = embedded_runs.embedded_runs(tmp_path, now=NOW)

    assert (found.run, found.is_dead) == (run, not alive)
    assert found.resources == ([QUEUE] if answering else None)


@pytest.mark.parametrize(("expires_at", "is_over"), [(PAST, True), (FUTURE, False)])
def test_kept_run_is_dead_when_its_lifetime_is_over(
    tmp_path: Path, *, answering: bool, expires_at: str, is_over: bool
) -> None:
    """Its process keeps the LocalStack; where that is gone, as after a reboot, the lifetime does not matter."""
    embedded(tmp_path, expires_at=expires_at, alive=answering, kept=True)

    (found,) = embedded_runs.embedded_runs(tmp_path, now=NOW)

    assert found.is_dead == (is_over if answering else True)


@pytest.mark.usefixtures("answering")
def test_run_on_another_target_is_not_embedded(tmp_path: Path) -> None:
    replace(new_run(tmp_path).at(TARGET), started=0.0).save()

    assert embedded_runs.embedded_runs(tmp_path, now=NOW) == []


def test_run_that_never_had_a_target_is_listed(tmp_path: Path) -> None:
    run = replace(new_run(tmp_path), started=0.0).save()

    (found,) = embedded_runs.embedded_runs(tmp_path, now=NOW)

    assert (found.run, found.is_dead, found.resources) == (run, True, None)
