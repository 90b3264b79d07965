"""What several sessions, or the workers of one, have in common: the run that was kept, and whose turn it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

from terraform_harness.deployments.run import Run, known_runs
from terraform_harness.plugin.options import Choices


def kept_run(runs: Path, choices: Choices) -> Run | None:
    """The last run that was deployed to this kind of target and kept."""
    kept = [run for run in known_runs(runs) if run.kept and run.target == choices.target]
    return kept[-1] if kept else None


@contextmanager
def alone(runs: Path, choices: Choices) -> Iterator[None]:
    """Keep the other workers of the session out, if there are any."""
    if choices.shared_run is None:
        yield
        return
    runs.mkdir(exist_ok=True)
    with FileLock(runs / f"{choices.shared_run}.lock"):
        yield
