"""One run of the harness: its id, its folder below `.runs/`, and the manifest that outlives a crash."""

import json
import os
import re
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil

from terraform_harness.deployments.created import Created
from terraform_harness.errors import RunMissingError
from terraform_harness.targets.target import Target, TargetName

LIFETIME = timedelta(hours=3)
_MANIFEST = "manifest.json"
# A run id is the name of a folder: one that a tag or a command line gives must not lead out of it.
_RUN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*")
# The suffix of a run that was not given another one.
_OWN_SUFFIX = re.compile(r"t-[0-9a-f]{8}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What a run leaves on disk until nothing of it is left on the target.

    Args:
        run_id: Unique; the value of the tag `RunId`.
        folder: Holds everything that the run writes.
        suffix: The environment suffix that the run deploys under.
        expires_at: RFC 3339; the value of the tag `ExpiresAt`. From then on a sweep may end what is left.
        pid: The process that owns the run.
        started: When that process began, in epoch seconds: a process id is given again to others.
        target: The kind of target that it deploys to; None before that is known.
        place: Which one, in words.
        endpoint: The URL of that target, if it has one: AWS has none.
        session: The id of that target, if it is a LocalStack that tells one.
        applied: Whether something was deployed, as far as is known: something of it may be left.
        fingerprint: What was deployed, part by part; None before that.
        kept: Whether it is to outlive the session that deployed it.
    """

    run_id: str
    folder: Path
    suffix: str
    expires_at: str
    pid: int
    started: float | None = None
    target: TargetName | None = None
    place: str | None = None
    endpoint: str | None = None
    session: str | None = None
    applied: bool = False
    fingerprint: Mapping[str, str] | None = None
    kept: bool = False

    @property
    def tags(self) -> dict[str, str]:
        """The tags by which everything that the run deploys is found again, on any machine."""
        return {"RunId": self.run_id, "ExpiresAt": self.expires_at, "Environment": self.suffix}

    @property
    def created(self) -> Created:
        """The record of what the run created."""
        return Created.read(self.folder)

    def owns_name(self, name: str) -> bool:
        """Whether a name ends in the suffix of the run, also before an account id, and no other run has that suffix."""
        stem, _, last = name.rpartition("-")
        ending = f"-{self.suffix}"
        return has_own_suffix(self.suffix) and (name.endswith(ending) or (last.isdigit() and stem.endswith(ending)))

    def at(self, target: Target) -> "Run":
        """The same run, deploying to a target; written down at once."""
        return replace(
            self, target=target.name, place=target.place, endpoint=target.endpoint, session=target.session
        ).save()

    def applying(self) -> "Run":
        """The same run, of which something may be left from now on; written down at once."""
        return replace(self, applied=True).save()

    def kept_by(self, pid: int) -> "Run":
        """The same run, owned by another process from now on; written down at once."""
        return replace(self, pid=pid, started=_started(pid)).save()

    def carrying(self, fingerprint: Mapping[str, str], *, kept: bool) -> "Run":
        """The same run, with what it deployed, and whether that is to stay; written down at once."""
        return replace(self, fingerprint=dict(fingerprint), kept=kept).save()

    def reloaded(self) -> "Run":
        """The same run, as its manifest says by now."""
        return load_run(self.folder.parent, self.run_id)

    def is_on(self, target: Target) -> bool:
        """Whether a target is the one that the run deployed to; a LocalStack that was restarted is not."""
        is_restarted = None not in {self.session, target.session} and self.session != target.session
        return self.place == target.place and not is_restarted

    @property
    def is_left(self) -> bool:
        """Whether something of the run may still exist on its target."""
        return (self.folder / _MANIFEST).exists() and self.reloaded().applied

    @property
    def is_handed_over(self) -> bool:
        """Whether the run belongs to another process by now."""
        return (self.folder / _MANIFEST).exists() and self.reloaded().pid != self.pid

    @property
    def is_alive(self) -> bool:
        """Whether the process that owns the run still is."""
        return self.started is not None and self.started == _started(self.pid)

    def is_over(self, moment: datetime) -> bool:
        """Whether the time of the run is over, so that a sweep may end it; an end that is no time never comes."""
        try:
            expires_at = datetime.fromisoformat(self.expires_at)
        except ValueError:
            return False
        return expires_at.replace(tzinfo=expires_at.tzinfo or UTC) <= moment

    def settle(self) -> None:
        """Note that nothing of the run is left on its target; logs stay where they are."""
        (self.folder / _MANIFEST).unlink(missing_ok=True)

    def save(self) -> "Run":
        """Write the manifest."""
        content = {name: str(value) if isinstance(value, Path) else value for name, value in asdict(self).items()}
        # A kill in the middle of writing must not leave half a manifest, which nobody could read.
        whole = self.folder / f"{_MANIFEST}.{os.getpid()}"
        whole.write_text(json.dumps(content, indent=2))
        whole.replace(self.folder / _MANIFEST)
        return self


def has_own_suffix(suffix: str) -> bool:
    """Whether a suffix was made for one run: "dev" and "prod" may belong to anyone."""
    return _OWN_SUFFIX.fullmatch(suffix) is not None


def is_run_id(text: str) -> bool:
    """Whether a text can be the id of a run."""
    return _RUN_ID.fullmatch(text) is not None


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
    # States and logs are nobody's sources, and states may hold secrets.
    (runs / ".gitignore").write_text("*\n")
    return Run(
        run_id=run_id,
        folder=folder,
        suffix=f"t-{token}" if suffix is None else suffix,
        expires_at=f"{datetime.now(UTC) + lifetime:%Y-%m-%dT%H:%M:%SZ}",
        pid=os.getpid(),
        started=_started(os.getpid()),
    ).save()


def load_run(runs: Path, run_id: str) -> Run:
    """Read the manifest of an earlier run.

    Raises:
        RunMissingError: There is no such run.
    """
    folder = runs / run_id
    try:
        content = json.loads((folder / _MANIFEST).read_text()) if is_run_id(run_id) else None
    except FileNotFoundError:
        content = None
    if content is None:
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
        if not run.is_left and not run.is_handed_over and (untouched or not failed):
            shutil.rmtree(run.folder)


def _started(pid: int) -> float | None:
    try:
        return psutil.Process(pid).create_time()
    except psutil.NoSuchProcess:
        return None
