"""Every alarm notifies a subscriber of the encrypted topic, triggered by its cause if the target has the metric."""

from datetime import datetime
from functools import partial

import pytest

from terraform_harness import Deployment, eventually
from terraform_harness.probes import Alarm, Inbox
from tests.integration.budgets import Budgets
from tests.integration.causes import (
    BEFORE,
    BY_CAUSE,
    BY_CAUSE_ON_AWS,
    BY_STATE,
    SET_BY_TEST,
    alarm_on,
    cause_alarms,
    paced,
)

EVERYWHERE = [pytest.mark.localstack, pytest.mark.aws]
ON_LOCALSTACK = pytest.mark.localstack("on AWS test_alarms_on_aws.py triggers it by its cause")


@pytest.mark.localstack
@pytest.mark.aws
@pytest.mark.parametrize("subject", BY_CAUSE)
def test_cause_triggers_the_alarm_and_its_notification(
    deployment: Deployment, subscriber: Inbox, budgets: Budgets, subject: str
) -> None:
    name = alarm_on(deployment, subject).name
    # Other tests may receive the messages of the dead-letter queue before CloudWatch has counted them.
    again = paced(partial(cause_alarms, deployment, budgets))

    def is_notified() -> bool:
        if subscriber.has_alarm(name):
            return True
        again()
        return False

    eventually(is_notified, until=bool, what=f"the notification of alarm {name} arrived", within=budgets.alarm)


@pytest.mark.parametrize(
    "subject",
    [
        *(pytest.param(subject, marks=EVERYWHERE) for subject in BY_STATE),
        *(pytest.param(subject, marks=ON_LOCALSTACK) for subject in BY_CAUSE_ON_AWS),
    ],
)
def test_alarm_notifies_subscriber(deployment: Deployment, subscriber: Inbox, budgets: Budgets, subject: str) -> None:
    alarm = alarm_on(deployment, subject)

    alarm.set_state("OK", BEFORE)
    alarm.set_state("ALARM", SET_BY_TEST)

    eventually(
        lambda: subscriber.has_alarm(alarm.name),
        until=bool,
        what=f"the notification of alarm {alarm.name} arrived",
        within=budgets.alarm,
    )


@pytest.mark.localstack
@pytest.mark.aws
def test_history_has_the_error_alarm(error_alarm: Alarm, began: datetime, budgets: Budgets) -> None:
    eventually(
        lambda: error_alarm.went_to_alarm_since(began),
        until=bool,
        what=f"the history of alarm {error_alarm.name} has a change to ALARM",
        within=budgets.alarm,
    )


@pytest.mark.localstack
@pytest.mark.aws
def test_every_alarm_is_tested(deployment: Deployment) -> None:
    suffix = deployment.run.suffix
    pages = deployment.target.client("cloudwatch").describe_alarms(AlarmTypes=["MetricAlarm", "CompositeAlarm"])

    names = {alarm["AlarmName"] for alarm in (*pages["MetricAlarms"], *pages["CompositeAlarms"])}

    assert {name for name in names if name.endswith(suffix)} == {
        f"{subject}-{suffix}" for subject in (*BY_CAUSE, *BY_CAUSE_ON_AWS, *BY_STATE)
    }
