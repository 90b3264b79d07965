"""`terraform-harness sweep` finds what a killed session with an embedded LocalStack has left, and removes it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from harness_support.sessions import runs_of
from terraform_harness.polling import eventually

PROJECT = Path(__file__).parents[4]
WITHIN_SECONDS = 120
CONFTEST = """
import json
from pathlib import Path

import pytest



@pytest.fixture(scope="session")
def terraform_configuration(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("infra")
    (folder / "main.tf.json").write_text(json.dumps({"resource": {"terraform_data": {"it": {}}}}))
    return folder
"""
ENDLESS = """
import signal


def test_waits(deployment):
    signal.pause()
"""


@pytest.fixture
def shell(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A shell that leads to no LocalStack: the session starts one of its own."""
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    # Where 'npm ci' has installed what LocalStack needs.
    (pytester.path / "node_modules").symlink_to(PROJECT / "node_modules")
    return dict(os.environ)


def test_sweep_removes_what_a_killed_session_left(pytester: pytest.Pytester, shell: dict[str, str]) -> None:
    pytester.makeconftest(CONFTEST)
    pytester.makepyfile(test_endless=ENDLESS)
    with subprocess.Popen([sys.executable, "-m", "pytest"], cwd=pytester.path, env=shell) as session:
        eventually(
            lambda: [(run.folder / "after-apply.json").exists() for run in runs_of(pytester)],
            until=lambda deployed: deployed == [True],
            what="the stack is deployed",
            within=WITHIN_SECONDS,
        )
        in_use = swept(pytester)
        session.kill()
    (run,) = runs_of(pytester)

    listed, removed, listed_again = swept(pytester), swept(pytester, "--yes"), swept(pytester)

    heading = [f"Run {run.run_id}, which could stay until {run.expires_at}:", f"  folder {run.folder}"]
    assert in_use == ["No dead run has left anything."]
    assert listed == [*heading, "1 run would be deleted: say --yes to do it."]
    assert removed == [*heading, "1 run was deleted."]
    assert listed_again == ["No dead run has left anything."]
    assert not run.folder.exists()


def test_kept_run_is_listed_and_stays(pytester: pytest.Pytester, shell: dict[str, str]) -> None:
    pytester.makeconftest(CONFTEST)
    pytester.makepyfile(test_deployed="def test_deployed(deployment): pass")
    subprocess.run([sys.executable, "-m", "pytest", "--keep"], cwd=pytester.path, env=shell, check=True)
    (kept,) = runs_of(pytester)

    said = swept(pytester, "--yes")

    assert said == [
        f"Run {kept.run_id} is kept until {kept.expires_at}. Destroy it with: terraform-harness destroy {kept.run_id}",
        "No dead run has left anything.",
    ]
    assert runs_of(pytester) == [kept]
    destroyed = pytester.run(sys.executable, "-m", "terraform_harness", "destroy", kept.run_id)
    assert destroyed.outlines[-1] == f"Nothing of run {kept.run_id} is left."


def swept(project: pytest.Pytester, *options: str) -> list[str]:
    """The lines that the command prints."""
    return project.run(sys.executable, "-m", "terraform_harness", "sweep", *options).outlines
