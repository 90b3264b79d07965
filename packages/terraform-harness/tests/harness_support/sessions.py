"""Looks at what sessions of another project, the bucket of examples/, have said and left."""

import json
import re
from hashlib import sha256
from itertools import takewhile
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from terraform_harness.deployments.run import Run, known_runs
from terraform_harness.targets.target import Target


def runs_of(project: pytest.Pytester) -> list[Run]:
    """The runs that have not proved that nothing is left."""
    return list(known_runs(project.path / ".runs"))


def errors_of(result: pytest.RunResult) -> set[str]:
    """The lines of pytest's tracebacks that tell the error, however deep it lies."""
    return {line[1:].strip() for line in result.outlines if line.startswith("E ")}


def bucket_prefix(project: pytest.Pytester) -> str:
    """What the names of this project's buckets begin with: other tests' projects go to the same LocalStack."""
    return f"example-{sha256(str(project.path).encode()).hexdigest()[:8]}"


def buckets_of(project: pytest.Pytester, target: Target) -> list[str]:
    """The buckets that the project's sessions have left."""
    buckets = [bucket["Name"] for bucket in target.client("s3").list_buckets()["Buckets"]]
    return [name for name in buckets if name.startswith(bucket_prefix(project))]


CONFTEST = """
from pathlib import Path

import pytest



@pytest.fixture(scope="session")
def terraform_configuration() -> Path:
    return Path(__file__).parent / "infra"
"""
AWS = {"required_providers": {"aws": {"source": "hashicorp/aws", "version": "5.100.0"}}}


def write_project(path: Path, configuration: dict[str, Any], tests: str) -> Path:
    """Write a project whose Terraform is in `infra`; its tests are the fixture `deployment`'s only users."""
    infra = path / "infra"
    infra.mkdir()
    (infra / "main.tf.json").write_text(json.dumps({"terraform": AWS, **configuration}))
    (path / "conftest.py").write_text(CONFTEST)
    (path / "test_orders.py").write_text(dedent(tests))
    return infra


def message_of(result: pytest.RunResult, error: str) -> str:
    """The whole message of an error in pytest's output, with the id and the suffix of the run left out."""
    start = next(number for number, line in enumerate(result.outlines) if line.startswith("E ") and error in line)
    lines = takewhile(lambda line: line.startswith("E "), result.outlines[start:])
    text = "\n".join(line.removeprefix("E").strip(" ") for line in lines).partition(f"{error}: ")[2]
    return re.sub(r"t-[0-9a-f]{8}", "SUFFIX", re.sub(r"[0-9]{8}-[0-9]{6}-[0-9a-f]{8}", "RUN", text))
