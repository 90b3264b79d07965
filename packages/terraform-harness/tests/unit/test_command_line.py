"""The command line says in one message what is wrong, and what to do."""

from contextlib import nullcontext
from pathlib import Path

import pytest
from typer.testing import CliRunner

from terraform_harness import __main__
from terraform_harness.__main__ import app
from terraform_harness.deployments.run import new_run
from terraform_harness.deployments.sweep_command import Found


@pytest.fixture
def runner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """The command line, in an empty folder and a shell that leads nowhere."""
    monkeypatch.chdir(tmp_path)
    for name in ("AWS_ENDPOINT_URL", "HARNESS_AWS_ACCOUNTS"):
        monkeypatch.delenv(name, raising=False)
    return CliRunner()


def test_a_sweep_asks_which_localstack(runner: CliRunner) -> None:
    result = runner.invoke(app, ["sweep", "--target", "localstack"])

    assert (result.exit_code, result.stderr) == (
        1,
        "Error: Which LocalStack? Set AWS_ENDPOINT_URL to its address, or use --target aws.\n",
    )


def test_a_sweep_of_aws_asks_for_a_list_of_accounts(runner: CliRunner) -> None:
    result = runner.invoke(app, ["sweep", "--target", "aws"])

    assert (result.exit_code, result.stderr) == (
        1,
        (
            "Error: --target aws needs HARNESS_AWS_ACCOUNTS in the environment: "
            "a comma-separated list of the account ids to deploy to.\n"
        ),
    )


@pytest.mark.parametrize("options", [[], ["--target", "aws"]], ids=["embedded runs", "AWS"])
def test_a_sweep_names_what_stays_and_no_success(
    runner: CliRunner, monkeypatch: pytest.MonkeyPatch, options: list[str]
) -> None:
    staying = Found(resources=2, staying=("queue left-t-0123abcd (in use)",))
    monkeypatch.setattr(__main__, "_reached", lambda _: nullcontext())
    for part in ("sweep_embedded", "sweep_target"):
        monkeypatch.setattr(__main__, part, lambda *_, **__: staying)

    result = runner.invoke(app, ["sweep", "--yes", *options])

    command = " ".join(["terraform-harness sweep", *options, "--yes"])
    assert (result.exit_code, result.stdout, result.stderr) == (
        1,
        "",
        (f"Error: 1 resource is left after destroy:\n  queue left-t-0123abcd (in use)\nDelete it with: {command}\n"),
    )


def test_a_run_is_looked_for_in_the_project_of_the_working_folder_and_above(
    runner: CliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = new_run(tmp_path / ".runs")
    below = tmp_path / "tests" / "integration"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)

    result = runner.invoke(app, ["destroy", run.run_id])

    assert (result.exit_code, result.stdout) == (0, f"Nothing of run {run.run_id} is left.\n")
    assert not run.folder.exists()


def test_an_unknown_run_is_answered_with_those_there_are(runner: CliRunner) -> None:
    result = runner.invoke(app, ["destroy", "yesterday"])

    assert (result.exit_code, result.stderr) == (
        1,
        "Error: There is no run 'yesterday'. Runs that left something: none.\n",
    )
