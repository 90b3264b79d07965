"""Reads and writes the runs of a project in `.runs/`: a manifest and a record of created resources for each run."""

import json
import os
import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from filelock import FileLock

from terraform_harness.deployments.errors import RunMissingError
from terraform_harness.deployments.run import Run, is_run_id, start_of
from terraform_harness.terraform.created import Created

if TYPE_CHECKING:
    from terraform_harness.targets.clients import TargetName
    from terraform_harness.targets.target import Target

LIFETIME = timedelta(hours=3)
_MANIFEST = "manifest.json"


def new_run_id(token: str | None = None) -> str:
    """Return a run id that sorts by time."""
    return f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{token or secrets.token_hex(4)}"


@dataclass(frozen=True, slots=True)
class RunStore:
    """The runs of a project.

    A run has a manifest until it is clean: until a teardown has proven that none of its resources exist.

    Args:
        folder: `.runs/` in the project, with one folder for each run.
    """

    folder: Path

    @classmethod
    def of(cls, run: Run) -> Self:
        """Return the store that holds a run."""
        return cls(run.folder.parent)

    def new(self, *, run_id: str | None = None, suffix: str | None = None, lifetime: timedelta = LIFETIME) -> Run:
        """Create the folder and the manifest of a run.

        Args:
            run_id: By default a new one.
            suffix: The environment suffix; by default one that no other run has.
            lifetime: After it, a sweep may delete the resources of the run.
        """
        token = secrets.token_hex(4)
        run_id = run_id or new_run_id(token)
        folder = self.folder / run_id
        folder.mkdir(parents=True)
        # States may hold secrets and do not belong into a repository.
        (self.folder / ".gitignore").write_text("*\n")
        pid = os.getpid()
        return self._write(
            Run(
                run_id=run_id,
                folder=folder,
                suffix=f"t-{token}" if suffix is None else suffix,
                expires_at=f"{datetime.now(UTC) + lifetime:%Y-%m-%dT%H:%M:%SZ}",
                pid=pid,
                started=start_of(pid),
            )
        )

    @contextmanager
    def temporary(self, *, suffix: str | None = None, lifetime: timedelta = LIFETIME) -> Iterator[Run]:
        """Create a run and remove its folder after the block, unless the run is not clean, handed over or failed."""
        run = self.new(suffix=suffix, lifetime=lifetime)
        failed = True
        try:
            yield run
            failed = False
        except KeyboardInterrupt:
            # The logs of an interrupted run explain no failure.
            failed = False
            raise
        finally:
            is_untouched = [path.name for path in run.folder.iterdir()] == [_MANIFEST]
            found = self.find(run.run_id)
            is_needed = found is not None and (found.applied or found.pid != run.pid)
            if not is_needed and (is_untouched or not failed):
                shutil.rmtree(run.folder)

    def find(self, run_id: str) -> Run | None:
        """Read the manifest of a run; return None without one."""
        folder = self.folder / run_id
        try:
            content: dict[str, Any] = json.loads((folder / _MANIFEST).read_text()) if is_run_id(run_id) else {}
        except FileNotFoundError:
            return None
        return Run(**{**content, "folder": folder}) if content else None

    def load(self, run_id: str) -> Run:
        """Read the manifest of a run.

        Raises:
            RunMissingError: There is no such run.
        """
        found = self.find(run_id)
        if found is None:
            raise RunMissingError(run_id=run_id, known=[run.run_id for run in self.known()])
        return found

    def known(self) -> Sequence[Run]:
        """Read all manifests. A run that another session removes meanwhile is skipped."""
        manifests = sorted(self.folder.glob(f"*/{_MANIFEST}"))
        return [run for each in manifests if (run := self.find(each.parent.name)) is not None]

    def last_kept(self, target: "TargetName") -> Run | None:
        """Return the last run that was kept on a kind of target."""
        kept = [run for run in self.known() if run.kept and run.target == target]
        return kept[-1] if kept else None

    @contextmanager
    def exclusive(self, name: str | None) -> Iterator[None]:
        """Lock out the other processes that use the same name; do nothing without a name."""
        if name is None:
            yield
            return
        self.folder.mkdir(exist_ok=True)
        with FileLock(self.folder / f"{name}.lock"):
            yield

    def update(self, run: Run, **changes: Any) -> Run:  # noqa: ANN401 - fields of Run
        """Change fields of a run, as other processes have left it, and write its manifest."""
        return self._write(replace(self.find(run.run_id) or run, **changes))

    def assign(self, run: Run, target: "Target") -> Run:
        """Record the target that a run deploys to."""
        return self.update(
            run, target=target.name, place=target.place, endpoint=target.endpoint, session=target.session
        )

    def hand_over(self, run: Run, pid: int) -> Run:
        """Make another process the owner of a run."""
        return self.update(run, pid=pid, started=start_of(pid))

    def mark_clean(self, run: Run) -> None:
        """Record that no resource of a run remains; its logs stay."""
        (run.folder / _MANIFEST).unlink(missing_ok=True)

    def is_clean(self, run: Run) -> bool:
        """Return whether no resource of a run can exist: it applied nothing, or a teardown marked it clean."""
        found = self.find(run.run_id)
        return found is None or not found.applied

    def created(self, run: Run) -> Created:
        """Read the record of what a run created; it is empty for a run of another machine."""
        return Created.read(run.folder)

    def record(self, run: Run, created: Created) -> Created:
        """Write the record of what a run created."""
        return created.write(run.folder)

    def _write(self, run: Run) -> Run:
        content = {name: str(value) if isinstance(value, Path) else value for name, value in asdict(run).items()}
        # A process that is killed while it writes must not leave half a manifest.
        complete = run.folder / f"{_MANIFEST}.{os.getpid()}"
        complete.write_text(json.dumps(content, indent=2))
        complete.replace(run.folder / _MANIFEST)
        return run
