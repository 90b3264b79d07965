"""One embedded LocalStack for all tests of this folder, and functions in it."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from embedded_localstack import LocalStack
from localstack_support.functions import Functions
from localstack_support.pipeline import Pipeline


@pytest.fixture(scope="session")
def localstack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    with LocalStack(tmp_path_factory.mktemp("localstack"), services=["dynamodb", "kinesis", "lambda"]) as running:
        yield running


@pytest.fixture
def functions(localstack: LocalStack) -> Iterator[Functions]:
    created = Functions(localstack)
    yield created
    created.delete_all()


@pytest.fixture
def pipeline(localstack: LocalStack, name: str) -> Pipeline:
    return Pipeline(localstack, name)


@pytest.fixture
def name() -> str:
    """A unique name for resources."""
    return f"test-{uuid.uuid4().hex[:8]}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A run directory that does not exist yet."""
    return tmp_path / "run"
