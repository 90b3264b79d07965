"""The plugin, used by another project: the bucket of examples/, in pytest sessions of its own."""

import json
import re

import pytest

from harness.sweep import sweep
from harness.targets import Target
from tests.system.sessions import buckets_of, errors_of, runs_of

pytestmark = pytest.mark.localstack("its sessions go to one LocalStack")

ACCOUNT = "000000000000"
MINUTES_NEEDED = (
    "ERROR: --target aws needs HARNESS_LIFETIME_MINUTES in the environment: "
    "after so many minutes a sweep may end what is left"
)
ACCOUNTS_NEEDED = (
    "harness.errors.TargetSettingError: --target aws needs HARNESS_AWS_ACCOUNTS in the environment: "
    "a comma-separated list of the account ids to deploy to."
)
ACCOUNT_REFUSED = (
    f"harness.errors.AccountError: These credentials lead to account {ACCOUNT}, "
    "and HARNESS_AWS_ACCOUNTS allows 111111111111 only."
)


@pytest.mark.slow
def test_a_deployment_is_made_for_the_tests_and_leaves_nothing(project: pytest.Pytester, target: Target) -> None:
    result = project.runpytest_subprocess()

    result.assert_outcomes(passed=2)
    assert (runs_of(project), list((project.path / ".runs").glob("2*"))) == ([], [])
    assert buckets_of(project, target) == []


@pytest.mark.slow
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
        f"Run {kept.run_id} is kept. Use it with --reuse, end it with 'python -m harness destroy {kept.run_id}'."
        in deployed.outlines
    )
    assert f"Run {kept.run_id} was ended; nothing of it is left." in destroyed.outlines
    assert runs_of(project) == []


def test_there_is_nothing_to_test_where_nothing_was_kept(project: pytest.Pytester) -> None:
    result = project.runpytest_subprocess("--stage", "test")

    result.assert_outcomes(errors=2)
    sentence = "No deployment was kept. Make one with 'pytest --stage deploy', or use --reuse, which does."
    assert f"harness.errors.KeptRunMissingError: {sentence}" in errors_of(result)


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
        f"End it with 'python -m harness destroy {kept.run_id}', then deploy again."
    )
    assert errors_of(result) == {f"harness.errors.StaleDeploymentError: {sentence}"}


@pytest.mark.slow
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
        "harness.errors.LeftoverError: 1 resources are left after destroy:",
        f"End them with: python -m harness destroy {leaking.run_id}",
    } <= errors_of(result)
    assert [resource.kind for resource in sweep(leaking, target)] == ["queue"]


@pytest.mark.slow
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


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (
            {},
            f"{MINUTES_NEEDED}.",
        ),
        (
            {"HARNESS_LIFETIME_MINUTES": "soon"},
            f"{MINUTES_NEEDED}, not 'soon'.",
        ),
    ],
    ids=["no end", "no number"],
)
def test_aws_is_refused_without_an_end(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, given: dict[str, str], sentence: str
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)

    result = project.runpytest_subprocess("--target", "aws")

    assert (result.ret, [line for line in result.errlines if line]) == (pytest.ExitCode.USAGE_ERROR, [sentence])


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, ACCOUNTS_NEEDED),
        ({"HARNESS_AWS_ACCOUNTS": "111111111111"}, ACCOUNT_REFUSED),
    ],
    ids=["no list", "another account"],
)
def test_aws_is_refused_without_an_account_on_the_list(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, given: dict[str, str], sentence: str
) -> None:
    at_aws = {"HARNESS_LIFETIME_MINUTES": "60", "AWS_REGION": "us-east-1", **given}
    for name, value in {**at_aws, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}.items():
        monkeypatch.setenv(name, value)

    result = project.runpytest_subprocess("--target", "aws")

    result.assert_outcomes(errors=2)
    assert errors_of(result) == {sentence}


@pytest.fixture
def at_aws(project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """The project, in a shell that leads to an allowed account: the LocalStack stands for AWS."""
    shell = {
        "HARNESS_AWS_ACCOUNTS": ACCOUNT,
        "HARNESS_LIFETIME_MINUTES": "60",
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }
    for name, value in shell.items():
        monkeypatch.setenv(name, value)
    return project


@pytest.mark.slow
def test_the_path_to_aws_is_the_one_that_is_run_here(at_aws: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARNESS_MAX_MINUTES", "10")

    result = at_aws.runpytest_subprocess("--target", "aws")

    result.assert_outcomes(passed=2)
    assert runs_of(at_aws) == []


@pytest.mark.slow
def test_the_end_of_the_time_ends_a_run_in_order(
    at_aws: pytest.Pytester, target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HARNESS_MAX_MINUTES", "0.5")
    at_aws.makepyfile(
        test_endless="""
        import signal

        def test_waits_for_ever(deployment):
            signal.pause()
        """
    )

    result = at_aws.runpytest_subprocess("test_endless.py", "--target", "aws")

    assert result.ret == pytest.ExitCode.INTERRUPTED
    assert "the run's time of 0:00:30 is over" in result.stdout.str()
    assert (runs_of(at_aws), buckets_of(at_aws, target)) == ([], [])


def test_a_ceiling_of_cost_is_refused_where_nobody_told_the_cost(
    at_aws: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HARNESS_MAX_DOLLARS", "1")

    result = at_aws.runpytest_subprocess("--target", "aws")

    result.assert_outcomes(errors=2)
    assert errors_of(result) == {
        (
            "harness.errors.UnknownCostError: HARNESS_MAX_DOLLARS is set, and what the stack costs is not known: "
            "override the session fixture 'hourly_dollars', or unset HARNESS_MAX_DOLLARS."
        )
    }


def test_a_stack_that_could_cost_more_than_the_ceiling_is_not_deployed(
    at_aws: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HARNESS_MAX_DOLLARS", "1")
    at_aws.makepyfile(
        test_dear="""
        import pytest

        @pytest.fixture(scope="session")
        def hourly_dollars():
            return 1.5

        def test_is_not_reached(deployment):
            pass
        """
    )

    result = at_aws.runpytest_subprocess("test_dear.py", "--target", "aws")

    result.assert_outcomes(errors=1)
    assert errors_of(result) == {
        (
            "harness.errors.CostCeilingError: The stack could cost $1.50 in the 1 hours that the run may last, and "
            "HARNESS_MAX_DOLLARS is 1.00. Raise it, or shorten HARNESS_LIFETIME_MINUTES."
        )
    }
