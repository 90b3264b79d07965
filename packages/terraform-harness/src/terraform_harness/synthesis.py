"""Runs a CDKTF app once per settings and source, and shares what it wrote between tests, processes and runs."""

import hashlib
import json
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock

from terraform_harness.errors import SynthesisError
from terraform_harness.template import Template

_DRIVER = Path(__file__).with_name("synthesis_driver.py")
# Every file may be one that the app reads, such as an asset or a template, except in these at the top of a project,
_NOT_SOURCES = {"cdktf.out", "docs", "releases", "reports", "tests"}
# in what is hidden or made by a tool wherever it is,
_GENERATED_FOLDER = re.compile(r"\..*|__pycache__|node_modules|venv|.*\.egg-info")
# and except what appears and changes while tests run.
_GENERATED_FILE = re.compile(r"\.coverage.*|\.DS_Store|.*\.(?:log|pyc|swp|tfstate(?:\.backup)?)")
# What a program needs of its surroundings, and to be measured with its caller; settings come from the caller alone.
_INHERITED = ("COVERAGE_PROCESS_CONFIG", "HOME", "LANG", "PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR")
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
    (synthesis,) = synthesize_each(project, [environment])
    return synthesis


def synthesize_each(project: Path, environments: Sequence[Mapping[str, str]]) -> list[Synthesis]:
    """Synthesize for several environments, all that are new in one process.

    Raises:
        SynthesisError: The app failed.
    """
    cache = project / ".runs" / "synthesis"
    cache.mkdir(parents=True, exist_ok=True)
    source = _source_digest(project)
    folders = {_fingerprint(source, environment): environment for environment in environments}
    with FileLock(cache / ".lock"):
        missing = {cache / name: environment for name, environment in folders.items() if not (cache / name).exists()}
        _run_app(project, missing)
        for name in folders:
            os.utime(cache / name)
        _forget_oldest(cache)
    fingerprints = (_fingerprint(source, environment) for environment in environments)
    return [Synthesis(folder=cache / name, fingerprint=name) for name in fingerprints]


def _fingerprint(source: str, environment: Mapping[str, str]) -> str:
    return hashlib.sha256(json.dumps([source, sorted(environment.items())]).encode()).hexdigest()[:16]


def _source_digest(project: Path) -> str:
    digest = hashlib.sha256()
    for source in sorted(_sources(project)):
        digest.update(source.relative_to(project).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(source.read_bytes()).digest())
    return digest.hexdigest()


def _sources(project: Path) -> Iterator[Path]:
    for folder, below, files in project.walk():
        passed_over = _NOT_SOURCES if folder == project else set()
        below[:] = [name for name in below if name not in passed_over and not _GENERATED_FOLDER.fullmatch(name)]
        found = (folder / name for name in files if not _GENERATED_FILE.fullmatch(name))
        # A link may lead to a folder, or nowhere.
        yield from (path for path in found if path.is_file())


def _run_app(project: Path, missing: Mapping[Path, Mapping[str, str]]) -> None:
    if not missing:
        return
    inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    unfinished = {folder: folder.with_suffix(".unfinished") for folder in missing}
    runs = [
        inherited | dict(environment) | {"CDKTF_OUTDIR": str(unfinished[folder])}
        for folder, environment in missing.items()
    ]
    for leftover in unfinished.values():
        shutil.rmtree(leftover, ignore_errors=True)
    command = shlex.split(json.loads((project / "cdktf.json").read_text())["app"])
    script = next((position for position, part in enumerate(command) if part.endswith(".py")), None)
    if script is None:
        for run in runs:
            _run(command, project, run)
    else:
        _run([*command[:script], str(_DRIVER), *command[script:]], project, inherited, shown=command, runs=runs)
    # Renamed last: a folder of a finished name is always whole.
    for folder, leftover in unfinished.items():
        leftover.rename(folder)


def _run(
    command: Sequence[str],
    project: Path,
    environment: Mapping[str, str],
    *,
    shown: Sequence[str] | None = None,
    runs: Sequence[Mapping[str, str]] = (),
) -> None:
    finished = subprocess.run(
        command, cwd=project, env=dict(environment), input=json.dumps(runs), capture_output=True, text=True, check=False
    )
    if finished.returncode != 0:
        raise SynthesisError(
            command=shown or command,
            folder=project,
            exit_code=finished.returncode,
            message=finished.stderr or finished.stdout,
        )


def _forget_oldest(cache: Path) -> None:
    """Remove what was not used for longest; a test run needs far fewer than are kept."""
    whole = (entry for entry in cache.iterdir() if entry.is_dir() and not entry.suffix)
    for folder in sorted(whole, key=lambda entry: entry.stat().st_mtime)[:-_KEPT]:
        shutil.rmtree(folder)
