"""Alarms on metrics that only AWS publishes, rung by their cause; on LocalStack their state is set instead.

They run after all other tests: each disturbs the whole pipeline for minutes. The order within is of use too: while one
alarm is waited for, the records grow old that two later ones are about.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import cycle
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError

from terraform_harness.deployments.deployment import Deployment
from terraform_harness.polling import eventually
from terraform_harness.probes import Alarm, Bucket, Inbox, Stream, Table
from tests.integration.budgets import Budgets
from tests.integration.causes import BEFORE, PAUSE_SECONDS, alarm_on, paced
from tests.integration.changes import failing_function, mapping_of, switch

pytestmark = [pytest.mark.aws("LocalStack publishes no such metric"), pytest.mark.usefixtures("alone")]

# The ends of the range of hash keys, so the first and the last shard.
FIRST_SHARD, LAST_SHARD = "0", str(2**128 - 1)

type Ring = Callable[..., None]


@dataclass(frozen=True, kw_only=True)
class Unread:
    """Since when nobody reads the stream: from then on a record waits in its first shard."""

    since: float
    read_again: Callable[[], None]


@pytest.fixture
def ring(deployment: Deployment, subscriber: Inbox, budgets: Budgets) -> Ring:
    """Make something happen again and again until the alarm on it is heard."""

    def until_heard(subject: str, happen: Callable[[], None], within: float = budgets.alarm) -> None:
        alarm, again = alarm_on(deployment, subject), paced(happen)
        alarm.set_state("OK", BEFORE)

        def heard() -> bool:
            again()
            return subscriber.has_alarm(alarm.name)

        eventually(heard, until=bool, what=f"the message of alarm {alarm.name} arrived", within=within)

    return until_heard


@pytest.fixture(scope="module")
def unread(deployment: Deployment, stream: Stream, budgets: Budgets) -> Iterator[Unread]:
    mapping = mapping_of(deployment)
    read_again = partial(switch, mapping, budgets, on=True)
    switch(mapping, budgets, on=False)
    put(stream, FIRST_SHARD)
    yield Unread(since=time.monotonic(), read_again=read_again)
    read_again()


def put(stream: Stream, shard: str, data: bytes = b"no transaction") -> None:
    stream.client.put_record(StreamName=stream.name, Data=data, PartitionKey=str(uuid4()), ExplicitHashKey=shard)


def test_records_that_fail_for_minutes_ring(
    deployment: Deployment, stream: Stream, budgets: Budgets, ring: Ring
) -> None:
    # A failed invocation counts with each of its records, and so does each retry of it:
    # docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html#event-source-mapping-metrics
    shards = cycle([FIRST_SHARD, LAST_SHARD])
    with failing_function(deployment, budgets):
        ring("records-failing", lambda: put(stream, next(shards)))


@pytest.mark.usefixtures("unread")
def test_writes_beyond_the_limit_of_a_shard_for_minutes_ring(stream: Stream, ring: Ring) -> None:
    def write_until_some_is_refused() -> None:
        # A shard takes 1 MB in a second: docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html
        record = {"Data": b"x" * 900_000, "PartitionKey": "burst", "ExplicitHashKey": LAST_SHARD}
        answers = (stream.client.put_records(StreamName=stream.name, Records=[record] * 5) for _ in range(5))
        assert any(answer["FailedRecordCount"] for answer in answers)

    ring("kinesis-write-throttle", write_until_some_is_refused)


@pytest.fixture
def function_without_concurrency(deployment: Deployment) -> Iterator[str]:
    """The function's name, while nobody can invoke it."""
    client, name = deployment.target.client("lambda"), deployment.output("lambda_function_name")
    client.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
    yield name
    client.delete_function_concurrency(FunctionName=name)


def test_a_function_that_is_throttled_for_minutes_rings(
    deployment: Deployment, function_without_concurrency: str, ring: Ring
) -> None:
    client = deployment.target.client("lambda")

    def invoke() -> None:
        with pytest.raises(client.exceptions.TooManyRequestsException):
            client.invoke(FunctionName=function_without_concurrency, Payload=b"{}")

    ring("lambda-throttles", invoke)


def test_invalid_requests_to_dynamodb_ring(ledger: Table, ring: Ring) -> None:
    def read_by_a_key_that_the_table_does_not_have() -> None:
        # A ValidationException is a user error: repost.aws/knowledge-center/usererrors-dynamodb-table
        for _ in range(10):
            with pytest.raises(ClientError, match="ValidationException"):
                ledger.client.get_item(TableName=ledger.name, Key={"no-such-key": {"S": "any"}})

    ring("dynamodb-throttle", read_by_a_key_that_the_table_does_not_have)


@pytest.fixture
def deaf_queue(dead_letter_queue: Inbox) -> Iterator[None]:
    """The dead-letter queue, while its policy lets nobody send."""
    sqs, url = dead_letter_queue.client, dead_letter_queue.url
    policy = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy"])["Attributes"]["Policy"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": ""})
    yield
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})


@pytest.mark.usefixtures("deaf_queue")
def test_an_object_of_which_the_dead_letter_queue_cannot_be_told_rings(quarantine: Bucket, ring: Ring) -> None:
    # What EventBridge may not deliver fails at once: docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
    def keep() -> None:
        quarantine.client.put_object(Bucket=quarantine.name, Key=f"unannounced/{uuid4()}", Body=b"{}")

    ring("quarantine-unannounced", keep)


@pytest.mark.usefixtures("unread")
def test_records_that_nobody_reads_ring(stream: Stream, budgets: Budgets, ring: Ring) -> None:
    ring("records-unread", partial(put, stream, LAST_SHARD), within=budgets.long_alarm)


def test_records_that_are_read_late_ring(
    deployment: Deployment, subscriber: Inbox, unread: Unread, budgets: Budgets
) -> None:
    alarms = [alarm_on(deployment, subject) for subject in ("kinesis-iterator-age", "lambda-iterator-age")]
    late = max(map(threshold_seconds, alarms))
    for alarm in alarms:
        alarm.set_state("OK", BEFORE)
    eventually(
        lambda: time.monotonic() - unread.since,
        until=lambda age: age > late,
        what="the first unread record is late",
        within=late + PAUSE_SECONDS,
    )

    unread.read_again()

    eventually(
        lambda: [alarm.name for alarm in alarms if not subscriber.has_alarm(alarm.name)],
        until=lambda silent: silent == [],
        what="the messages of both alarms on late records arrived",
        within=budgets.alarm,
    )


def threshold_seconds(alarm: Alarm) -> float:
    (about,) = alarm.client.describe_alarms(AlarmNames=[alarm.name])["MetricAlarms"]
    return float(about["Threshold"]) / 1000
