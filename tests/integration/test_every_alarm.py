"""Every alarm reaches a subscriber of the encrypted topic: by its cause where the target publishes the metric."""

from datetime import datetime

import pytest

from harness.deployment import Deployment
from harness.probes import Alarm, Inbox
from harness.waiting import eventually
from tests.integration.causes import RUNG_BY_CAUSE

WITHIN_SECONDS = 180

# The rest are exercised by their state: LocalStack publishes no metric of Kinesis, DynamoDB, EventBridge or mappings.
BY_STATE = [
    "dynamodb-index-throttle",
    "dynamodb-throttle",
    "dynamodb-write-throttle",
    "kinesis-iterator-age",
    "kinesis-write-throttle",
    "lambda-iterator-age",
    "lambda-throttles",
    "quarantine-unannounced",
    "records-dropped",
    "records-failing",
    "records-undelivered",
    "records-unread",
]


@pytest.mark.parametrize("subject", RUNG_BY_CAUSE)
def test_the_alarm_rings_by_its_cause_and_is_heard(deployment: Deployment, subscriber: Inbox, subject: str) -> None:
    name = f"{subject}-{deployment.run.suffix}"

    eventually(
        lambda: subscriber.has_alarm(name),
        until=bool,
        what=f"the message of alarm {name} arrived",
        within=WITHIN_SECONDS,
    )


@pytest.mark.parametrize("subject", BY_STATE)
def test_the_alarm_is_heard_when_it_rings(deployment: Deployment, subscriber: Inbox, subject: str) -> None:
    alarm = Alarm(client=deployment.target.client("cloudwatch"), name=f"{subject}-{deployment.run.suffix}")

    alarm.set_state("OK", "A test is about to make it ring.")
    alarm.set_state("ALARM", "A test put it into this state.")

    eventually(
        lambda: subscriber.has_alarm(alarm.name),
        until=bool,
        what=f"the message of alarm {alarm.name} arrived",
        within=WITHIN_SECONDS,
    )


def test_the_history_says_that_the_error_alarm_rang(error_alarm: Alarm, began: datetime) -> None:
    eventually(
        lambda: error_alarm.rang_since(began),
        until=bool,
        what=f"the history of alarm {error_alarm.name} says that it rang",
        within=WITHIN_SECONDS,
    )


def test_there_is_no_alarm_beside_these(deployment: Deployment) -> None:
    suffix = deployment.run.suffix
    pages = deployment.target.client("cloudwatch").describe_alarms(AlarmTypes=["MetricAlarm", "CompositeAlarm"])

    names = {alarm["AlarmName"] for alarm in (*pages["MetricAlarms"], *pages["CompositeAlarms"])}

    assert {name for name in names if name.endswith(suffix)} == {
        f"{subject}-{suffix}" for subject in (*BY_STATE, *RUNG_BY_CAUSE)
    }
