"""Runs a CDKTF app once for each environment and source, and shares its output between tests, processes and runs."""

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
# Every file may be read by the app, such as an asset or a template. The exceptions are these folders of a project,
_NOT_SOURCES = {"cdktf.out", "docs", "releases", "reports", "tests"}
# hidden and generated folders anywhere,
_GENERATED_FOLDER = re.compile(r"\..*|__pycache__|node_modules|venv|.*\.egg-info")
# and files that tools write while tests run.
_GENERATED_FILE = re.compile(r"\.coverage.*|\.DS_Store|.*\.(?:log|pyc|swp|tfstate(?:\.backup)?)")
# The variables that every program needs, and one for coverage. The settings of the app are passed explicitly.
_INHERITED = ("COVERAGE_PROCESS_CONFIG", "HOME", "LANG", "PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR")
# More than the tests of one project use, because several processes share the folder.
_KEPT = 100

type Environment = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Synthesis:
    """The output of an app. The folder is read-only: other tests read it too."""

    folder: Path
    fingerprint: str

    def stack_folder(self, stack: str | None = None) -> Path:
        """Return the folder with the `cdk.tf.json` and the assets of a stack; one stack needs no name."""
        stacks = json.loads((self.folder / "manifest.json").read_text())["stacks"]
        if stack is None:
            (stack,) = stacks
        return self.folder / str(stacks[stack]["workingDirectory"])

    def terraform(self, stack: str | None = None) -> dict[str, Any]:
        """Return the Terraform JSON of a stack."""
        content: dict[str, Any] = json.loads((self.stack_folder(stack) / "cdk.tf.json").read_text())
        return content

    def template(self, stack: str | None = None) -> Template:
        """Return the Terraform JSON of a stack, with assertions."""
        return Template(self.terraform(stack))


def synthesize(project: Path, environment: Environment) -> Synthesis:
    """Run the app in the project's `cdktf.json`, unless its output for this environment and source exists.

    The app sees these variables, and of the caller's environment only those that every program needs.

    Raises:
        SynthesisError: The app failed.
    """
    (synthesis,) = synthesize_each(project, [environment])
    return synthesis


def synthesize_each(project: Path, environments: Sequence[Environment]) -> list[Synthesis]:
    """Synthesize for several environments; a Python app runs in one process for all of them.

    Raises:
        SynthesisError: The app failed.
    """
    cache = project / ".runs" / "synthesis"
    cache.mkdir(parents=True, exist_ok=True)
    source = _source_digest(project)
    fingerprints = [_fingerprint(source, environment) for environment in environments]
    by_folder = {cache / name: environment for name, environment in zip(fingerprints, environments, strict=True)}
    with FileLock(cache / ".lock"):
        _run_app(project, {folder: one for folder, one in by_folder.items() if not folder.exists()})
        for folder in by_folder:
            os.utime(folder)
        _remove_oldest(cache, keep=max(_KEPT, len(by_folder)))
    return [Synthesis(folder=cache / name, fingerprint=name) for name in fingerprints]


def _fingerprint(source: str, environment: Environment) -> str:
    return hashlib.sha256(json.dumps([source, sorted(environment.items())]).encode()).hexdigest()[:16]


def _source_digest(project: Path) -> str:
    digest = hashlib.sha256()
    for source in sorted(_sources(project)):
        digest.update(source.relative_to(project).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(source.read_bytes()).digest())
    return digest.hexdigest()


def _sources(project: Path) -> Iterator[Path]:
    for folder, below, files in project.walk():
        excluded = _NOT_SOURCES if folder == project else set()
        below[:] = [name for name in below if name not in excluded and not _GENERATED_FOLDER.fullmatch(name)]
        found = (folder / name for name in files if not _GENERATED_FILE.fullmatch(name))
        # A link may lead to a folder, or nowhere.
        yield from (path for path in found if path.is_file())


def _run_app(project: Path, missing: Mapping[Path, Environment]) -> None:
    if not missing:
        return
    inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    unfinished = {folder: folder.with_suffix(".unfinished") for folder in missing}
    runs = [
        {**inherited, **environment, "CDKTF_OUTDIR": str(unfinished[folder])} for folder, environment in missing.items()
    ]
    for leftover in unfinished.values():
        shutil.rmtree(leftover, ignore_errors=True)
    command = shlex.split(json.loads((project / "cdktf.json").read_text())["app"])
    script = next((index for index, part in enumerate(command) if part.endswith(".py")), None)
    if script is None:
        for run in runs:
            _run(command, project, run, shown=command)
    else:
        driven = [*command[:script], str(_DRIVER), *command[script:]]
        _run(driven, project, inherited, shown=command, runs=runs)
    # Renamed last: a folder with a finished name is always complete.
    for folder, leftover in unfinished.items():
        leftover.rename(folder)


def _run(
    command: Sequence[str],
    project: Path,
    environment: Environment,
    *,
    shown: Sequence[str],
    runs: Sequence[Environment] = (),
) -> None:
    finished = subprocess.run(
        command, cwd=project, env=environment, input=json.dumps(runs), capture_output=True, text=True, check=False
    )
    if finished.returncode != 0:
        message = finished.stderr or finished.stdout
        raise SynthesisError(command=shown, folder=project, exit_code=finished.returncode, message=message)


def _remove_oldest(cache: Path, *, keep: int) -> None:
    """Remove the least recently used outputs."""
    finished = (entry for entry in cache.iterdir() if entry.is_dir() and not entry.suffix)
    for folder in sorted(finished, key=lambda entry: entry.stat().st_mtime)[:-keep]:
        shutil.rmtree(folder)
