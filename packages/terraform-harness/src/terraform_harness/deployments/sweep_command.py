"""The two parts of `terraform-harness sweep`: the embedded runs of a project, and the runs on one target."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from terraform_harness.deployments.destroy import destroy_run
from terraform_harness.deployments.errors import LeftoverError
from terraform_harness.deployments.expired_runs import embedded_runs, expired_runs
from terraform_harness.deployments.ownership import left_of, reason_to_keep
from terraform_harness.deployments.run import Run
from terraform_harness.deployments.store import RunStore
from terraform_harness.deployments.sweep import sweep
from terraform_harness.errors import HarnessError, counted
from terraform_harness.targets.target import Target

if TYPE_CHECKING:
    from rich.console import Console


@dataclass(slots=True, kw_only=True)
class Totals:
    """The totals of a sweep.

    Args:
        resources: The number of resources that it may delete.
        runs: The number of embedded runs that it may destroy.
        skipped: The number of resources that it keeps, because their run did not provably create them.
        undeleted: The resources and runs that it could not delete.
    """

    resources: int = 0
    runs: int = 0
    skipped: int = 0
    undeleted: list[str] = field(default_factory=list)

    def summary(self, *, yes: bool) -> str:
        """Return the last line of the command."""
        skipped = f" {counted(self.skipped, 'resource')} skipped." if self.skipped else ""
        counts = [
            counted(number, noun) for number, noun in ((self.runs, "run"), (self.resources, "resource")) if number
        ]
        if not counts:
            return f"No expired run has leftover resources{' that may be deleted' * bool(skipped)}.{skipped}"
        is_one = self.runs + self.resources == 1
        if yes:
            return f"{' and '.join(counts)} {'was' if is_one else 'were'} deleted.{skipped}"
        return f"{' and '.join(counts)} would be deleted. Add --yes to delete {'it' if is_one else 'them'}.{skipped}"


def sweep_embedded(store: RunStore, console: "Console", totals: Totals, *, yes: bool) -> None:
    """List the expired runs of a project with an embedded LocalStack; with `yes`, destroy them."""
    for run, is_expired, resources in embedded_runs(store):
        if not is_expired:
            if run.kept:
                console.print(
                    f"Run {run.run_id} is kept until {run.expires_at}. "
                    f"Destroy it with: terraform-harness destroy {run.run_id}"
                )
            continue
        console.print(f"Run {run.run_id} (expires at {run.expires_at}):")
        console.print(f"  folder {run.folder}")
        for resource in resources or ():
            console.print(f"  {resource}")
        totals.runs += 1
        totals.resources += len(resources or ())
        if yes:
            try:
                destroy_run(run, on_warning=console.print)
            except HarnessError as error:
                totals.undeleted.append(f"run {run.run_id}: {error}")


def sweep_target(store: RunStore, target: Target, console: "Console", totals: Totals, *, yes: bool) -> None:
    """List the leftover resources of the expired runs on a target; with `yes`, delete them."""
    for run in expired_runs(store, target):
        console.print(f"Run {run.run_id} (expires at {run.expires_at}):")
        created = store.created(run)
        for resource in left_of(run, target):
            reason = reason_to_keep(resource, run, created, target)
            console.print(f"  {resource}" + (f" (skipped: {reason})" if reason else ""))
            totals.skipped += reason is not None
            totals.resources += reason is None
        if yes:
            totals.undeleted += _swept(store, run, target)


def _swept(store: RunStore, run: Run, target: Target) -> tuple[str, ...]:
    """Sweep one run; return what could not be deleted, so that the other runs are swept too."""
    try:
        if not sweep(run, target).kept:
            store.mark_clean(run)
    except LeftoverError as error:
        return error.resources
    return ()
