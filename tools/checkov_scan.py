"""Scans every documented combination of settings with checkov: `python -m tools checkov-scan CHECKOV`.

The scan fails on a file without any check, on a finding that is not suppressed beside its resource, and on a
suppression that no combination needs.
"""

import hashlib
import json
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from modules.checkov_suppressions import ACCEPTED, COMMENT
from modules.combinations import COMBINATIONS
from terraform_harness import synthesize_each
from tools.project import PROJECT

_LAST_CLEAN_SCAN = PROJECT / ".runs" / "checkov"


def run(checkov: Annotated[str, typer.Argument(help="The checkov program.")]) -> None:
    """Scan every documented combination of settings with checkov."""
    syntheses = synthesize_each(PROJECT, list(COMBINATIONS.values()))
    files = {
        combination: synthesis.stack_folder() / "cdk.tf.json"
        for combination, synthesis in zip(COMBINATIONS, syntheses, strict=True)
    }
    # A scan takes ten seconds, so unchanged input is not scanned again.
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in (*files.values(), PROJECT / "uv.lock"))).hexdigest()
    if _LAST_CLEAN_SCAN.exists() and _LAST_CLEAN_SCAN.read_text() == digest:
        typer.echo("checkov: unchanged since the last clean scan.")
        return
    report = scan(checkov, files.values())
    problems = list(
        judge(
            {combination: json.loads(file.read_text()) for combination, file in files.items()},
            {combination: _checks_of(report, file) for combination, file in files.items()},
        )
    )
    for problem in problems:
        typer.echo(problem, err=True)
    typer.echo(f"checkov: {len(files)} combinations of settings, {len(problems)} problems.")
    if problems:
        raise typer.Exit(1)
    _LAST_CLEAN_SCAN.write_text(digest)


def scan(checkov: str, files: Iterable[Path]) -> Mapping[str, Any]:
    """Return checkov's report on files of Terraform JSON."""
    command = [checkov, "--framework", "terraform_json", "--skip-download", "--compact", "--output", "json"]
    for file in files:
        command += ["--file", str(file)]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    report: Mapping[str, Any] = json.loads(finished.stdout)
    return report


def judge(artifacts: Mapping[str, Mapping[str, Any]], scans: Mapping[str, Mapping[str, list[Any]]]) -> Iterator[str]:
    """Yield one sentence for each problem with the scans of the artifacts."""
    needed = set()
    for combination, checks in scans.items():
        if not checks["passed_checks"]:
            # checkov exits with 0 when it cannot parse its input.
            yield f"{combination}: checkov ran no check, because it could not parse the file."
        for check in checks["failed_checks"]:
            name, check_id = _name(check["resource"]), check["check_id"]
            needed.add((name, check_id))
            if (name, check_id) not in _suppressed(artifacts[combination]):
                yield f"{combination}: {check_id} fails for {name}: {check['check_name']}."
    everywhere = set().union(*map(_suppressed, artifacts.values()))
    for name, check_id in sorted(everywhere - needed):
        yield f"{check_id} is suppressed for {name}, but does not fail there: remove the suppression."


def _checks_of(report: Mapping[str, Any], file: Path) -> Mapping[str, list[Any]]:
    """Return the checks of one file. An empty report has no results at all."""
    results = report.get("results", {})
    return {
        kind: [check for check in results.get(kind, []) if check["file_abs_path"] == str(file)]
        for kind in ("passed_checks", "failed_checks")
    }


def _suppressed(terraform: Mapping[str, Any]) -> set[tuple[str, str]]:
    return {
        (name, check_id)
        for resources in terraform["resource"].values()
        for name, resource in resources.items()
        for check_id in resource[COMMENT].get(ACCEPTED, {})
    }


def _name(address: str) -> str:
    """Return the resource's name: checkov puts the type before some names and 'resource' before others."""
    return address.rpartition(".")[2]
