"""Looks at what sessions of another project, the bucket of examples/, have said and left."""

from hashlib import sha256

import pytest

from harness.runs import Run, known_runs
from harness.targets import Target


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
