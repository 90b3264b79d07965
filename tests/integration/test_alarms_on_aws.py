"""Alarms on metrics that only AWS publishes, triggered by their cause; on LocalStack tests set their state instead.

These tests run last, because each one disturbs the whole pipeline for minutes. Their order matters: two later tests
need old records, which age during the tests before.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import cycle
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError

from terraform_harness import Deployment, eventually
from terraform_harness.probes import Alarm, Bucket, Inbox, Stream, Table
from tests.integration.budgets import Budgets
from tests.integration.causes import BEFORE, PAUSE_SECONDS, alarm_on, paced
from tests.integration.changes import failing_function, mapping_of, switch

if TYPE_CHECKING:
    from mypy_boto3_kinesis.type_defs import PutRecordsRequestEntryTypeDef

pytestmark = [pytest.mark.aws("LocalStack does not publish these metrics"), pytest.mark.usefixtures("alone")]

# The lowest and the highest hash key belong to the first and the last shard.
FIRST_SHARD, LAST_SHARD = "0", str(2**128 - 1)

type Trigger = Callable[..., None]


@dataclass(frozen=True, kw_only=True)
class Unread:
    """The time since the mapping is disabled; from then on a record waits in the first shard."""

    since: float
    read_again: Callable[[], None]


@pytest.fixture
def trigger(deployment: Deployment, subscriber: Inbox, budgets: Budgets) -> Trigger:
    """Repeat a cause until the subscriber is notified of its alarm."""

    def until_notified(subject: str, happen: Callable[[], None], within: float = budgets.alarm) -> None:
        alarm, again = alarm_on(deployment, subject), paced(happen)
        alarm.set_state("OK", BEFORE)

        def is_notified() -> bool:
            again()
            return subscriber.has_alarm(alarm.name)

        eventually(is_notified, until=bool, what=f"the notification of alarm {alarm.name} arrived", within=within)

    return until_notified


@pytest.fixture(scope="module")
def unread(deployment: Deployment, stream: Stream, budgets: Budgets) -> Iterator[Unread]:
    mapping = mapping_of(deployment)
    read_again = partial(switch, mapping, budgets, on=True)
    switch(mapping, budgets, on=False)
    put(stream, FIRST_SHARD)
    yield Unread(since=time.monotonic(), read_again=read_again)
    read_again()


def put(stream: Stream, shard: str, data: bytes = b"not a transaction") -> None:
    stream.client.put_record(StreamName=stream.name, Data=data, PartitionKey=str(uuid4()), ExplicitHashKey=shard)


def test_alarm_on_failing_records(deployment: Deployment, stream: Stream, budgets: Budgets, trigger: Trigger) -> None:
    # A failed invocation counts each of its records, and each retry counts them again:
    # docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html#event-source-mapping-metrics
    shards = cycle([FIRST_SHARD, LAST_SHARD])
    with failing_function(deployment, budgets):
        trigger("records-failing", lambda: put(stream, next(shards)))


@pytest.mark.usefixtures("unread")
def test_alarm_on_writes_above_the_limit_of_a_shard(stream: Stream, trigger: Trigger) -> None:
    def write_until_one_is_rejected() -> None:
        # A shard accepts 1 MB per second: docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html
        record: PutRecordsRequestEntryTypeDef = {
            "Data": b"x" * 900_000,
            "PartitionKey": "burst",
            "ExplicitHashKey": LAST_SHARD,
        }
        responses = (stream.client.put_records(StreamName=stream.name, Records=[record] * 5) for _ in range(5))
        assert any(response["FailedRecordCount"] for response in responses)

    trigger("kinesis-write-throttle", write_until_one_is_rejected)


@pytest.fixture
def function_without_concurrency(deployment: Deployment) -> Iterator[str]:
    """The name of the function, which cannot be invoked until the end of the test."""
    client, name = deployment.target.client("lambda"), deployment.output("lambda_function_name")
    client.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
    yield name
    client.delete_function_concurrency(FunctionName=name)


def test_alarm_on_throttled_invocations(
    deployment: Deployment, function_without_concurrency: str, trigger: Trigger
) -> None:
    client = deployment.target.client("lambda")

    def invoke() -> None:
        with pytest.raises(client.exceptions.TooManyRequestsException):
            client.invoke(FunctionName=function_without_concurrency, Payload=b"{}")

    trigger("lambda-throttles", invoke)


def test_alarm_on_invalid_requests_to_dynamodb(ledger: Table, trigger: Trigger) -> None:
    def read_by_an_unknown_key() -> None:
        # A ValidationException is a user error: repost.aws/knowledge-center/usererrors-dynamodb-table
        for _ in range(10):
            with pytest.raises(ClientError, match="ValidationException"):
                ledger.client.get_item(TableName=ledger.name, Key={"no-such-key": {"S": "any"}})

    trigger("dynamodb-throttle", read_by_an_unknown_key)


@pytest.fixture
def closed_queue(dead_letter_queue: Inbox) -> Iterator[None]:
    """Remove the queue policy until the end of the test, so that EventBridge cannot send."""
    sqs, url = dead_letter_queue.client, dead_letter_queue.url
    policy = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy"])["Attributes"]["Policy"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": ""})
    yield
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})


@pytest.mark.usefixtures("closed_queue")
def test_alarm_on_a_quarantined_object_without_a_message(quarantine: Bucket, trigger: Trigger) -> None:
    # EventBridge does not retry without permission: docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
    def write_object() -> None:
        quarantine.client.put_object(Bucket=quarantine.name, Key=f"unannounced/{uuid4()}", Body=b"{}")

    trigger("quarantine-unannounced", write_object)


@pytest.mark.usefixtures("unread")
def test_alarm_on_unread_records(stream: Stream, budgets: Budgets, trigger: Trigger) -> None:
    trigger("records-unread", partial(put, stream, LAST_SHARD), within=budgets.long_alarm)


def test_alarms_on_records_that_are_read_late(
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
        until=lambda missing: missing == [],
        what="the notifications of both alarms on late records arrived",
        within=budgets.alarm,
    )


def threshold_seconds(alarm: Alarm) -> float:
    (described,) = alarm.client.describe_alarms(AlarmNames=[alarm.name])["MetricAlarms"]
    return float(described["Threshold"]) / 1000
