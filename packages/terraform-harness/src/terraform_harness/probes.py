"""Small looks into deployed services, made to be called again and again by eventually()."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from boto3.dynamodb.types import TypeDeserializer

from terraform_harness.targets.target import Client, Target

type Json = Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """A Kinesis stream."""

    client: Client
    name: str

    def status(self) -> str:
        """ACTIVE, or what it is on its way to."""
        answer = self.client.describe_stream_summary(StreamName=self.name)
        return str(answer["StreamDescriptionSummary"]["StreamStatus"])

    def put(self, data: bytes, *, key: str = "probe") -> str:
        """Put one record; returns its sequence number."""
        answer = self.client.put_record(StreamName=self.name, Data=data, PartitionKey=key)
        return str(answer["SequenceNumber"])


@dataclass(frozen=True, slots=True, kw_only=True)
class EventSource:
    """An event source mapping, which reads a stream for a function."""

    client: Client
    uuid: str

    def state(self) -> str:
        """Enabled, Disabled, or what it is on its way to."""
        return str(self.client.get_event_source_mapping(UUID=self.uuid)["State"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A DynamoDB table with one hash key."""

    client: Client
    name: str
    key: str

    def item(self, value: str) -> Mapping[str, Json] | None:
        """The item under a key, numbers as Decimal; None if there is none."""
        answer = self.client.get_item(TableName=self.name, Key={self.key: {"S": value}}, ConsistentRead=True)
        found = answer.get("Item")
        return None if found is None else {name: _DESERIALIZER.deserialize(one) for name, one in found.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """An S3 bucket that holds JSON."""

    client: Client
    name: str

    def keys(self, prefix: str = "") -> Sequence[str]:
        """The keys below a prefix."""
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.name, Prefix=prefix)
        return [entry["Key"] for page in pages for entry in page.get("Contents", [])]

    def contents(self, prefix: str = "") -> Sequence[Json]:
        """The parsed objects below a prefix."""
        return [self.content(key) for key in self.keys(prefix)]

    def content(self, key: str) -> Json:
        """One parsed object."""
        return json.loads(self.client.get_object(Bucket=self.name, Key=key)["Body"].read())


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """A CloudWatch alarm, metric or composite."""

    client: Client
    name: str

    def state(self) -> str:
        """OK, ALARM or INSUFFICIENT_DATA; empty if there is no such alarm."""
        answer = self.client.describe_alarms(AlarmNames=[self.name], AlarmTypes=["MetricAlarm", "CompositeAlarm"])
        found = [*answer.get("MetricAlarms", []), *answer.get("CompositeAlarms", [])]
        return str(found[0]["StateValue"]) if found else ""

    def rang_since(self, moment: datetime) -> bool:
        """Whether the alarm's history has a change to ALARM since the second of a moment."""
        since = moment.replace(microsecond=0)
        return any(change.state == "ALARM" and change.at >= since for change in self.changes())

    def changes(self) -> Iterator["AlarmChange"]:
        """The alarm's own history."""
        return alarm_changes(self.client, alarm=self.name)

    def set_state(self, state: str, reason: str) -> None:
        """Put the alarm into a state by hand, which fires its actions."""
        self.client.set_alarm_state(AlarmName=self.name, StateValue=state, StateReason=reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmChange:
    """An alarm that went to another state."""

    at: datetime
    alarm: str
    state: str
    reason: str
    summary: str


def alarm_changes(client: Client, *, alarm: str | None = None) -> Iterator[AlarmChange]:
    """The history of one alarm, or of all metric alarms that a CloudWatch client sees."""
    # Without StartDate, which LocalStack 4.14 answers with an error.
    wanted = {"HistoryItemType": "StateUpdate"} | ({} if alarm is None else {"AlarmName": alarm})
    for page in client.get_paginator("describe_alarm_history").paginate(**wanted):
        for item in page["AlarmHistoryItems"]:
            state = json.loads(item["HistoryData"])["newState"]
            # LocalStack dates a change by the one before it; when the metric was looked at is right everywhere.
            looked = (state.get("stateReasonData") or {}).get("queryDate")
            at = max(item["Timestamp"], datetime.fromisoformat(looked)) if looked else item["Timestamp"]
            yield AlarmChange(
                at=at,
                alarm=item["AlarmName"],
                state=state["stateValue"],
                reason=state.get("stateReason", ""),
                summary=item["HistorySummary"],
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox:
    """A queue that keeps what was sent to it."""

    client: Client
    url: str
    seen: list[Json] = field(default_factory=list)

    def messages(self) -> Sequence[Json]:
        """Every message that has come so far, parsed."""
        answer = self.client.receive_message(QueueUrl=self.url, MaxNumberOfMessages=10, WaitTimeSeconds=1)
        for message in answer.get("Messages", []):
            self.seen.append(json.loads(message["Body"]))
            self.client.delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])
        return self.seen

    def has_alarm(self, name: str, state: str = "ALARM") -> bool:
        """Whether the message of an alarm that went to a state has come."""

        def is_it(message: Json) -> bool:
            return bool(message.get("AlarmName") == name and message.get("NewStateValue") == state)

        return any(map(is_it, self.seen)) or any(map(is_it, self.messages()))


@contextmanager
def subscribed_inbox(target: Target, *, topic_arn: str, name: str, tags: Mapping[str, str]) -> Iterator[Inbox]:
    """A queue of its own that gets every message of a topic, until the block ends; the tags name its run."""
    sqs, sns = target.client("sqs"), target.client("sns")
    url = sqs.create_queue(QueueName=name, tags=dict(tags))["QueueUrl"]
    try:
        arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": "sns.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": arn,
            "Condition": {"ArnEquals": {"aws:SourceArn": topic_arn}},
        }
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
        subscription = sns.subscribe(
            TopicArn=topic_arn,
            Protocol="sqs",
            Endpoint=arn,
            Attributes={"RawMessageDelivery": "true"},
            ReturnSubscriptionArn=True,
        )["SubscriptionArn"]
        yield Inbox(client=sqs, url=url)
        sns.unsubscribe(SubscriptionArn=subscription)
    finally:
        sqs.delete_queue(QueueUrl=url)


_DESERIALIZER = TypeDeserializer()
