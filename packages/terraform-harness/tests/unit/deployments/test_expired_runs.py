"""A run of the project expires with its process. A kept run, or that of another machine, expires at its expiry."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from terraform_harness.deployments import expired_runs as module
from terraform_harness.deployments.expired_runs import embedded_runs, expired_runs
from terraform_harness.deployments.inventory import Resource
from terraform_harness.deployments.run import Run
from terraform_harness.deployments.store import RunStore
from terraform_harness.targets.localstack import LOCALSTACK
from terraform_harness.targets.target import Target

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
PAST, FUTURE = "2026-11-24T11:00:00Z", "2026-11-24T13:00:00Z"
THEIRS = {"RunId": "theirs", "Environment": "t-0123abcd", "ExpiresAt": PAST}
QUEUE = Resource(kind="queue", name="q", identifier="q", region="us-east-1")


class Tagging:
    """The resource groups tagging API with these tagged resources."""

    def __init__(self, *tagged: Mapping[str, str]) -> None:
        self.tagged = tagged

    def get_paginator(self, _: str) -> "Tagging":
        return self

    def paginate(self, **_: object) -> Iterator[object]:
        tags = [[{"Key": key, "Value": value} for key, value in each.items()] for each in self.tagged]
        yield {"ResourceTagMappingList": [{"Tags": each} for each in tags]}


def target(*tagged: Mapping[str, str]) -> Target:
    return Target(
        name="localstack",
        environment={"AWS_ENDPOINT_URL": "http://127.0.0.1:4566"},
        _clients={("resourcegroupstaggingapi", "us-east-1"): Tagging(*tagged)},
    )


def on_target(store: RunStore, expires_at: str, *, alive: bool, kept: bool = False) -> Run:
    """Add a run on the target."""
    run = store.assign(store.new(), target())
    return store.update(run, expires_at=expires_at, kept=kept, started=run.started if alive else 0.0)


def test_run_expires_with_its_process(store: RunStore) -> None:
    run = on_target(store, FUTURE, alive=False)

    assert expired_runs(store, target(), now=NOW) == [run]


def test_run_with_a_process_does_not_expire(store: RunStore) -> None:
    on_target(store, PAST, alive=True)

    assert expired_runs(store, target(), now=NOW) == []


@pytest.mark.parametrize(("expires_at", "number"), [(PAST, 1), (FUTURE, 0)], ids=["past", "future"])
def test_kept_run_expires_at_its_expiry(store: RunStore, expires_at: str, number: int) -> None:
    on_target(store, expires_at, alive=False, kept=True)

    assert len(expired_runs(store, target(), now=NOW)) == number


def test_run_on_another_target_is_ignored(store: RunStore) -> None:
    elsewhere = Target(name="aws", environment={"AWS_REGION": "eu-central-1"}, account="123456789012")
    store.update(store.assign(store.new(), elsewhere), started=0.0)

    assert expired_runs(store, target(), now=NOW) == []


@pytest.mark.parametrize(("session", "number"), [("first", 1), ("second", 0), (None, 1)], ids=["same", "other", "none"])
def test_run_before_a_restart_of_localstack_is_ignored(store: RunStore, session: str | None, number: int) -> None:
    store.update(on_target(store, PAST, alive=False), session="first")

    assert len(expired_runs(store, replace(target(), session=session), now=NOW)) == number


def test_run_of_another_machine_is_found_by_its_tags(store: RunStore) -> None:
    (run,) = expired_runs(store, target(THEIRS), now=NOW)

    assert (run.run_id, run.suffix, run.expires_at) == ("theirs", "t-0123abcd", PAST)


@pytest.mark.parametrize(
    "tags",
    [
        {**THEIRS, "ExpiresAt": FUTURE},
        {**THEIRS, "ExpiresAt": "some day"},
        {**THEIRS, "Environment": "prod"},
        {"RunId": "theirs", "Environment": "t-0123abcd"},
        {**THEIRS, "RunId": "../elsewhere"},
    ],
    ids=["not expired", "unparsable expiry", "suffix of a person", "no expiry", "path as id"],
)
def test_other_tags_do_not_describe_an_expired_run(store: RunStore, tags: dict[str, str]) -> None:
    assert expired_runs(store, target(tags), now=NOW) == []


def test_expiry_without_an_offset_is_in_utc(store: RunStore) -> None:
    tags = {**THEIRS, "ExpiresAt": f"{NOW - timedelta(minutes=1):%Y-%m-%dT%H:%M:%S}"}

    assert len(expired_runs(store, target(tags), now=NOW)) == 1


def embedded(store: RunStore, *, expires_at: str = FUTURE, alive: bool, kept: bool = False) -> Run:
    """Add a run with an embedded LocalStack."""
    run = on_target(store, expires_at, alive=alive, kept=kept)
    (run.folder / LOCALSTACK).mkdir()
    return run


@pytest.fixture(params=[True, False], ids=["LocalStack answers", "LocalStack is gone"])
def answering(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether the LocalStack of each run still answers."""

    @contextmanager
    def reached(_: str) -> Iterator[Target]:
        yield target()

    monkeypatch.setattr(module, "answers", lambda _: request.param)
    monkeypatch.setattr(module, "reached_target", reached)
    monkeypatch.setattr(module, "left_of", lambda *_: [QUEUE])
    return bool(request.param)


@pytest.mark.parametrize("alive", [True, False])
def test_embedded_run_expires_with_its_process(store: RunStore, *, answering: bool, alive: bool) -> None:
    run = embedded(store, expires_at=PAST, alive=alive)

    ((found, expired, resources),) = embedded_runs(store, now=NOW)

    assert (found, expired) == (run, not alive)
    assert resources == ([QUEUE] if answering else None)


@pytest.mark.parametrize(("expires_at", "is_past"), [(PAST, True), (FUTURE, False)])
def test_kept_embedded_run_expires_with_its_localstack(
    store: RunStore, *, answering: bool, expires_at: str, is_past: bool
) -> None:
    """Its process holds the LocalStack. Without the LocalStack, as after a reboot, the expiry does not matter."""
    embedded(store, expires_at=expires_at, alive=answering, kept=True)

    ((_, expired, _),) = embedded_runs(store, now=NOW)

    assert expired == (is_past if answering else True)


@pytest.mark.usefixtures("answering")
def test_run_on_another_localstack_is_not_embedded(store: RunStore) -> None:
    on_target(store, FUTURE, alive=False)

    assert list(embedded_runs(store, now=NOW)) == []


def test_run_that_never_had_a_target_counts_as_embedded(store: RunStore) -> None:
    run = store.update(store.new(), started=0.0)

    ((found, expired, resources),) = embedded_runs(store, now=NOW)

    assert (found, expired, resources) == (run, True, None)
