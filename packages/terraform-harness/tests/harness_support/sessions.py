"""Sessions of pytest in a project that uses the plugin: what they print and what they leave."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from hashlib import sha256
from itertools import takewhile
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from terraform_harness.deployments.run import Run
from terraform_harness.deployments.store import RunStore
from terraform_harness.targets.target import Target

CONFTEST = """
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def terraform_configuration() -> Path:
    return Path(__file__).parent / "infra"
"""
AWS = {"required_providers": {"aws": {"source": "hashicorp/aws", "version": "5.100.0"}}}
# Terraform's built-in resource type needs no provider: its sessions take seconds.
BUILT_IN = {"resource": {"terraform_data": {"it": {"input": "an order"}}}}
ENDLESS = """
import signal

def test_waits_for_a_signal(terraform_deployment):
    signal.pause()
"""


def write_project(path: Path, configuration: dict[str, Any], tests: str) -> Path:
    """Write a project with its Terraform in `infra`; return that folder."""
    infra = path / "infra"
    infra.mkdir()
    terraform = {} if configuration is BUILT_IN else {"terraform": AWS}
    (infra / "main.tf.json").write_text(json.dumps({**terraform, **configuration}))
    (path / "conftest.py").write_text(CONFTEST)
    (path / "test_orders.py").write_text(dedent(tests))
    return infra


def run_session(project: Path, target: Target, *arguments: str) -> pytest.RunResult:
    """Run pytest in a project whose deployment goes to a LocalStack."""
    finished = subprocess.run(
        [sys.executable, "-m", "pytest", *arguments],
        cwd=project,
        env=os.environ | {"AWS_ENDPOINT_URL": str(target.endpoint)},
        capture_output=True,
        text=True,
        check=False,
    )
    lines, errors = finished.stdout.splitlines(), finished.stderr.splitlines()
    return pytest.RunResult(finished.returncode, lines, errors, 0.0)


def runs_in(project: Path) -> Sequence[Run]:
    """Return the runs that are not clean."""
    return RunStore(project / ".runs").known()


def runs_of(project: pytest.Pytester) -> Sequence[Run]:
    """Return the runs that are not clean."""
    return runs_in(project.path)


def errors_of(result: pytest.RunResult) -> set[str]:
    """Return the error lines of pytest's tracebacks."""
    return {line[1:].strip() for line in result.outlines if line.startswith("E ")}


def bucket_prefix(project: pytest.Pytester) -> str:
    """Return the start of the names of this project's buckets; other projects use the same LocalStack."""
    return f"example-{sha256(str(project.path).encode()).hexdigest()[:8]}"


def buckets_of(project: pytest.Pytester, target: Target) -> list[str]:
    """Return the existing buckets of the project."""
    buckets = [bucket["Name"] for bucket in target.client("s3").list_buckets()["Buckets"]]
    return [name for name in buckets if name.startswith(bucket_prefix(project))]


def message_of(result: pytest.RunResult, error: str) -> str:
    """Return the whole message of an error in pytest's output, with RUN and SUFFIX for those of the run."""
    start = next(number for number, line in enumerate(result.outlines) if line.startswith("E ") and error in line)
    lines = takewhile(lambda line: line.startswith("E "), result.outlines[start:])
    text = "\n".join(line.removeprefix("E").strip(" ") for line in lines).partition(f"{error}: ")[2]
    return re.sub(r"t-[0-9a-f]{8}", "SUFFIX", re.sub(r"[0-9]{8}-[0-9]{6}-[0-9a-f]{8}", "RUN", text))
