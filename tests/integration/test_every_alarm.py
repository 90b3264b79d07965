"""Every alarm reaches a subscriber of the encrypted topic: by its cause where the target publishes the metric."""

from datetime import datetime
from functools import partial

import pytest

from terraform_harness.deployments.deployment import Deployment
from terraform_harness.polling import eventually
from terraform_harness.probes import Alarm, Inbox
from tests.integration.budgets import Budgets
from tests.integration.causes import BEFORE, BY_CAUSE, BY_CAUSE_ON_AWS, BY_HAND, BY_STATE, alarm_on, cause_alarms, paced

EVERYWHERE = [pytest.mark.localstack, pytest.mark.aws]
ON_LOCALSTACK = pytest.mark.localstack("on AWS test_alarms_on_aws.py rings it by its cause")


@pytest.mark.localstack
@pytest.mark.aws
@pytest.mark.parametrize("subject", BY_CAUSE)
def test_the_alarm_rings_by_its_cause_and_is_heard(
    deployment: Deployment, subscriber: Inbox, budgets: Budgets, subject: str
) -> None:
    name = alarm_on(deployment, subject).name
    # Other tests may take the messages out of the dead-letter queue before anybody has counted them.
    again = paced(partial(cause_alarms, deployment, budgets))

    def heard() -> bool:
        if subscriber.has_alarm(name):
            return True
        again()
        return False

    eventually(heard, until=bool, what=f"the message of alarm {name} arrived", within=budgets.alarm)


@pytest.mark.parametrize(
    "subject",
    [
        *(pytest.param(subject, marks=EVERYWHERE) for subject in BY_STATE),
        *(pytest.param(subject, marks=ON_LOCALSTACK) for subject in BY_CAUSE_ON_AWS),
    ],
)
def test_the_alarm_is_heard_when_it_rings(
    deployment: Deployment, subscriber: Inbox, budgets: Budgets, subject: str
) -> None:
    alarm = alarm_on(deployment, subject)

    alarm.set_state("OK", BEFORE)
    alarm.set_state("ALARM", BY_HAND)

    eventually(
        lambda: subscriber.has_alarm(alarm.name),
        until=bool,
        what=f"the message of alarm {alarm.name} arrived",
        within=budgets.alarm,
    )


@pytest.mark.localstack
@pytest.mark.aws
def test_the_history_says_that_the_error_alarm_rang(error_alarm: Alarm, began: datetime, budgets: Budgets) -> None:
    eventually(
        lambda: error_alarm.rang_since(began),
        until=bool,
        what=f"the history of alarm {error_alarm.name} says that it rang",
        within=budgets.alarm,
    )


@pytest.mark.localstack
@pytest.mark.aws
def test_there_is_no_alarm_beside_these(deployment: Deployment) -> None:
    suffix = deployment.run.suffix
    pages = deployment.target.client("cloudwatch").describe_alarms(AlarmTypes=["MetricAlarm", "CompositeAlarm"])

    names = {alarm["AlarmName"] for alarm in (*pages["MetricAlarms"], *pages["CompositeAlarms"])}

    assert {name for name in names if name.endswith(suffix)} == {
        f"{subject}-{suffix}" for subject in (*BY_CAUSE, *BY_CAUSE_ON_AWS, *BY_STATE)
    }
