"""`terraform-harness sweep` lists and removes what a killed session with an embedded LocalStack has left."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from harness_support.sessions import BUILT_IN, ENDLESS, runs_of, write_project
from terraform_harness.polling import eventually

PROJECT = Path(__file__).parents[4]
WITHIN_SECONDS = 120


@pytest.fixture
def shell(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A shell without AWS_ENDPOINT_URL: the session starts a LocalStack."""
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    # 'npm ci' has installed there what LocalStack needs.
    (pytester.path / "node_modules").symlink_to(PROJECT / "node_modules")
    return dict(os.environ)


def test_sweep_removes_what_a_killed_session_left(pytester: pytest.Pytester, shell: dict[str, str]) -> None:
    write_project(pytester.path, BUILT_IN, ENDLESS)
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

    heading = [f"Run {run.run_id} (expires at {run.expires_at}):", f"  folder {run.folder}"]
    assert in_use == ["No expired run has leftover resources."]
    assert listed == [*heading, "1 run would be deleted. Add --yes to delete it."]
    assert removed == [*heading, "1 run was deleted."]
    assert listed_again == ["No expired run has leftover resources."]
    assert not run.folder.exists()


def test_kept_run_is_listed_and_stays(pytester: pytest.Pytester, shell: dict[str, str]) -> None:
    write_project(pytester.path, BUILT_IN, "def test_deployed(terraform_deployment): pass")
    subprocess.run([sys.executable, "-m", "pytest", "--tf-keep"], cwd=pytester.path, env=shell, check=True)
    (kept,) = runs_of(pytester)

    lines = swept(pytester, "--yes")

    assert lines == [
        f"Run {kept.run_id} is kept until {kept.expires_at}. Destroy it with: terraform-harness destroy {kept.run_id}",
        "No expired run has leftover resources.",
    ]
    assert runs_of(pytester) == [kept]
    destroyed = pytester.run(sys.executable, "-m", "terraform_harness", "destroy", kept.run_id)
    assert destroyed.outlines[-1] == f"Run {kept.run_id} is destroyed. No resources remain."


def swept(project: pytest.Pytester, *options: str) -> list[str]:
    """Return the lines of the command."""
    return project.run(sys.executable, "-m", "terraform_harness", "sweep", *options).outlines
