"""A change of an event source mapping: it keeps its position in the stream."""

import json
from collections.abc import Callable

import pytest

from embedded_localstack import LocalStack
from localstack_support.functions import Functions
from localstack_support.pipeline import create_stream
from localstack_support.polling import eventually

pytestmark = pytest.mark.documented("https://docs.aws.amazon.com/lambda/latest/dg/API_UpdateEventSourceMapping.html")

_PRINTS_KEYS = """
def handle(event, context):
    keys = [record["kinesis"]["partitionKey"] for record in event["Records"]]
    print("keys", *keys)
    assert "poison" not in keys
"""

type Put = Callable[[str], None]
type Delivered = Callable[[], list[str]]


@pytest.fixture
def function(functions: Functions) -> str:
    return functions.create(_PRINTS_KEYS)


@pytest.fixture
def queue(localstack: LocalStack, name: str) -> str:
    return localstack.client("sqs").create_queue(QueueName=name)["QueueUrl"]


@pytest.fixture
def mapping(localstack: LocalStack, function: str, name: str, queue: str) -> str:
    """Create a mapping that retries forever, and return its UUID."""
    sqs = localstack.client("sqs")
    queue_arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    return localstack.client("lambda").create_event_source_mapping(
        FunctionName=function,
        EventSourceArn=create_stream(localstack, name),
        StartingPosition="TRIM_HORIZON",
        DestinationConfig={"OnFailure": {"Destination": queue_arn}},
    )["UUID"]


@pytest.fixture
def put(localstack: LocalStack, name: str) -> Put:
    def record(key: str) -> None:
        localstack.client("kinesis").put_record(StreamName=name, Data=b"any", PartitionKey=key)

    return record


@pytest.fixture
def delivered(functions: Functions, function: str) -> Delivered:
    return lambda: [line.removeprefix("keys ") for line in functions.log_lines(function) if line.startswith("keys ")]


def test_changed_mapping_continues_where_it_stopped(
    localstack: LocalStack, mapping: str, put: Put, delivered: Delivered
) -> None:
    put("first")
    eventually(delivered, until=bool, what="the first record is delivered", within=20)

    localstack.client("lambda").update_event_source_mapping(UUID=mapping, MaximumRetryAttempts=3)
    put("second")

    found = eventually(delivered, until=lambda keys: "second" in keys, what="the second is delivered", within=20)
    assert found == ["first", "second"]


def test_mapping_that_is_enabled_again_continues_where_it_stopped(
    localstack: LocalStack, mapping: str, put: Put, delivered: Delivered
) -> None:
    client = localstack.client("lambda")
    put("first")
    eventually(delivered, until=bool, what="the first record is delivered", within=20)

    client.update_event_source_mapping(UUID=mapping, Enabled=False)
    client.update_event_source_mapping(UUID=mapping, Enabled=True)
    put("second")

    found = eventually(delivered, until=lambda keys: "second" in keys, what="the second is delivered", within=20)
    assert found == ["first", "second"]


def test_changed_mapping_retries_the_failing_batch_with_its_new_settings(
    localstack: LocalStack, mapping: str, put: Put, delivered: Delivered, queue: str
) -> None:
    put("poison")
    eventually(delivered, until=bool, what="the failing record is delivered", within=20)

    localstack.client("lambda").update_event_source_mapping(UUID=mapping, MaximumRetryAttempts=0)

    (message,) = eventually(
        lambda: localstack.client("sqs").receive_message(QueueUrl=queue).get("Messages", []),
        until=bool,
        what="the failing record has exhausted its retries",
        within=20,
    )
    assert json.loads(message["Body"])["requestContext"]["condition"] == "RetryAttemptsExhausted"
