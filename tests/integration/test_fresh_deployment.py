"""The state right after apply: no message, no object, no alarm, no unknown drift.

The harness recorded it before the first test.
"""

from collections.abc import Sequence

import pytest

from terraform_harness import Deployment, KnownDrift

pytestmark = [pytest.mark.localstack, pytest.mark.aws]


def test_dead_letter_queue_and_quarantine_are_empty(deployment: Deployment) -> None:
    state = deployment.first_look

    assert (state["dead_letter_queue"], state["quarantine"]) == ([], [])


def test_no_alarm_is_in_state_alarm(deployment: Deployment) -> None:
    assert deployment.first_look["alarms"] == []


def test_plans_after_apply_showed_all_known_drift(
    deployment: Deployment, terraform_known_drift: Sequence[KnownDrift]
) -> None:
    """Other drift fails the deployment. Known drift that no longer appears must be removed from the list."""
    assert deployment.known_drift_seen == [known.reason for known in terraform_known_drift]
