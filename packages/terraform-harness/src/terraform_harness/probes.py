"""Small reads of deployed services, for `eventually`."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from terraform_harness.targets.target import Target

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient
    from mypy_boto3_cloudwatch.literals import StateValueType
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_kinesis import KinesisClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

type Json = Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """A Kinesis stream."""

    client: "KinesisClient"
    name: str

    def status(self) -> str:
        """Return the status, such as CREATING or ACTIVE."""
        answer = self.client.describe_stream_summary(StreamName=self.name)
        return answer["StreamDescriptionSummary"]["StreamStatus"]

    def put(self, data: bytes, *, key: str = "probe") -> str:
        """Put one record and return its sequence number."""
        return self.client.put_record(StreamName=self.name, Data=data, PartitionKey=key)["SequenceNumber"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventSource:
    """An event source mapping of a function."""

    client: "LambdaClient"
    uuid: str

    def state(self) -> str:
        """Return the state, such as Enabling or Enabled."""
        return self.client.get_event_source_mapping(UUID=self.uuid)["State"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A DynamoDB table with a hash key and no range key."""

    client: "DynamoDBClient"
    name: str
    key: str

    def item(self, value: str) -> Mapping[str, Json] | None:
        """Return the item with a key, with numbers as Decimal; None if it does not exist."""
        from boto3.dynamodb.types import TypeDeserializer  # noqa: PLC0415 - importing boto3 takes long

        answer = self.client.get_item(TableName=self.name, Key={self.key: {"S": value}}, ConsistentRead=True)
        found, deserialize = answer.get("Item"), TypeDeserializer().deserialize
        return None if found is None else {name: deserialize(attribute) for name, attribute in found.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """An S3 bucket of JSON objects."""

    client: "S3Client"
    name: str

    def keys(self, prefix: str = "") -> Sequence[str]:
        """Return the keys with a prefix."""
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.name, Prefix=prefix)
        return [entry["Key"] for page in pages for entry in page.get("Contents", [])]

    def contents(self, prefix: str = "") -> Sequence[Json]:
        """Return the parsed objects whose keys have a prefix."""
        return [self.content(key) for key in self.keys(prefix)]

    def content(self, key: str) -> Json:
        """Return a parsed object."""
        return json.loads(self.client.get_object(Bucket=self.name, Key=key)["Body"].read())


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmChange:
    """A state change of an alarm."""

    at: datetime
    alarm: str
    state: str
    reason: str
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """A CloudWatch alarm, metric or composite."""

    client: "CloudWatchClient"
    name: str

    def state(self) -> str:
        """Return OK, ALARM or INSUFFICIENT_DATA; empty if the alarm does not exist."""
        answer = self.client.describe_alarms(AlarmNames=[self.name], AlarmTypes=["MetricAlarm", "CompositeAlarm"])
        found = [*answer.get("MetricAlarms", []), *answer.get("CompositeAlarms", [])]
        return found[0]["StateValue"] if found else ""

    def went_to_alarm_since(self, moment: datetime) -> bool:
        """Return whether the history has a change to ALARM since a moment; fractions of a second are ignored."""
        since = moment.replace(microsecond=0)
        return any(change.state == "ALARM" and change.at >= since for change in self.changes())

    def changes(self) -> Iterator[AlarmChange]:
        """Yield the history of the alarm."""
        return alarm_changes(self.client, alarm=self.name)

    def set_state(self, state: "StateValueType", reason: str) -> None:
        """Set the state, which runs the actions of the alarm."""
        self.client.set_alarm_state(AlarmName=self.name, StateValue=state, StateReason=reason)


def alarm_changes(client: "CloudWatchClient", *, alarm: str | None = None) -> Iterator[AlarmChange]:
    """Yield the history of one alarm, or of all metric alarms."""
    # Without StartDate, which LocalStack 4.14 answers with an error.
    paginate = client.get_paginator("describe_alarm_history").paginate
    only: dict[str, Any] = {} if alarm is None else {"AlarmName": alarm}
    for page in paginate(HistoryItemType="StateUpdate", **only):
        for item in page["AlarmHistoryItems"]:
            state = json.loads(item["HistoryData"])["newState"]
            # LocalStack gives a change the time of the change before it. The time of the query is always right.
            queried = (state.get("stateReasonData") or {}).get("queryDate")
            at = max(item["Timestamp"], datetime.fromisoformat(queried)) if queried else item["Timestamp"]
            yield AlarmChange(
                at=at,
                alarm=item["AlarmName"],
                state=state["stateValue"],
                reason=state.get("stateReason", ""),
                summary=item["HistorySummary"],
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox:
    """A queue whose messages are kept after they were received."""

    client: "SQSClient"
    url: str
    received: list[Json] = field(default_factory=list)

    def messages(self) -> Sequence[Json]:
        """Receive more messages, and return all of them, parsed."""
        answer = self.client.receive_message(QueueUrl=self.url, MaxNumberOfMessages=10, WaitTimeSeconds=1)
        for message in answer.get("Messages", []):
            self.received.append(json.loads(message["Body"]))
            self.client.delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])
        return self.received

    def has_alarm(self, name: str, state: str = "ALARM") -> bool:
        """Return whether the message of a state change of an alarm was received."""

        def matches(message: Json) -> bool:
            return bool(message.get("AlarmName") == name and message.get("NewStateValue") == state)

        return any(map(matches, self.received)) or any(map(matches, self.messages()))


@contextmanager
def subscribed_inbox(target: Target, *, topic_arn: str, name: str, tags: Mapping[str, str]) -> Iterator[Inbox]:
    """Subscribe a new queue to a topic until the block ends; the tags name its run."""
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
