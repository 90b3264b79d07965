"""What stands right after apply is silent and complete; the harness looked before any test sent anything."""

from collections.abc import Sequence

import pytest

from terraform_harness.deployments.deployment import Deployment
from terraform_harness.terraform.known_drift import KnownDrift

pytestmark = [pytest.mark.localstack, pytest.mark.aws]


def test_the_dead_letter_queue_and_the_quarantine_bucket_are_empty(deployment: Deployment) -> None:
    seen = deployment.first_look

    assert (seen["dead_letter_queue"], seen["quarantine"]) == ([], [])


def test_no_alarm_rings(deployment: Deployment) -> None:
    assert deployment.first_look["ringing_alarms"] == []


def test_both_plans_showed_each_known_gap_and_nothing_else(
    deployment: Deployment, terraform_known_drift: Sequence[KnownDrift]
) -> None:
    # Anything else would have failed the deployment; a gap that is seen no longer is to be taken off the list.
    assert deployment.known_drift_seen == [gap.reason for gap in terraform_known_drift]
