"""The plugin, used by another project: the bucket of examples/, in pytest sessions of its own."""

import json
import re

import pytest

from harness_support.sessions import buckets_of, errors_of, runs_of
from terraform_harness.deployments.sweep import sweep
from terraform_harness.targets.target import Target

pytestmark = pytest.mark.localstack("its sessions go to one LocalStack")


def test_a_deployment_is_made_for_the_tests_and_leaves_nothing(project: pytest.Pytester, target: Target) -> None:
    result = project.runpytest_subprocess()

    result.assert_outcomes(passed=2)
    assert (runs_of(project), list((project.path / ".runs").glob("2*"))) == ([], [])
    assert buckets_of(project, target) == []


def test_two_workers_share_one_deployment(project: pytest.Pytester) -> None:
    result = project.runpytest_subprocess("-n", "2")

    result.assert_outcomes(passed=2)
    ended = [line for line in result.outlines if line.startswith("Run ")]
    assert [re.sub(r"[0-9a-f-]{20,}", "ID", line) for line in ended] == [
        "Run IDshared was ended; nothing of it is left."
    ]
    assert list((project.path / ".runs").glob("2*")) == []


@pytest.mark.slow
def test_the_stages_of_a_deployment_are_sessions_of_their_own(project: pytest.Pytester) -> None:
    deployed = project.runpytest_subprocess("--stage", "deploy")
    (kept,) = runs_of(project)
    tested = project.runpytest_subprocess("--stage", "test")
    destroyed = project.runpytest_subprocess("--stage", "destroy")

    deployed.assert_outcomes(passed=1)
    tested.assert_outcomes(passed=2)
    assert (deployed.ret, tested.ret, destroyed.ret) == (0, 0, 0)
    assert (
        f"Run {kept.run_id} is kept. Use it with --reuse, end it with 'terraform-harness destroy {kept.run_id}'."
        in deployed.outlines
    )
    assert f"Run {kept.run_id} was ended; nothing of it is left." in destroyed.outlines
    assert runs_of(project) == []


def test_there_is_nothing_to_test_where_nothing_was_kept(project: pytest.Pytester) -> None:
    result = project.runpytest_subprocess("--stage", "test")

    result.assert_outcomes(errors=2)
    sentence = "No deployment was kept. Make one with 'pytest --stage deploy', or use --reuse, which does."
    assert f"terraform_harness.errors.KeptRunMissingError: {sentence}" in errors_of(result)


@pytest.mark.slow
def test_a_deployment_that_is_stale_is_refused_with_the_reason(project: pytest.Pytester) -> None:
    project.runpytest_subprocess("--reuse").assert_outcomes(passed=2)
    (kept,) = runs_of(project)
    conftest = project.path / "conftest.py"
    conftest.write_text(conftest.read_text().replace('"force_destroy": True', '"force_destroy": False'))

    result = project.runpytest_subprocess("--reuse")
    project.runpytest_subprocess("--stage", "destroy")

    result.assert_outcomes(errors=2)
    sentence = (
        f"The deployment kept in {kept.folder} cannot be reused: the synthesized configuration has changed. "
        f"End it with 'terraform-harness destroy {kept.run_id}', then deploy again."
    )
    assert errors_of(result) == {f"terraform_harness.errors.StaleDeploymentError: {sentence}"}


def test_what_a_test_leaves_behind_fails_the_session_with_the_command_that_ends_it(
    project: pytest.Pytester, target: Target
) -> None:
    project.makepyfile(
        test_leak="""
        def test_a_queue_is_forgotten(deployment):
            sqs = deployment.target.client("sqs")
            sqs.create_queue(QueueName=f"forgotten-{deployment.run.suffix}")
        """
    )

    result = project.runpytest_subprocess("test_leak.py")

    (leaking,) = runs_of(project)
    result.assert_outcomes(passed=1, errors=1)
    assert {
        "terraform_harness.errors.LeftoverError: 1 resource is left after destroy:",
        f"queue forgotten-{leaking.suffix}",
        f"Delete it with: terraform-harness destroy {leaking.run_id}",
    } <= errors_of(result)
    assert [resource.kind for resource in sweep(leaking, target).deleted] == ["queue"]


def test_the_failure_of_a_test_leaves_evidence_without_secrets(project: pytest.Pytester) -> None:
    project.makepyfile(
        test_wrong="""
        def test_something_else_is_expected(deployment):
            assert deployment.output("bucket") == "another"
        """
    )

    result = project.runpytest_subprocess("test_wrong.py", "--junitxml=junit.xml")

    folder = project.path / "reports" / "evidence" / "test-wrong-py-test-something-else-is-expected"
    result.assert_outcomes(failed=1)
    assert f"plan, logs, state, alarms and metrics: {folder}" in result.outlines
    assert str(folder) in (project.path / "junit.xml").read_text()
    assert sorted(path.name for path in folder.iterdir()) == [
        "alarms.json",
        "apply.log",
        "function.log",
        "localstack.log",
        "metrics.json",
        "plan.txt",
        "state.json",
    ]
    assert (folder / "plan.txt").read_text() == "no changes"
    assert json.loads((folder / "state.json").read_text())["resources"][0]["type"] == "aws_s3_bucket"
