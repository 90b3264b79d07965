"""A run is destroyed only on its own target. Otherwise its folder stays, so that it can be destroyed later."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from harness_support.stores import is_clean
from terraform_harness.deployments import destroy
from terraform_harness.deployments.destroy import destroy_run
from terraform_harness.deployments.errors import WrongTargetError
from terraform_harness.deployments.run import Run
from terraform_harness.deployments.store import RunStore
from terraform_harness.targets import aws
from terraform_harness.targets.errors import TargetGoneError, TargetSettingError
from terraform_harness.targets.target import Target

ACCOUNT = "123456789012"
UNREACHABLE = "http://127.0.0.1:1"
LOCALSTACK = Target(name="localstack", environment={"AWS_ENDPOINT_URL": UNREACHABLE})
AWS = Target(name="aws", environment={"AWS_REGION": "eu-central-1"}, account=ACCOUNT)


def deployed_to(store: RunStore, target: Target, *folders: str) -> Run:
    """Add a run with these folders that has applied something."""
    run = store.update(store.assign(store.new(run_id="run-1"), target), applied=True)
    for name in folders:
        (run.folder / name).mkdir()
    return run


@pytest.fixture
def on_aws(store: RunStore) -> Run:
    return deployed_to(store, AWS, "terraform")


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A shell with the credentials of the account, and another Region than the run."""
    monkeypatch.setattr(aws, "_account", lambda _: ACCOUNT)
    monkeypatch.setenv("HARNESS_AWS_ACCOUNTS", ACCOUNT)
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    return monkeypatch


@pytest.mark.usefixtures("shell")
def test_run_in_another_region_is_not_destroyed(on_aws: Run, store: RunStore) -> None:
    with pytest.raises(WrongTargetError) as refused:
        destroy_run(on_aws)

    assert str(refused.value) == (
        f"Run run-1 is in AWS account {ACCOUNT} in eu-central-1, "
        f"but this shell leads to AWS account {ACCOUNT} in us-east-1. "
        "Set AWS_REGION and the credentials to those of the run, then repeat the command."
    )
    assert store.known() == [on_aws]


def test_run_on_aws_needs_a_list_of_accounts(on_aws: Run, shell: pytest.MonkeyPatch) -> None:
    shell.delenv("HARNESS_AWS_ACCOUNTS")

    with pytest.raises(TargetSettingError):
        destroy_run(on_aws)

    assert not is_clean(on_aws)


def test_run_on_aws_is_destroyed_in_its_region(on_aws: Run, shell: pytest.MonkeyPatch, store: RunStore) -> None:
    shell.setenv("AWS_REGION", "eu-central-1")
    torn_down: list[str] = []
    shell.setattr(destroy, "terraform_of", lambda *_: None)
    shell.setattr(destroy, "tear_down_interrupted", lambda _, __, target, **___: torn_down.append(target.place))

    destroy_run(on_aws)

    assert torn_down == [on_aws.place]
    assert store.known() == []


def test_run_on_an_unreachable_localstack_is_not_destroyed(store: RunStore) -> None:
    run = deployed_to(store, LOCALSTACK, "terraform")

    with pytest.raises(TargetGoneError) as refused:
        destroy_run(run)

    assert str(refused.value) == (
        f"The LocalStack at {UNREACHABLE} does not answer. Start it again, or unset AWS_ENDPOINT_URL."
    )
    assert not is_clean(run)


def test_restarted_localstack_is_not_changed(store: RunStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its resources may have the names of the run, but another owner."""
    before = replace(LOCALSTACK, session="first")
    run = deployed_to(store, before, "terraform")

    @contextmanager
    def reached(_: str) -> Iterator[Target]:
        yield replace(before, session="second")

    monkeypatch.setattr(destroy, "reached_target", reached)
    monkeypatch.setattr(destroy, "tear_down_interrupted", lambda *_, **__: pytest.fail("resources were destroyed"))
    warnings: list[str] = []

    destroy_run(run, on_warning=warnings.append)

    assert warnings == [f"The LocalStack at {UNREACHABLE} was restarted: the resources of run run-1 are gone."]
    assert store.known() == []


def test_stopped_embedded_localstack_leaves_no_resources(store: RunStore) -> None:
    run = deployed_to(store, LOCALSTACK, "terraform", "localstack")

    destroy_run(run)

    assert not run.folder.exists()


def test_run_without_a_deployment_leaves_no_folder(run: Run) -> None:
    destroy_run(run)

    assert not run.folder.exists()
