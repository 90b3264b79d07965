"""Runs a CDKTF app once per settings and source, and shares what it wrote between tests, processes and runs."""

import hashlib
import json
import os
import shlex
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock

from harness import processes
from harness.errors import SynthesisError
from harness.template import Template

_SOURCES = ("*.py", "*.toml", "*.lock", "*.json")
_NOT_SOURCES = {"node_modules", "cdktf.out", "tests", "docs", "reports", "__pycache__"}
# What a program needs of its surroundings; settings come from the caller alone.
_INHERITED = ("HOME", "LANG", "PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR")
_KEPT = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Synthesis:
    """What an app wrote: treat the folder as read-only, other tests read it too."""

    folder: Path
    fingerprint: str

    def stack_folder(self, stack: str | None = None) -> Path:
        """Return the folder with a stack's `cdk.tf.json` and assets; the name may be left out if there is one stack."""
        stacks = json.loads((self.folder / "manifest.json").read_text())["stacks"]
        if stack is None:
            (stack,) = stacks
        return self.folder / str(stacks[stack]["workingDirectory"])

    def terraform(self, stack: str | None = None) -> dict[str, Any]:
        """Return a stack's Terraform JSON."""
        content: dict[str, Any] = json.loads((self.stack_folder(stack) / "cdk.tf.json").read_text())
        return content

    def template(self, stack: str | None = None) -> Template:
        """Return a stack's Terraform JSON, to be asserted upon."""
        return Template(self.terraform(stack))


def synthesize(project: Path, environment: Mapping[str, str]) -> Synthesis:
    """Run the app that the project's `cdktf.json` names, unless it ran already with this environment and source.

    The app sees these variables, and of the caller's environment only what any program needs.

    Raises:
        SynthesisError: The app failed.
    """
    fingerprint = _fingerprint(project, environment)
    cache = project / ".runs" / "synthesis"
    folder = cache / fingerprint
    cache.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.with_suffix(".lock")):
        if not folder.exists():
            _run_app(project, environment, folder)
            _forget_oldest(cache)
        os.utime(folder)
    return Synthesis(folder=folder, fingerprint=fingerprint)


def _fingerprint(project: Path, environment: Mapping[str, str]) -> str:
    digest = hashlib.sha256(json.dumps(sorted(environment.items())).encode())
    for source in sorted(_sources(project)):
        digest.update(source.relative_to(project).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(source.read_bytes()).digest())
    return digest.hexdigest()[:16]


def _sources(project: Path) -> Iterator[Path]:
    for folder, below, files in project.walk():
        below[:] = [name for name in below if not name.startswith(".") and name not in _NOT_SOURCES]
        yield from (folder / name for name in files if Path(name).suffix and any(map(Path(name).match, _SOURCES)))


def _run_app(project: Path, environment: Mapping[str, str], folder: Path) -> None:
    command = shlex.split(json.loads((project / "cdktf.json").read_text())["app"])
    unfinished = folder.with_suffix(".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    surroundings = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    finished = processes.run(
        command, folder=project, environment=surroundings | dict(environment) | {"CDKTF_OUTDIR": str(unfinished)}
    )
    if finished.exit_code != 0:
        raise SynthesisError(
            command=command, folder=project, exit_code=finished.exit_code, message=finished.stderr or finished.stdout
        )
    # Renamed last: a folder of this name is always whole.
    unfinished.rename(folder)


def _forget_oldest(cache: Path) -> None:
    """Remove what was not used for longest; a test run needs far fewer than are kept."""
    whole = (entry for entry in cache.iterdir() if entry.is_dir() and not entry.suffix)
    for folder in sorted(whole, key=lambda entry: entry.stat().st_mtime)[:-_KEPT]:
        shutil.rmtree(folder, ignore_errors=True)
        folder.with_suffix(".lock").unlink(missing_ok=True)
