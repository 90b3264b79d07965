"""One run of the harness: its id, its folder below `.runs/`, and the manifest that outlives a crash."""

import json
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from harness.errors import RunMissingError

LIFETIME = timedelta(hours=3)
_MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What a run leaves on disk until nothing of it is left on the target.

    Args:
        run_id: Unique; the value of the tag `RunId`.
        folder: Holds everything that the run writes.
        suffix: The environment suffix that the run deploys under.
        expires_at: RFC 3339; the value of the tag `ExpiresAt`. From then on a sweep may end what is left.
        pid: The process that owns the run.
        endpoint: Where it deployed to; None before that, and on AWS.
        applied: Whether something was deployed, as far as is known: something of it may be left.
        fingerprint: What was deployed, part by part; None before that.
    """

    run_id: str
    folder: Path
    suffix: str
    expires_at: str
    pid: int
    endpoint: str | None = None
    applied: bool = False
    fingerprint: Mapping[str, str] | None = None

    @property
    def tags(self) -> dict[str, str]:
        """The tags by which everything that the run deploys is found again, on any machine."""
        return {"RunId": self.run_id, "ExpiresAt": self.expires_at, "Environment": self.suffix}

    def at(self, endpoint: str | None) -> "Run":
        """The same run, deploying to an endpoint; written down at once."""
        return replace(self, endpoint=endpoint).save()

    def applying(self) -> "Run":
        """The same run, of which something may be left from now on; written down at once."""
        return replace(self, applied=True).save()

    def kept_by(self, pid: int) -> "Run":
        """The same run, owned by another process from now on; written down at once."""
        return replace(self, pid=pid).save()

    def carrying(self, fingerprint: Mapping[str, str]) -> "Run":
        """The same run, with what it deployed; written down at once."""
        return replace(self, fingerprint=dict(fingerprint)).save()

    def reloaded(self) -> "Run":
        """The same run, as its manifest says by now."""
        return load_run(self.folder.parent, self.run_id)

    @property
    def is_left(self) -> bool:
        """Whether something of the run may still exist on its target."""
        return (self.folder / _MANIFEST).exists() and self.reloaded().applied

    @property
    def is_kept(self) -> bool:
        """Whether the run was handed over to another process."""
        return (self.folder / _MANIFEST).exists() and self.reloaded().pid != self.pid

    def settle(self) -> None:
        """Note that nothing of the run is left on its target; logs stay where they are."""
        (self.folder / _MANIFEST).unlink(missing_ok=True)

    def save(self) -> "Run":
        """Write the manifest."""
        content = {name: str(value) if isinstance(value, Path) else value for name, value in asdict(self).items()}
        (self.folder / _MANIFEST).write_text(json.dumps(content, indent=2))
        return self


def new_run_id(token: str | None = None) -> str:
    """A run id that sorts by time."""
    return f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{token or secrets.token_hex(4)}"


def new_run(runs: Path, *, run_id: str | None = None, suffix: str | None = None, lifetime: timedelta = LIFETIME) -> Run:
    """Make the folder and the manifest of a run.

    Args:
        runs: The folder of all runs, `.runs/` in the project.
        run_id: By default a new one.
        suffix: The environment suffix; by default one of the run's own, so that runs do not meet.
        lifetime: After it, a sweep may end what the run left.
    """
    token = secrets.token_hex(4)
    run_id = run_id or new_run_id(token)
    folder = runs / run_id
    folder.mkdir(parents=True)
    return Run(
        run_id=run_id,
        folder=folder,
        suffix=f"t-{token}" if suffix is None else suffix,
        expires_at=f"{datetime.now(UTC) + lifetime:%Y-%m-%dT%H:%M:%SZ}",
        pid=os.getpid(),
    ).save()


def load_run(runs: Path, run_id: str) -> Run:
    """Read the manifest of an earlier run.

    Raises:
        RunMissingError: There is no such run.
    """
    folder = runs / run_id
    try:
        content = json.loads((folder / _MANIFEST).read_text())
    except FileNotFoundError:
        raise RunMissingError(run_id=run_id, known=[run.run_id for run in known_runs(runs)]) from None
    return Run(**{**content, "folder": folder})


def known_runs(runs: Path) -> Iterator[Run]:
    """Every run whose manifest is still there: none of them has proved that nothing is left."""
    for manifest in sorted(runs.glob(f"*/{_MANIFEST}")):
        yield load_run(runs, manifest.parent.name)


@contextmanager
def temporary_run(runs: Path, *, suffix: str | None = None, lifetime: timedelta = LIFETIME) -> Iterator[Run]:
    """A run whose folder is removed at its end, unless something was kept, or failed and left a trace to look at."""
    run = new_run(runs, suffix=suffix, lifetime=lifetime)
    failed = True
    try:
        yield run
        failed = False
    except KeyboardInterrupt:
        # Nobody wants to look into what they ended themselves.
        failed = False
        raise
    finally:
        untouched = [path.name for path in run.folder.iterdir()] == [_MANIFEST]
        if not run.is_left and not run.is_kept and (untouched or not failed):
            shutil.rmtree(run.folder)
