"""What stands right after apply is silent and complete. (This file's name puts it before those that send records.)"""

from harness.deployment import Deployment
from harness.gaps import LOCALSTACK_GAPS, without_gaps
from harness.probes import Bucket, Inbox


def test_the_dead_letter_queue_and_the_quarantine_bucket_are_empty(
    dead_letter_queue: Inbox, quarantine: Bucket
) -> None:
    found = (dead_letter_queue.messages(), quarantine.keys())

    assert found == ([], [])


def test_no_alarm_rings(deployment: Deployment) -> None:
    cloudwatch = deployment.target.client("cloudwatch")

    alarms = cloudwatch.describe_alarms(AlarmTypes=["MetricAlarm", "CompositeAlarm"], StateValue="ALARM")

    ringing = [alarm["AlarmName"] for alarm in (*alarms["MetricAlarms"], *alarms["CompositeAlarms"])]
    assert [name for name in ringing if name.endswith(deployment.run.suffix)] == []


def test_a_second_plan_is_empty_but_for_the_known_gaps(deployment: Deployment) -> None:
    plan = without_gaps(deployment.terraform.plan(), LOCALSTACK_GAPS)

    assert str(plan) == "no changes"
