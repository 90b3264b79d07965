"""Every alarm reaches a subscriber of the encrypted topic: by its cause where the target publishes the metric."""

from collections.abc import Iterator

import pytest

from harness.deployment import Deployment
from harness.probes import Alarm, Inbox, Stream, subscribed_inbox
from harness.waiting import eventually
from modules.naming import METRIC_NAMESPACE

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
]
BY_CAUSE = ["dead-letter-depth", "pipeline-health", "transactions-conflicting", "transactions-rejected"]


def alarm_of(deployment: Deployment, subject: str) -> Alarm:
    return Alarm(client=deployment.target.client("cloudwatch"), name=f"{subject}-{deployment.run.suffix}")


@pytest.fixture(scope="module")
def inbox(deployment: Deployment) -> Iterator[Inbox]:
    topic = deployment.output("alarm_topic_arn")
    with subscribed_inbox(deployment.target, topic_arn=topic, name=f"test-alarms-{deployment.run.suffix}") as inbox:
        yield inbox


@pytest.fixture(scope="module")
def causes(deployment: Deployment, stream: Stream, inbox: Inbox) -> Inbox:
    """A record that is quarantined, and datapoints as the function's logs publish them on AWS."""
    for subject in BY_CAUSE:
        # An alarm that rings already, because of an earlier test, would say nothing new.
        alarm_of(deployment, subject).set_state("OK", "A test is about to make it ring.")
    stream.put(b"no transaction")
    dimensions = [{"Name": "FunctionName", "Value": deployment.output("lambda_function_name")}]
    deployment.target.client("cloudwatch").put_metric_data(
        Namespace=METRIC_NAMESPACE,
        MetricData=[
            {"MetricName": name, "Dimensions": dimensions, "Value": 1, "Unit": "Count"}
            for name in ("TransactionsRejected", "TransactionsConflicting")
        ],
    )
    return inbox


@pytest.mark.parametrize("subject", BY_CAUSE)
def test_the_alarm_rings_by_its_cause_and_is_heard(deployment: Deployment, causes: Inbox, subject: str) -> None:
    name = f"{subject}-{deployment.run.suffix}"

    eventually(
        lambda: causes.has_alarm(name),
        until=bool,
        what=f"the message of alarm {name} arrived",
        within=WITHIN_SECONDS,
    )


@pytest.mark.parametrize("subject", BY_STATE)
def test_the_alarm_is_heard_when_it_rings(deployment: Deployment, inbox: Inbox, subject: str) -> None:
    alarm = alarm_of(deployment, subject)

    alarm.set_state("OK", "A test is about to make it ring.")
    alarm.set_state("ALARM", "A test put it into this state.")

    eventually(
        lambda: inbox.has_alarm(alarm.name),
        until=bool,
        what=f"the message of alarm {alarm.name} arrived",
        within=WITHIN_SECONDS,
    )


def test_there_is_no_alarm_beside_these(deployment: Deployment) -> None:
    suffix = deployment.run.suffix
    pages = deployment.target.client("cloudwatch").describe_alarms(AlarmTypes=["MetricAlarm", "CompositeAlarm"])

    names = {alarm["AlarmName"] for alarm in (*pages["MetricAlarms"], *pages["CompositeAlarms"])}

    assert {name for name in names if name.endswith(suffix)} == {
        f"{subject}-{suffix}" for subject in (*BY_STATE, *BY_CAUSE, "lambda-errors")
    }
