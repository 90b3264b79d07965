"""What a session of another project says and leaves when its deployment fails, and when it is ended from outside."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from harness_support.sessions import buckets_of, errors_of, runs_of
from terraform_harness.polling import eventually
from terraform_harness.targets.target import Target

pytestmark = [pytest.mark.slow, pytest.mark.localstack("its sessions go to one LocalStack")]

WITHIN_SECONDS = 120


def change(project: pytest.Pytester, before: str, after: str) -> None:
    """Change what the project deploys."""
    conftest = project.path / "conftest.py"
    assert before in conftest.read_text()
    conftest.write_text(conftest.read_text().replace(before, after))


def evidence(project: pytest.Pytester) -> Path:
    return project.path / "reports" / "evidence" / "deployment"


def test_a_deployment_that_fails_leaves_evidence_and_nothing_else(project: pytest.Pytester, target: Target) -> None:
    change(project, '{"it": bucket}', '{"it": bucket, "other": {"bucket": "No Name"}}')

    result = project.runpytest_subprocess("--junitxml=junit.xml")

    result.assert_outcomes(errors=2)
    assert f"plan, logs, state, alarms and metrics: {evidence(project)}" in result.outlines
    assert str(evidence(project)) in (project.path / "junit.xml").read_text()
    assert "No Name" in (evidence(project) / "apply.log").read_text()
    assert (runs_of(project), buckets_of(project, target)) == ([], [])


def test_a_deployment_that_never_settles_is_refused_with_what_would_change(
    project: pytest.Pytester, target: Target
) -> None:
    clock = '"terraform_data": {"clock": {"input": "${timestamp()}"}}'
    change(project, '{"aws_s3_bucket": {"it": bucket}}', f'{{"aws_s3_bucket": {{"it": bucket}}, {clock}}}')

    result = project.runpytest_subprocess()

    result.assert_outcomes(errors=2)
    said = [re.sub(r"in /.*?,|[0-9T:-]{18,}Z", "...", line) for line in sorted(errors_of(result))]
    assert said == [
        "Make the configuration say what the target answers, or name the difference as a gap with its reason.",
        "terraform_harness.errors.DriftError: A plan right after apply ... without refresh, would change:",
        'input: "..." -> "(known after apply)"',
        'output: "..." -> "(known after apply)"',
        "update terraform_data.clock",
    ]
    assert (evidence(project) / "plan.txt").exists()
    assert (runs_of(project), buckets_of(project, target)) == ([], [])


def test_the_command_in_the_message_ends_what_was_kept(project: pytest.Pytester, target: Target) -> None:
    project.runpytest_subprocess("--keep").assert_outcomes(passed=2)
    (kept,) = runs_of(project)

    ended = subprocess.run(
        [sys.executable, "-m", "terraform_harness", "destroy", kept.run_id],
        cwd=project.path,
        capture_output=True,
        text=True,
        check=True,
    )

    assert ended.stdout.splitlines()[-1] == f"Nothing of run {kept.run_id} is left."
    assert (runs_of(project), buckets_of(project, target)) == ([], [])


def test_what_workers_share_can_be_kept_and_used_again(project: pytest.Pytester, target: Target) -> None:
    kept = project.runpytest_subprocess("-n", "2", "--keep")
    (run,) = runs_of(project)
    reused = project.runpytest_subprocess("-n", "2", "--reuse")
    still_kept = [each.run_id for each in runs_of(project)]
    ended = project.runpytest_subprocess("--stage", "destroy")

    kept.assert_outcomes(passed=2)
    reused.assert_outcomes(passed=2)
    assert still_kept == [run.run_id]
    assert f"Run {run.run_id} was ended; nothing of it is left." in ended.outlines
    assert buckets_of(project, target) == []


def test_where_nothing_was_kept_there_is_nothing_to_end(project: pytest.Pytester) -> None:
    result = project.runpytest_subprocess("--stage", "destroy")

    assert result.ret == pytest.ExitCode.OK
    assert "No deployment was kept: there is nothing to end." in result.outlines


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"endpoint": "http://127.0.0.1:1"}, "the LocalStack at http://127.0.0.1:1 does not answer any more"),
        # The end is in the tags too, and so in the configuration.
        (
            {"expires_at": "2026-01-01T00:00:00Z"},
            "the synthesized configuration has changed; its time was over at 2026-01-01T00:00:00Z",
        ),
    ],
    ids=["its LocalStack is gone", "its time is over"],
)
def test_a_deployment_is_not_used_again_when(project: pytest.Pytester, changed: dict[str, str], reason: str) -> None:
    project.runpytest_subprocess("--keep").assert_outcomes(passed=2)
    (kept,) = runs_of(project)
    manifest = kept.folder / "manifest.json"
    before = manifest.read_text()
    manifest.write_text(json.dumps({**json.loads(before), **changed}))

    result = project.runpytest_subprocess("--reuse")

    manifest.write_text(before)
    project.runpytest_subprocess("--stage", "destroy")
    result.assert_outcomes(errors=2)
    assert errors_of(result) == {
        (
            f"terraform_harness.errors.StaleDeploymentError: The deployment kept in {kept.folder} cannot be reused: "
            f"{reason}. End it with 'terraform-harness destroy {kept.run_id}', then deploy again."
        )
    }


def test_sigterm_ends_a_session_with_workers_and_leaves_nothing(project: pytest.Pytester, target: Target) -> None:
    project.makepyfile(
        test_endless="""
        import signal

        def test_waits_for_ever(deployment):
            signal.pause()
        """
    )
    command = [sys.executable, "-m", "pytest", "-n", "2", "test_endless.py"]
    with subprocess.Popen(command, cwd=project.path, env={**os.environ}, start_new_session=True) as session:
        eventually(
            lambda: [run.fingerprint is not None for run in runs_of(project)],
            until=lambda deployed: deployed == [True],
            what="the workers share a deployment",
            within=WITHIN_SECONDS,
        )

        session.send_signal(signal.SIGTERM)
        code = session.wait(WITHIN_SECONDS)

    assert code == pytest.ExitCode.INTERRUPTED
    assert (runs_of(project), buckets_of(project, target)) == ([], [])
