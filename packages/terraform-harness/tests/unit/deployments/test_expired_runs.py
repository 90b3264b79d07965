"""A run is dead when nobody works on it any more and its time is over; nothing else may be swept."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from terraform_harness.deployments.expired_runs import dead_runs
from terraform_harness.deployments.run import Run, new_run
from terraform_harness.targets.target import Target

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
PAST, FUTURE = "2026-11-24T11:00:00Z", "2026-11-24T13:00:00Z"
THEIRS = {"RunId": "theirs", "Environment": "t-0123abcd", "ExpiresAt": PAST}


class Tagging:
    """The resource groups tagging API, with what it knows."""

    def __init__(self, *tagged: dict[str, str]) -> None:
        self.tagged = tagged

    def get_paginator(self, _: str) -> "Tagging":
        return self

    def paginate(self, **_: object) -> Iterator[object]:
        tags = [[{"Key": key, "Value": value} for key, value in each.items()] for each in self.tagged]
        yield {"ResourceTagMappingList": [{"Tags": each} for each in tags]}


def target(*tagged: dict[str, str]) -> Target:
    return Target(
        name="localstack",
        environment={"AWS_ENDPOINT_URL": "http://127.0.0.1:4566"},
        _clients={("resourcegroupstaggingapi", "us-east-1"): Tagging(*tagged)},
    )


def ours(runs: Path, expires_at: str, *, alive: bool, kept: bool = False) -> Run:
    run = new_run(runs).at(target())
    started = run.started if alive else 0.0
    return replace(run, expires_at=expires_at, kept=kept, started=started).save()


def test_a_run_of_ours_whose_process_is_gone_is_dead(tmp_path: Path) -> None:
    run = ours(tmp_path, FUTURE, alive=False)

    assert dead_runs(tmp_path, target(), now=NOW) == [run]


def test_a_run_of_ours_that_somebody_works_on_is_not_dead(tmp_path: Path) -> None:
    ours(tmp_path, PAST, alive=True)

    assert dead_runs(tmp_path, target(), now=NOW) == []


@pytest.mark.parametrize(("expires_at", "dead"), [(PAST, 1), (FUTURE, 0)], ids=["is over", "is not over"])
def test_a_run_that_was_kept_is_dead_when_its_time_is_over(tmp_path: Path, expires_at: str, dead: int) -> None:
    ours(tmp_path, expires_at, alive=False, kept=True)

    assert len(dead_runs(tmp_path, target(), now=NOW)) == dead


def test_a_run_of_ours_on_another_target_is_not_looked_at(tmp_path: Path) -> None:
    elsewhere = Target(name="aws", environment={"AWS_REGION": "eu-central-1"}, account="123456789012")
    replace(new_run(tmp_path).at(elsewhere), started=0.0).save()

    assert dead_runs(tmp_path, target(), now=NOW) == []


@pytest.mark.parametrize(("session", "dead"), [("first", 1), ("second", 0), (None, 1)], ids=["same", "other", "none"])
def test_a_run_before_a_restart_of_localstack_is_not_swept(tmp_path: Path, session: str | None, dead: int) -> None:
    replace(ours(tmp_path, PAST, alive=False), session="first").save()

    assert len(dead_runs(tmp_path, replace(target(), session=session), now=NOW)) == dead


def test_a_run_of_another_machine_is_known_by_its_tags(tmp_path: Path) -> None:
    (run,) = dead_runs(tmp_path, target(THEIRS), now=NOW)

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
    ids=[
        "whose time is not over",
        "whose end is no time",
        "whose name only a person gives",
        "without an end",
        "whose id is a path",
    ],
)
def test_nothing_is_dead(tmp_path: Path, tags: dict[str, str]) -> None:
    assert dead_runs(tmp_path, target(tags), now=NOW) == []


def test_an_end_without_an_offset_is_in_utc(tmp_path: Path) -> None:
    tags = {**THEIRS, "ExpiresAt": f"{NOW - timedelta(minutes=1):%Y-%m-%dT%H:%M:%S}"}

    assert len(dead_runs(tmp_path, target(tags), now=NOW)) == 1
