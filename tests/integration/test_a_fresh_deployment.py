"""What stands right after apply is silent and complete; the harness looked before any test sent anything."""

from harness.deployment import Deployment
from harness.gaps import LOCALSTACK_GAPS, without_gaps


def test_the_dead_letter_queue_and_the_quarantine_bucket_are_empty(deployment: Deployment) -> None:
    seen = deployment.first_look

    assert (seen["dead_letter_queue"], seen["quarantine"]) == ([], [])


def test_no_alarm_rings(deployment: Deployment) -> None:
    assert deployment.first_look["ringing_alarms"] == []


def test_a_second_plan_is_empty_but_for_the_known_gaps(deployment: Deployment) -> None:
    plan = without_gaps(deployment.terraform.plan(), LOCALSTACK_GAPS)

    assert str(plan) == "no changes"
