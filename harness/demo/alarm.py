"""Makes the function really fail, and waits for the alarm and for its message at a subscriber."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from harness.demo.errors import FunctionDidNotFailError
from harness.demo.report import AlarmReport
from harness.deployment import Deployment
from harness.targets import Client
from harness.waiting import eventually

WITHIN_SECONDS = 180.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox:
    """A queue that is subscribed to the alarm topic."""

    client: Client
    url: str
    seen: list[dict[str, object]] = field(default_factory=list)

    def messages(self) -> list[dict[str, object]]:
        """All alarm messages that have come so far."""
        answer = self.client.receive_message(QueueUrl=self.url, MaxNumberOfMessages=10, WaitTimeSeconds=1)
        for message in answer.get("Messages", []):
            self.seen.append(json.loads(message["Body"]))
            self.client.delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])
        return self.seen


@contextmanager
def subscribed_inbox(deployment: Deployment) -> Iterator[Inbox]:
    """A queue that gets every message of the alarm topic, until the block ends."""
    sqs, sns = deployment.target.client("sqs"), deployment.target.client("sns")
    url = sqs.create_queue(QueueName=f"alarm-inbox-{deployment.run.suffix}")["QueueUrl"]
    try:
        arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        sns.subscribe(
            TopicArn=deployment.output("alarm_topic_arn"),
            Protocol="sqs",
            Endpoint=arn,
            Attributes={"RawMessageDelivery": "true"},
        )
        yield Inbox(client=sqs, url=url)
    finally:
        sqs.delete_queue(QueueUrl=url)


def ring(deployment: Deployment, inbox: Inbox) -> AlarmReport:
    """Invoke the function with an event that is no Kinesis batch, and follow the alarm to the subscriber.

    Raises:
        FunctionDidNotFailError: The function answered as if all were well.
        EventuallyError: The alarm did not ring, or its message did not arrive.
    """
    started = time.monotonic()
    name: str = deployment.output("lambda_error_alarm_name")
    fail_the_function(deployment)
    cloudwatch = deployment.target.client("cloudwatch")

    def state() -> str:
        (alarm,) = cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"]
        return str(alarm["StateValue"])

    rang = eventually(
        state, until=lambda value: value == "ALARM", what=f"alarm {name} is in state ALARM", within=WITHIN_SECONDS
    )
    eventually(
        inbox.messages,
        until=lambda messages: any(
            message.get("AlarmName") == name and message.get("NewStateValue") == "ALARM" for message in messages
        ),
        what=f"the message of alarm {name} is in the subscribed queue",
        within=30,
    )
    return AlarmReport(name=name, state=rang, seconds=round(time.monotonic() - started, 1), delivered=True)


def fail_the_function(deployment: Deployment) -> None:
    """Invoke the function with an event that is no Kinesis batch: it must raise, or its alarm could never ring."""
    name: str = deployment.output("lambda_function_name")
    answer = deployment.target.client("lambda").invoke(FunctionName=name, Payload=b'{"not": "a Kinesis batch"}')
    if "FunctionError" not in answer:
        raise FunctionDidNotFailError(function=name, answer=answer["Payload"].read().decode())
