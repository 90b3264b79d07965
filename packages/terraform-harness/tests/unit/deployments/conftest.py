"""The store of a project, and a new run in it."""

from pathlib import Path

import pytest

from terraform_harness.deployments.run import Run
from terraform_harness.deployments.store import RunStore


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    return RunStore(tmp_path / "runs")


@pytest.fixture
def run(store: RunStore) -> Run:
    return store.new(run_id="run-1", suffix="t-0123abcd")
