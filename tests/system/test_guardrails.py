"""The guardrails as a command, and their catalogue of names against the installed botocore."""

import importlib.metadata
import json
import subprocess
import sys
from pathlib import Path

import pytest

from guardrails.catalogue import names
from guardrails.data import load

PROJECT = Path(__file__).parents[2]
DATA = PROJECT / "tests" / "data" / "guardrails"


def test_the_module_runs_and_writes_plain_text_to_a_pipe() -> None:
    finished = subprocess.run(
        [sys.executable, "-m", "guardrails", str(DATA / "key-policy-cycle"), "--format", "text"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (finished.returncode, finished.stderr) == (1, "")
    assert finished.stdout.splitlines()[0] == "error dependency-cycle aws_cloudwatch_log_group.logs"
    assert "\x1b" not in finished.stdout


def test_the_limits_are_those_of_the_installed_botocore(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names, "TARGET", tmp_path / "names.json")

    names.main()

    assert json.loads(names.TARGET.read_text()) == load("resource_names.json")
    assert importlib.metadata.version("botocore") in load("resource_names.json")["source"]
