"""A run of the harness: its id, its suffix, its tags and its target."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from terraform_harness.targets.clients import TargetName
    from terraform_harness.targets.target import Target

# A run id is the name of a folder. One from a tag or a command line must not lead out of `.runs/`.
_RUN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*")
# The suffix of a run that was not given another one.
_OWN_SUFFIX = re.compile(r"t-[0-9a-f]{8}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run, as its manifest describes it (see `terraform_harness.deployments.store`).

    Args:
        run_id: The value of the tag `RunId`.
        folder: Holds everything that the run writes.
        suffix: The environment suffix of its names; the value of the tag `Environment`.
        expires_at: RFC 3339; the value of the tag `ExpiresAt`. After it, a sweep may delete the resources of the run.
        pid: The process that owns the run.
        started: The start of that process in epoch seconds, because process ids are reused.
        target: The kind of target that it deploys to; None before that is known.
        place: The address of that target, as text.
        endpoint: The URL of that target; None on AWS.
        session: The session id of that target, if it is a LocalStack that has one.
        applied: Whether an apply has begun, so that resources may exist.
        fingerprint: What was deployed, part by part; None before that.
        kept: Whether the deployment outlives the session that made it.
    """

    run_id: str
    folder: Path
    suffix: str
    expires_at: str
    pid: int
    started: float | None = None
    target: "TargetName | None" = None
    place: str | None = None
    endpoint: str | None = None
    session: str | None = None
    applied: bool = False
    fingerprint: Mapping[str, str] | None = None
    kept: bool = False

    @property
    def tags(self) -> dict[str, str]:
        """The tags that identify the resources of the run on any machine."""
        return {"RunId": self.run_id, "ExpiresAt": self.expires_at, "Environment": self.suffix}

    def owns_name(self, name: str) -> bool:
        """Return whether a name ends in the run's suffix, with or without an account id, and the suffix is unique."""
        stem, _, last = name.rpartition("-")
        ending = f"-{self.suffix}"
        return has_own_suffix(self.suffix) and (name.endswith(ending) or (last.isdigit() and stem.endswith(ending)))

    def is_on(self, target: "Target") -> bool:
        """Return whether a target is the one that the run deployed to; a restarted LocalStack is not."""
        is_restarted = None not in {self.session, target.session} and self.session != target.session
        return self.place == target.place and not is_restarted

    def is_alive(self) -> bool:
        """Return whether the process that owns the run is alive."""
        return self.started is not None and self.started == start_of(self.pid)

    def expired(self, moment: datetime) -> bool:
        """Return whether the run has expired. A run with an unparsable expiry never expires."""
        try:
            expires_at = datetime.fromisoformat(self.expires_at)
        except ValueError:
            return False
        return expires_at.replace(tzinfo=expires_at.tzinfo or UTC) <= moment


def has_own_suffix(suffix: str) -> bool:
    """Return whether a suffix was generated for one run; "dev" and "prod" may have other users."""
    return _OWN_SUFFIX.fullmatch(suffix) is not None


def is_run_id(text: str) -> bool:
    """Return whether a text can be the id of a run."""
    return _RUN_ID.fullmatch(text) is not None


def start_of(pid: int) -> float | None:
    """Return the start of a process in epoch seconds; None if the process has ended."""
    try:
        return psutil.Process(pid).create_time()
    except psutil.NoSuchProcess:
        return None
