"""Finds what the embedded LocalStacks of a project have left: folders below `.runs/`, and those that still run."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from terraform_harness.deployments.inventory import Resource, left_of
from terraform_harness.deployments.run import Run, known_runs
from terraform_harness.targets.target import LOCALSTACK, answers, reached_target


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddedRun:
    """A run with an embedded LocalStack that has not ended in order.

    Args:
        run: The run.
        is_dead: Whether its process has ended or, if it was kept, its lifetime has: then a sweep may end it.
        resources: What its LocalStack still lists; None if the LocalStack is gone, and all resources with it.
    """

    run: Run
    is_dead: bool
    resources: Sequence[Resource] | None


def embedded_runs(runs: Path, *, now: datetime | None = None) -> Sequence[EmbeddedRun]:
    """Each run of a project that has an embedded LocalStack, or was ended before it had any target.

    Args:
        runs: The folder of the project's runs.
        now: By default the present.
    """
    moment = now or datetime.now(UTC)
    return [
        _looked_at(run, moment) for run in known_runs(runs) if run.target is None or (run.folder / LOCALSTACK).is_dir()
    ]


def _looked_at(run: Run, moment: datetime) -> EmbeddedRun:
    resources = _resources_of(run)
    is_kept = run.kept and resources is not None
    return EmbeddedRun(run=run, is_dead=run.is_over(moment) if is_kept else not run.is_alive, resources=resources)


def _resources_of(run: Run) -> Sequence[Resource] | None:
    if run.endpoint is None or not answers(run.endpoint):
        return None
    with reached_target(run.endpoint) as target:
        return left_of(run, target)
