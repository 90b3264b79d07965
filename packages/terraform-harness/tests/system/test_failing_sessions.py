"""Sessions whose deployment fails, is stale, or is terminated."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from harness_support.sessions import ENDLESS, buckets_of, errors_of, runs_of
from terraform_harness.polling import eventually
from terraform_harness.targets.target import Target

pytestmark = [pytest.mark.slow, pytest.mark.localstack("its sessions go to one LocalStack")]

WITHIN_SECONDS = 120


def change(project: pytest.Pytester, before: str, after: str) -> None:
    """Change the configuration of the project."""
    conftest = project.path / "conftest.py"
    assert before in conftest.read_text()
    conftest.write_text(conftest.read_text().replace(before, after))


def evidence(project: pytest.Pytester) -> Path:
    return project.path / "reports" / "evidence" / "deployment"


def destroy(project: pytest.Pytester, run_id: str) -> str:
    """Destroy a run; return the last line of the command."""
    return project.run(sys.executable, "-m", "terraform_harness", "destroy", run_id).outlines[-1]


def test_failed_deployment_leaves_evidence_only(project: pytest.Pytester, target: Target) -> None:
    change(project, '{"it": bucket}', '{"it": bucket, "other": {"bucket": "No Name"}}')

    result = project.runpytest_subprocess("--junitxml=junit.xml")

    result.assert_outcomes(errors=2)
    assert f"plan, logs, state, alarms and metrics: {evidence(project)}" in result.outlines
    assert str(evidence(project)) in (project.path / "junit.xml").read_text()
    assert "No Name" in (evidence(project) / "apply.log").read_text()
    assert (runs_of(project), buckets_of(project, target)) == ([], [])


def test_drift_is_refused_with_the_attributes(project: pytest.Pytester, target: Target) -> None:
    clock = '"terraform_data": {"clock": {"input": "${timestamp()}"}}'
    change(project, '{"aws_s3_bucket": {"it": bucket}}', f'{{"aws_s3_bucket": {{"it": bucket}}, {clock}}}')

    result = project.runpytest_subprocess()

    result.assert_outcomes(errors=2)
    lines = [re.sub(r"in /.*?,|[0-9T:-]{18,}Z", "...", line) for line in sorted(errors_of(result))]
    assert lines == [
        (
            "Change the configuration to match what the target returns, or add the attribute to the fixture "
            "'terraform_known_drift' with a reason."
        ),
        'input: "..." -> "(known after apply)"',
        'output: "..." -> "(known after apply)"',
        "terraform_harness.terraform.errors.DriftError: A plan right after apply ... without refresh, would change:",
        "update terraform_data.clock",
    ]
    assert (evidence(project) / "plan.txt").exists()
    assert (runs_of(project), buckets_of(project, target)) == ([], [])


def test_kept_deployment_is_destroyed_by_the_command(project: pytest.Pytester, target: Target) -> None:
    project.runpytest_subprocess("--tf-keep").assert_outcomes(passed=2)
    (kept,) = runs_of(project)

    last_line = destroy(project, kept.run_id)

    assert last_line == f"Run {kept.run_id} is destroyed. No resources remain."
    assert (runs_of(project), buckets_of(project, target)) == ([], [])


def test_shared_deployment_can_be_kept_and_reused(project: pytest.Pytester, target: Target) -> None:
    kept = project.runpytest_subprocess("-n", "2", "--tf-keep")
    (run,) = runs_of(project)
    reused = project.runpytest_subprocess("-n", "2", "--tf-reuse")
    still_kept = [each.run_id for each in runs_of(project)]
    last_line = destroy(project, run.run_id)

    kept.assert_outcomes(passed=2)
    reused.assert_outcomes(passed=2)
    assert still_kept == [run.run_id]
    assert last_line == f"Run {run.run_id} is destroyed. No resources remain."
    assert buckets_of(project, target) == []


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"endpoint": "http://127.0.0.1:1"}, "the LocalStack at http://127.0.0.1:1 does not answer any more"),
        # The expiry is a tag and so a part of the configuration.
        (
            {"expires_at": "2026-01-01T00:00:00Z"},
            "the configuration has changed; it expired at 2026-01-01T00:00:00Z",
        ),
    ],
    ids=["LocalStack is gone", "expired"],
)
def test_stale_deployment_is_not_reused(project: pytest.Pytester, changed: dict[str, str], reason: str) -> None:
    project.runpytest_subprocess("--tf-keep").assert_outcomes(passed=2)
    (kept,) = runs_of(project)
    manifest = kept.folder / "manifest.json"
    before = manifest.read_text()
    manifest.write_text(json.dumps({**json.loads(before), **changed}))

    result = project.runpytest_subprocess("--tf-reuse")

    manifest.write_text(before)
    destroy(project, kept.run_id)
    result.assert_outcomes(errors=2)
    assert errors_of(result) == {
        (
            f"terraform_harness.deployments.errors.StaleDeploymentError: The deployment kept in {kept.folder} cannot "
            f"be reused: {reason}. Tear it down with 'terraform-harness destroy {kept.run_id}', then deploy again."
        )
    }


def test_sigterm_stops_a_session_with_workers_and_leaves_nothing(project: pytest.Pytester, target: Target) -> None:
    project.makepyfile(test_endless=ENDLESS)
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
