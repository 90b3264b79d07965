"""Helpers that read and write what the store of a run keeps about it."""

from typing import Any

from terraform_harness.deployments.run import Run
from terraform_harness.deployments.store import RunStore
from terraform_harness.terraform.created import Created


def created(run: Run) -> Created:
    return RunStore.of(run).created(run)


def add_created(run: Run, **entries: Any) -> None:  # noqa: ANN401 - those of Created.adding
    RunStore.of(run).record(run, created(run).adding(**entries))


def is_clean(run: Run) -> bool:
    return RunStore.of(run).is_clean(run)
