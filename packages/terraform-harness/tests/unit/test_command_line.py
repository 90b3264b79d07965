"""The command line reports an error in one message, without a traceback."""

from contextlib import nullcontext
from pathlib import Path

import pytest
from typer.testing import CliRunner

from terraform_harness import __main__
from terraform_harness.__main__ import app
from terraform_harness.deployments.store import RunStore
from terraform_harness.deployments.sweep_command import Totals


@pytest.fixture
def runner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """The command line in an empty folder, without AWS_ENDPOINT_URL."""
    monkeypatch.chdir(tmp_path)
    for name in ("AWS_ENDPOINT_URL", "HARNESS_AWS_ACCOUNTS"):
        monkeypatch.delenv(name, raising=False)
    return CliRunner()


def test_sweep_of_localstack_needs_its_address(runner: CliRunner) -> None:
    result = runner.invoke(app, ["sweep", "--target", "localstack"])

    assert (result.exit_code, result.stderr) == (
        1,
        "Error: The address of LocalStack is not set. Set AWS_ENDPOINT_URL, or use --target aws.\n",
    )


def test_sweep_of_aws_needs_a_list_of_accounts(runner: CliRunner) -> None:
    result = runner.invoke(app, ["sweep", "--target", "aws"])

    assert (result.exit_code, result.stderr) == (
        1,
        (
            "Error: The target aws needs HARNESS_AWS_ACCOUNTS in the environment: "
            "a comma-separated list of the account ids to deploy to.\n"
        ),
    )


@pytest.mark.parametrize("options", [[], ["--target", "aws"]], ids=["embedded runs", "AWS"])
def test_sweep_that_could_not_delete_everything_fails(
    runner: CliRunner, monkeypatch: pytest.MonkeyPatch, options: list[str]
) -> None:
    def sweep(*arguments: object, yes: bool) -> None:
        totals = arguments[-1]
        assert isinstance(totals, Totals)
        totals.resources = 2
        totals.undeleted.append("queue left-t-0123abcd (in use)")
        assert yes

    monkeypatch.setattr(__main__, "_reached", lambda _: nullcontext())
    for part in ("sweep_embedded", "sweep_target"):
        monkeypatch.setattr(__main__, part, sweep)

    result = runner.invoke(app, ["sweep", "--yes", *options])

    command = " ".join(["terraform-harness sweep", *options, "--yes"])
    assert (result.exit_code, result.stdout, result.stderr) == (
        1,
        "",
        (
            "Error: 1 resource still exists after destroy:\n  queue left-t-0123abcd (in use)\n"
            f"Delete it with: {command}\n"
        ),
    )


def test_run_is_found_from_a_folder_of_its_project(
    runner: CliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = RunStore(tmp_path / ".runs").new()
    below = tmp_path / "tests" / "integration"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)

    result = runner.invoke(app, ["destroy", run.run_id])

    assert (result.exit_code, result.stdout) == (0, f"Run {run.run_id} is destroyed. No resources remain.\n")
    assert not run.folder.exists()


def test_missing_run_is_reported(runner: CliRunner) -> None:
    result = runner.invoke(app, ["destroy", "yesterday"])

    assert (result.exit_code, result.stderr) == (
        1,
        "Error: Run 'yesterday' does not exist. Runs with leftover resources: none.\n",
    )
