"""A run has tags and a suffix of its own, and a lifetime."""

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from terraform_harness.deployments.run import Run
from terraform_harness.deployments.store import RunStore

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_tags_identify_the_run_and_its_expiry(run: Run) -> None:
    assert run.tags == {"RunId": "run-1", "ExpiresAt": run.expires_at, "Environment": "t-0123abcd"}


@pytest.mark.parametrize("name", ["orders-{}", "orders-{}-000000000000", "a-{}-1-{}"])
def test_name_that_ends_in_the_suffix_belongs_to_the_run(run: Run, name: str) -> None:
    assert run.owns_name(name.replace("{}", run.suffix))


@pytest.mark.parametrize("name", ["orders", "{}", "orders-{}-dlq", "orders-x{}", "orders-{}x"])
def test_other_name_does_not_belong_to_the_run(run: Run, name: str) -> None:
    assert not run.owns_name(name.replace("{}", run.suffix))


def test_suffix_that_is_not_unique_owns_no_name(run: Run) -> None:
    assert not replace(run, suffix="prod").owns_name("orders-prod")


@pytest.mark.parametrize(
    ("expires_at", "expired"),
    [
        ("2026-11-24T12:00:00Z", True),
        ("2026-11-24T12:00:01Z", False),
        ("2026-11-24T12:59:00+01:00", True),
        ("2026-11-24T12:00:00", True),
        ("2026-11-24T12:00:01", False),
        ("some day", False),
        ("", False),
    ],
)
def test_run_expires_at_its_expiry(run: Run, expires_at: str, *, expired: bool) -> None:
    """A time without an offset is in UTC. A run with an unparsable expiry never expires."""
    assert replace(run, expires_at=expires_at).expired(NOON) is expired


def test_run_is_alive_while_its_process_is(run: Run) -> None:
    assert run.is_alive()


def test_run_is_dead_if_its_process_id_was_reused(run: Run) -> None:
    assert not replace(run, started=(run.started or 0) - 60).is_alive()


def test_run_is_dead_after_its_process_has_ended(run: Run, store: RunStore) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        handed_over = store.hand_over(run, process.pid)

    assert not handed_over.is_alive()
