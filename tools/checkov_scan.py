"""Scans every documented combination of settings with checkov: `python -m tools.checkov_scan CHECKOV`.

Nothing passes unread: a file in which checkov found nothing to check, a finding that is not accepted beside its
resource, and an acceptance that nothing needs any more are all problems.
"""

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from modules.checkov_suppressions import ACCEPTED, COMMENT
from modules.combinations import COMBINATIONS
from terraform_harness.synthesis import synthesize_each

PROJECT = Path(__file__).parent.parent


def main() -> int:
    """Scan, print what is wrong, and return the exit code."""
    (checkov,) = sys.argv[1:]
    syntheses = synthesize_each(PROJECT, list(COMBINATIONS.values()))
    files = {
        combination: synthesis.stack_folder() / "cdk.tf.json"
        for combination, synthesis in zip(COMBINATIONS, syntheses, strict=True)
    }
    # Ten seconds of work are spared where nothing changed since the last clean scan.
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in (*files.values(), PROJECT / "uv.lock"))).hexdigest()
    last_clean = PROJECT / ".runs" / "posture"
    if last_clean.exists() and last_clean.read_text() == digest:
        sys.stdout.write("checkov: unchanged since the last clean scan.\n")
        return 0
    report = scan(checkov, files.values())
    problems = list(
        judge(
            {combination: json.loads(file.read_text()) for combination, file in files.items()},
            {combination: _part(report, file) for combination, file in files.items()},
        )
    )
    sys.stderr.writelines(f"{problem}\n" for problem in problems)
    sys.stdout.write(f"checkov: {len(files)} combinations of settings, {len(problems)} problems.\n")
    if problems:
        return 1
    last_clean.write_text(digest)
    return 0


def scan(checkov: str, files: Iterable[Path]) -> Mapping[str, Any]:
    """Return checkov's report on files of Terraform JSON."""
    command = [checkov, "--framework", "terraform_json", "--skip-download", "--compact", "--output", "json"]
    for file in files:
        command += ["--file", str(file)]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    report: Mapping[str, Any] = json.loads(finished.stdout)
    return report


def judge(artifacts: Mapping[str, Mapping[str, Any]], scans: Mapping[str, Mapping[str, list[Any]]]) -> Iterator[str]:
    """Yield a sentence for everything that keeps the scans of the artifacts from being clean ones."""
    needed = set()
    for combination, checks in scans.items():
        if not checks["passed_checks"]:
            # checkov exits with 0 when it cannot parse its input.
            yield f"{combination}: checkov checked nothing, it could not read the file."
        for check in checks["failed_checks"]:
            name, check_id = _name(check["resource"]), check["check_id"]
            needed.add((name, check_id))
            if (name, check_id) not in _accepted(artifacts[combination]):
                yield f"{combination}: {check_id} fails for {name}: {check['check_name']}."
    everywhere = set().union(*map(_accepted, artifacts.values()))
    for name, check_id in sorted(everywhere - needed):
        yield f"{check_id} is accepted for {name}, but never fails: remove the acceptance."


def _part(report: Mapping[str, Any], file: Path) -> Mapping[str, list[Any]]:
    """Return the checks of one file. An empty report has no results at all."""
    results = report.get("results", {})
    return {
        kind: [check for check in results.get(kind, []) if check["file_abs_path"] == str(file)]
        for kind in ("passed_checks", "failed_checks")
    }


def _accepted(terraform: Mapping[str, Any]) -> set[tuple[str, str]]:
    return {
        (name, check_id)
        for resources in terraform["resource"].values()
        for name, resource in resources.items()
        for check_id in resource[COMMENT].get(ACCEPTED, {})
    }


def _name(address: str) -> str:
    """Return the resource's own name: checkov writes its type before some names and 'resource' before others."""
    return address.rpartition(".")[2]


if __name__ == "__main__":
    sys.exit(main())
