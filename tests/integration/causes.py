"""Triggers alarms: most by their cause, the others by setting their state."""

import time
from collections.abc import Callable, Collection
from math import inf
from typing import TYPE_CHECKING
from uuid import uuid4

from demo.alarm import fail_the_function
from embedded_localstack import CallLog
from modules.naming import METRIC_NAMESPACE
from terraform_harness import Deployment, Target, eventually
from terraform_harness.probes import Alarm, Bucket, Stream
from tests.integration.budgets import Budgets
from tests.integration.samples import encode, new_transaction
from tests.integration.turns import turn

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch.type_defs import DimensionTypeDef

# On every target, before the first test.
BY_CAUSE = (
    "dead-letter-depth",
    "lambda-errors",
    "pipeline-health",
    "transactions-conflicting",
    "transactions-rejected",
)

# On AWS (test_alarms_on_aws.py). LocalStack does not publish their metrics, so the tests set their state there.
BY_CAUSE_ON_AWS = (
    "dynamodb-throttle",
    "kinesis-iterator-age",
    "kinesis-write-throttle",
    "lambda-iterator-age",
    "lambda-throttles",
    "quarantine-unannounced",
    "records-failing",
    "records-unread",
)

# On every target, each with the reason why a test cannot cause it.
BY_STATE = {
    "dynamodb-index-throttle": "an on-demand table accepts any load that a test can afford",
    "dynamodb-write-throttle": "an on-demand table accepts any load that a test can afford",
    "records-dropped": "it takes the loss of a record",
    "records-undelivered": "it takes the loss of the bucket, and of a record",
}

# A cause is repeated several times in each period of a minute.
PAUSE_SECONDS = 20

BEFORE = "A test is about to trigger the alarm."
SET_BY_TEST = "A test set this state."


def subjects_by_cause(target: Target) -> Collection[str]:
    """Return the subjects of the alarms that tests trigger by their cause on a target."""
    return {*BY_CAUSE, *(BY_CAUSE_ON_AWS if target.name == "aws" else ())}


def alarm_on(deployment: Deployment, subject: str) -> Alarm:
    """Return the deployed alarm on a subject."""
    return Alarm(client=deployment.target.client("cloudwatch"), name=f"{subject}-{deployment.run.suffix}")


def paced(happen: Callable[[], None]) -> Callable[[], None]:
    """Return a function that calls `happen`, but at most once within PAUSE_SECONDS."""
    last = -inf

    def maybe() -> None:
        nonlocal last
        if time.monotonic() - last >= PAUSE_SECONDS:
            happen()
            last = time.monotonic()

    return maybe


def trigger_alarms(deployment: Deployment, budgets: Budgets) -> None:
    """Trigger the alarms of BY_CAUSE for the first time."""
    for subject in BY_CAUSE:
        # An alarm that is in ALARM from an earlier session would not notify again.
        alarm_on(deployment, subject).set_state("OK", BEFORE)
    cause_alarms(deployment, budgets)


def cause_alarms(deployment: Deployment, budgets: Budgets) -> None:
    """Make the function fail, and send an invalid record and two records in conflict."""
    with turn(deployment.run):
        _cause_alarms(deployment, budgets)


def _cause_alarms(deployment: Deployment, budgets: Budgets) -> None:
    target = deployment.target
    fail_the_function(deployment)
    stream = Stream(client=target.client("kinesis"), name=deployment.output("kinesis_stream_name"))
    first = new_transaction()
    records = (b"not a transaction", encode(first), encode({**first, "amount": "1"}))
    key = str(uuid4())
    broken, _, conflicting = [stream.put(record, key=key) for record in records]
    _wait_for_quarantine(deployment, budgets, {broken, conflicting})
    if not _extracts_metrics(target):
        _publish(deployment, "TransactionsRejected", "TransactionsConflicting")


def _wait_for_quarantine(deployment: Deployment, budgets: Budgets, numbers: Collection[str]) -> None:
    """Wait until the records are in quarantine, so that the next fault of another worker does not affect them."""
    bucket = Bucket(client=deployment.target.client("s3"), name=deployment.output("quarantine_bucket_name"))
    eventually(
        lambda: {number for number in numbers for key in bucket.keys("rejected/") if number in key},
        until=lambda found: found == numbers,
        what="the broken and the conflicting record are in quarantine",
        within=budgets.record,
    )


def _extracts_metrics(target: Target) -> bool:
    """Return whether the target extracts metrics from the log: LocalStack in a container does not."""
    return target.endpoint is None or CallLog(target.endpoint).is_available


def _publish(deployment: Deployment, *metrics: str) -> None:
    dimensions: list[DimensionTypeDef] = [{"Name": "FunctionName", "Value": deployment.output("lambda_function_name")}]
    deployment.target.client("cloudwatch").put_metric_data(
        Namespace=METRIC_NAMESPACE,
        MetricData=[{"MetricName": name, "Dimensions": dimensions, "Value": 1, "Unit": "Count"} for name in metrics],
    )
