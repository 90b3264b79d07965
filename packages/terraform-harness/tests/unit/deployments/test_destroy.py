"""A run is ended only where it is; otherwise everything of it stays, to be ended later."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from terraform_harness.deployments import destroy as ending
from terraform_harness.deployments.destroy import destroy_run
from terraform_harness.deployments.run import Run, known_runs, new_run
from terraform_harness.errors import PlaceError, TargetGoneError, TargetSettingError
from terraform_harness.targets import aws
from terraform_harness.targets.target import Target

ACCOUNT = "123456789012"
NOWHERE = "http://127.0.0.1:1"


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    return tmp_path / "runs"


def deployed_to(runs: Path, target: Target, *folders: str) -> Run:
    """A run that deployed something, with these folders."""
    run = new_run(runs, run_id="run-1").at(target).applying()
    for name in folders:
        (run.folder / name).mkdir()
    return run


@pytest.fixture
def on_aws(runs: Path) -> Run:
    region = {"AWS_REGION": "eu-central-1"}
    return deployed_to(runs, Target(name="aws", environment=region, account=ACCOUNT), "terraform")


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A shell whose credentials lead to the account, and to another Region than the run's."""
    monkeypatch.setattr(aws, "_account", lambda _: ACCOUNT)
    monkeypatch.setenv("HARNESS_AWS_ACCOUNTS", ACCOUNT)
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    return monkeypatch


@pytest.mark.usefixtures("shell")
def test_a_run_in_another_region_than_the_shells_is_not_ended(on_aws: Run, runs: Path) -> None:
    with pytest.raises(PlaceError) as refused:
        destroy_run(on_aws)

    assert str(refused.value) == (
        f"Run run-1 is in AWS account {ACCOUNT} in eu-central-1, "
        f"and this shell leads to AWS account {ACCOUNT} in us-east-1. "
        "Set AWS_REGION and the credentials to the run's own, and say it again."
    )
    assert list(known_runs(runs)) == [on_aws]


def test_a_run_on_aws_is_not_ended_without_a_list_of_accounts(on_aws: Run, shell: pytest.MonkeyPatch) -> None:
    shell.delenv("HARNESS_AWS_ACCOUNTS")

    with pytest.raises(TargetSettingError):
        destroy_run(on_aws)

    assert on_aws.is_left


def test_a_run_on_aws_is_torn_down_in_its_region(on_aws: Run, shell: pytest.MonkeyPatch, runs: Path) -> None:
    shell.setenv("AWS_REGION", "eu-central-1")
    torn_down: list[str] = []
    shell.setattr(ending, "terraform_of", lambda *_: None)
    shell.setattr(ending, "tear_down", lambda _, __, target, **___: torn_down.append(target.place))

    destroy_run(on_aws)

    assert torn_down == [on_aws.place]
    assert list(known_runs(runs)) == []


def test_a_run_whose_localstack_does_not_answer_is_not_ended(runs: Path) -> None:
    run = deployed_to(runs, Target(name="localstack", environment={"AWS_ENDPOINT_URL": NOWHERE}), "terraform")

    with pytest.raises(TargetGoneError) as refused:
        destroy_run(run)

    assert str(refused.value) == (
        f"The LocalStack at {NOWHERE} does not answer. Start it again, or unset AWS_ENDPOINT_URL."
    )
    assert run.is_left


def test_restarted_localstack_is_left_alone(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Resources of the same names are there by now, and are not the run's."""
    before = Target(name="localstack", environment={"AWS_ENDPOINT_URL": NOWHERE}, session="first")
    run = deployed_to(runs, before, "terraform")

    @contextmanager
    def reached(_: str) -> Iterator[Target]:
        yield replace(before, session="second")

    monkeypatch.setattr(ending, "reached_target", reached)
    monkeypatch.setattr(ending, "tear_down", lambda *_, **__: pytest.fail("something was destroyed"))
    warnings: list[str] = []

    destroy_run(run, on_warning=warnings.append)

    assert warnings == [f"The LocalStack at {NOWHERE} was restarted: what run run-1 deployed is gone."]
    assert list(known_runs(runs)) == []


def test_with_an_embedded_localstack_everything_that_was_in_it_is_gone(runs: Path) -> None:
    target = Target(name="localstack", environment={"AWS_ENDPOINT_URL": NOWHERE})
    run = deployed_to(runs, target, "terraform", "localstack")

    destroy_run(run)

    assert not run.folder.exists()


def test_a_run_that_deployed_nothing_leaves_no_folder(runs: Path) -> None:
    run = new_run(runs)

    destroy_run(run)

    assert not run.folder.exists()
