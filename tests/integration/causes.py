"""What makes alarms ring: which of them by their cause, and where."""

import time
from collections.abc import Callable, Collection
from math import inf
from uuid import uuid4

from demo.alarm import fail_the_function
from embedded_localstack import Calls
from modules.naming import METRIC_NAMESPACE
from terraform_harness.deployments.deployment import Deployment
from terraform_harness.polling import eventually
from terraform_harness.probes import Alarm, Bucket, Stream
from terraform_harness.targets.target import Target
from tests.integration.budgets import Budgets
from tests.integration.samples import encode, new_transaction
from tests.integration.turns import turn

# On every target, before the first test.
BY_CAUSE = (
    "dead-letter-depth",
    "lambda-errors",
    "pipeline-health",
    "transactions-conflicting",
    "transactions-rejected",
)

# On AWS (test_alarms_on_aws.py); LocalStack publishes none of their metrics, so there by their state.
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

# On every target, each with what its cause would take.
BY_STATE = {
    "dynamodb-index-throttle": "an on-demand table takes any load that a test can afford",
    "dynamodb-write-throttle": "the same",
    "records-dropped": "a record would have to be lost",
    "records-undelivered": "the mapping would have to lose its bucket, and a record with it",
}

# Several times in each period of a minute.
PAUSE_SECONDS = 20

BEFORE = "A test is about to make it ring."
BY_HAND = "A test put it into this state."


def subjects_by_cause(target: Target) -> Collection[str]:
    """The alarms that the tests ring by their cause on this target."""
    return {*BY_CAUSE, *(BY_CAUSE_ON_AWS if target.name == "aws" else ())}


def alarm_on(deployment: Deployment, subject: str) -> Alarm:
    """The deployed alarm."""
    return Alarm(client=deployment.target.client("cloudwatch"), name=f"{subject}-{deployment.run.suffix}")


def paced(happen: Callable[[], None]) -> Callable[[], None]:
    """Let something happen when it is called, but not again within the next third of a minute."""
    last = -inf

    def maybe() -> None:
        nonlocal last
        if time.monotonic() - last >= PAUSE_SECONDS:
            happen()
            last = time.monotonic()

    return maybe


def make_alarms_ring(deployment: Deployment, budgets: Budgets) -> None:
    """Cause them for the first time."""
    for subject in BY_CAUSE:
        # An alarm that rings already, because of an earlier session, would say nothing new.
        alarm_on(deployment, subject).set_state("OK", BEFORE)
    cause_alarms(deployment, budgets)


def cause_alarms(deployment: Deployment, budgets: Budgets) -> None:
    """Fail the function, and send it a record that is no transaction and two that are in conflict."""
    with turn(deployment.run):
        _cause_alarms(deployment, budgets)


def _cause_alarms(deployment: Deployment, budgets: Budgets) -> None:
    target = deployment.target
    fail_the_function(deployment)
    stream = Stream(client=target.client("kinesis"), name=deployment.output("kinesis_stream_name"))
    first = new_transaction()
    records = (b"no transaction", encode(first), encode({**first, "amount": "1"}))
    key = str(uuid4())
    broken, _, conflicting = [stream.put(record, key=key) for record in records]
    _wait_for_quarantine(deployment, budgets, {broken, conflicting})
    if not _extracts_metrics(target):
        _publish(deployment, "TransactionsRejected", "TransactionsConflicting")


def _wait_for_quarantine(deployment: Deployment, budgets: Budgets, numbers: Collection[str]) -> None:
    """Until the records are where they belong: what another worker breaks next is to find none of them on its way."""
    bucket = Bucket(client=deployment.target.client("s3"), name=deployment.output("quarantine_bucket_name"))
    eventually(
        lambda: {number for number in numbers for key in bucket.keys("rejected/") if number in key},
        until=lambda found: found == numbers,
        what="the broken and the conflicting record are in quarantine",
        within=budgets.record,
    )


def _extracts_metrics(target: Target) -> bool:
    """Whether what the function logs in embedded metric format becomes metrics: in a container it does not."""
    return target.endpoint is None or Calls(target.endpoint).are_recorded


def _publish(deployment: Deployment, *metrics: str) -> None:
    dimensions = [{"Name": "FunctionName", "Value": deployment.output("lambda_function_name")}]
    deployment.target.client("cloudwatch").put_metric_data(
        Namespace=METRIC_NAMESPACE,
        MetricData=[{"MetricName": name, "Dimensions": dimensions, "Value": 1, "Unit": "Count"} for name in metrics],
    )
