"""Another project that uses the harness."""

import shutil
from pathlib import Path

import pytest

from harness_support.sessions import bucket_prefix
from terraform_harness.targets.target import Target

EXAMPLE = Path(__file__).parents[2] / "examples" / "bucket"


@pytest.fixture
def project(pytester: pytest.Pytester, target: Target, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A copy of the example, whose sessions deploy to the LocalStack of this one."""
    shutil.copytree(EXAMPLE, pytester.path, dirs_exist_ok=True)
    conftest = pytester.path / "conftest.py"
    conftest.write_text(conftest.read_text().replace("example-{", f"{bucket_prefix(pytester)}-{{"))
    monkeypatch.setenv("AWS_ENDPOINT_URL", str(target.endpoint))
    return pytester
