"""The LocalStack of the tests, and a project that deploys to it."""

import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness_support.sessions import bucket_prefix
from terraform_harness.targets.target import Target

EXAMPLE = Path(__file__).parents[2] / "examples" / "bucket"


@pytest.fixture(autouse=True)
def default_sigint() -> Iterator[None]:
    """Restore the default handler of SIGINT: a shell that starts the tests in the background lets them ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="session")
def target(terraform_target: Target) -> Target:
    return terraform_target


@pytest.fixture
def empty_project(pytester: pytest.Pytester, target: Target, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A folder whose sessions deploy to the LocalStack of the tests."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", str(target.endpoint))
    return pytester


@pytest.fixture
def project(empty_project: pytest.Pytester) -> pytest.Pytester:
    """A copy of the example with bucket names of its own."""
    shutil.copytree(EXAMPLE, empty_project.path, dirs_exist_ok=True)
    conftest = empty_project.path / "conftest.py"
    conftest.write_text(conftest.read_text().replace("example-{", f"{bucket_prefix(empty_project)}-{{"))
    return empty_project
