"""The two parts of `terraform-harness sweep`: this project's embedded runs, and one target."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from terraform_harness.deployments.destroy import destroy_run
from terraform_harness.deployments.embedded_runs import embedded_runs
from terraform_harness.deployments.expired_runs import dead_runs
from terraform_harness.deployments.inventory import Resource, left_of
from terraform_harness.deployments.ownership import reason_to_keep
from terraform_harness.deployments.run import Run
from terraform_harness.deployments.sweep import sweep
from terraform_harness.errors import HarnessError, LeftoverError
from terraform_harness.targets.target import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a sweep found.

    Args:
        resources: How many resources it deletes.
        runs: How many embedded runs it ends.
        skipped: How many resources it leaves alone, because their run did not provably create them.
        staying: What could not be deleted.
    """

    resources: int = 0
    runs: int = 0
    skipped: int = 0
    staying: tuple[str, ...] = ()

    def __add__(self, other: "Found") -> "Found":
        """Both together."""
        return Found(
            resources=self.resources + other.resources,
            runs=self.runs + other.runs,
            skipped=self.skipped + other.skipped,
            staying=(*self.staying, *other.staying),
        )

    def summary(self, *, yes: bool) -> str:
        """The last line of the command."""
        parts = [_count(self.runs, "run")] * bool(self.runs) + [_count(self.resources, "resource")] * bool(
            self.resources
        )
        skipped = f" {_count(self.skipped, 'resource')} left alone." if self.skipped else ""
        if not parts:
            return f"No dead run has left anything{' that may be deleted' if self.skipped else ''}.{skipped}"
        counted = " and ".join(parts)
        if not yes:
            return f"{counted} would be deleted: say --yes to do it.{skipped}"
        were = "was" if self.runs + self.resources == 1 else "were"
        return f"{counted} {were} deleted.{skipped}"


def sweep_embedded(runs: Path, console: Console, *, yes: bool) -> Found:
    """List the embedded runs of a project that have ended or expired; with `yes`, end them and remove their folders."""
    found = Found()
    for each in embedded_runs(runs):
        run = each.run
        if not each.is_dead:
            if run.kept:
                console.print(
                    f"Run {run.run_id} is kept until {run.expires_at}. "
                    f"Destroy it with: terraform-harness destroy {run.run_id}"
                )
            continue
        console.print(f"Run {run.run_id}, which could stay until {run.expires_at}:")
        console.print(f"  folder {run.folder}")
        for resource in each.resources or ():
            console.print(f"  {resource}")
        staying: tuple[str, ...] = ()
        if yes:
            try:
                destroy_run(run, on_warning=console.print)
            except HarnessError as error:
                staying = (f"run {run.run_id}: {error}",)
        found += Found(runs=1, resources=len(each.resources or ()), staying=staying)
    return found


def sweep_target(runs: Path, target: Target, console: Console, *, yes: bool) -> Found:
    """List what the dead runs of a target have left; with `yes`, delete it."""
    found = Found()
    for run in dead_runs(runs, target):
        console.print(f"Run {run.run_id}, which could stay until {run.expires_at}:")
        skipped = 0
        resources = left_of(run, target)
        for resource in resources:
            reason = reason_to_keep(resource, run, target)
            skipped += reason is not None
            console.print(f"  {resource}" + (f" (left alone: {reason})" if reason else ""))
        staying = _swept(run, target) if yes else ()
        found += Found(resources=len(resources) - skipped, skipped=skipped, staying=tuple(staying))
    return found


def _swept(run: Run, target: Target) -> Sequence[str]:
    """Sweep one run; what stays of it must not keep the others from being swept."""
    try:
        kept: Sequence[Resource] = tuple(sweep(run, target).kept)
    except LeftoverError as error:
        return error.resources
    if not kept:
        run.settle()
    return ()


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"
