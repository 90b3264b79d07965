"""What a function's answer does to its batch, when the mapping reports batch item failures."""

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from terraform_harness.polling import eventually

_WHOLE = ["a", "b", "c"]
_REST = ["b", "c"]
_SECOND = "[record['sequenceNumber'] for record in records if record['partitionKey'] == 'b'][0]"


@pytest.fixture
def function(make_function: Callable[..., str], answer: str) -> str:
    return make_function(
        f"""
        import json

        def handle(event, context):
            records = [record["kinesis"] for record in event["Records"]]
            keys = [record["partitionKey"] for record in records]
            print(json.dumps(keys))
            if "b" in keys:
                return {answer}
        """
    )


@pytest.mark.documented("https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html")
@pytest.mark.parametrize(
    ("answer", "batches", "conditions"),
    [
        pytest.param("None", [_WHOLE], [], id="no answer is success"),
        pytest.param("''", [_WHOLE], [], id="so is an empty string"),
        pytest.param("{'batchItemFailures': None}", [_WHOLE], [], id="so is a list that is null"),
        pytest.param(
            f"{{'batchItemFailures': [{{'itemIdentifier': {_SECOND}}}]}}",
            [_WHOLE, _REST, _REST],
            ["RetryAttemptsExhausted"],
            id="a named record is tried again with those behind it",
        ),
        pytest.param(
            "{'batchItemFailures': [{'itemIdentifier': 'unknown'}]}",
            [_WHOLE, _WHOLE, _WHOLE],
            ["RetryAttemptsExhausted"],
            id="an unknown record means the whole batch",
        ),
        pytest.param("1 / 0", [_WHOLE, _WHOLE, _WHOLE], ["RetryAttemptsExhausted"], id="so does an exception"),
    ],
)
def test_what_is_tried_again_and_what_is_given_up(
    client: Callable[..., Any], function: str, batches: list[list[str]], conditions: list[str]
) -> None:
    kinesis, sqs, logs = client("kinesis"), client("sqs"), client("logs")
    name = f"batch-{uuid4().hex[:8]}"
    kinesis.create_stream(StreamName=name, ShardCount=1)
    kinesis.get_waiter("stream_exists").wait(StreamName=name, WaiterConfig={"Delay": 0.1})
    queue = sqs.create_queue(QueueName=name)["QueueUrl"]
    kinesis.put_records(StreamName=name, Records=[{"Data": b"any", "PartitionKey": key} for key in _WHOLE])

    client("lambda").create_event_source_mapping(
        FunctionName=function,
        EventSourceArn=kinesis.describe_stream_summary(StreamName=name)["StreamDescriptionSummary"]["StreamARN"],
        StartingPosition="TRIM_HORIZON",
        MaximumRetryAttempts=2,
        FunctionResponseTypes=["ReportBatchItemFailures"],
        DestinationConfig={"OnFailure": {"Destination": _arn(sqs, queue)}},
    )

    def seen() -> list[list[str]]:
        events = logs.filter_log_events(logGroupName=f"/aws/lambda/{function}")["events"]
        return [json.loads(event["message"]) for event in events if event["message"].startswith('["')]

    missing = (logs.exceptions.ResourceNotFoundException,)
    eventually(seen, until=bool, what="the batch has been delivered", within=20, transient=missing)
    # Behind the batch, so that its arrival shows that the batch is over.
    kinesis.put_record(StreamName=name, Data=b"any", PartitionKey="z")
    found = eventually(seen, until=lambda keys: ["z"] in keys, what="the batch is over", within=20)
    messages = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
    assert found == [*batches, ["z"]]
    assert [json.loads(message["Body"])["requestContext"]["condition"] for message in messages] == conditions


def _arn(sqs: Any, queue: str) -> str:  # noqa: ANN401 - boto3 clients have no type of their own
    arn: str = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    return arn
