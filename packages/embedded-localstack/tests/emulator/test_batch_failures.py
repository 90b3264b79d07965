"""Retries of an event source mapping that reports batch item failures."""

import json

import pytest

from embedded_localstack import LocalStack
from localstack_support.functions import Functions
from localstack_support.pipeline import create_stream
from localstack_support.polling import eventually

_WHOLE = ["a", "b", "c"]
_REST = ["b", "c"]
_SECOND = "[record['sequenceNumber'] for record in records if record['partitionKey'] == 'b'][0]"


@pytest.fixture
def function(functions: Functions, returned: str) -> str:
    return functions.create(
        f"""
        import json

        def handle(event, context):
            records = [record["kinesis"] for record in event["Records"]]
            keys = [record["partitionKey"] for record in records]
            print(json.dumps(keys))
            if "b" in keys:
                return {returned}
        """
    )


@pytest.mark.documented("https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html")
@pytest.mark.parametrize(
    ("returned", "batches", "conditions"),
    [
        pytest.param("None", [_WHOLE], [], id="a null response is success"),
        pytest.param("''", [_WHOLE], [], id="an empty string is success"),
        pytest.param("{'batchItemFailures': None}", [_WHOLE], [], id="a list that is null is success"),
        pytest.param(
            f"{{'batchItemFailures': [{{'itemIdentifier': {_SECOND}}}]}}",
            [_WHOLE, _REST, _REST],
            ["RetryAttemptsExhausted"],
            id="a named record and its successors are retried",
        ),
        pytest.param(
            "{'batchItemFailures': [{'itemIdentifier': 'unknown'}]}",
            [_WHOLE, _WHOLE, _WHOLE],
            ["RetryAttemptsExhausted"],
            id="an unknown record retries the whole batch",
        ),
        pytest.param(
            "1 / 0", [_WHOLE, _WHOLE, _WHOLE], ["RetryAttemptsExhausted"], id="an exception retries the whole batch"
        ),
    ],
)
def test_returned_value_decides_the_retries(
    localstack: LocalStack,
    functions: Functions,
    function: str,
    batches: list[list[str]],
    conditions: list[str],
) -> None:
    kinesis, sqs = localstack.client("kinesis"), localstack.client("sqs")
    stream_arn = create_stream(localstack, function)
    queue = sqs.create_queue(QueueName=function)["QueueUrl"]
    queue_arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    kinesis.put_records(StreamName=function, Records=[{"Data": b"any", "PartitionKey": key} for key in _WHOLE])

    localstack.client("lambda").create_event_source_mapping(
        FunctionName=function,
        EventSourceArn=stream_arn,
        StartingPosition="TRIM_HORIZON",
        MaximumRetryAttempts=2,
        FunctionResponseTypes=["ReportBatchItemFailures"],
        DestinationConfig={"OnFailure": {"Destination": queue_arn}},
    )

    def delivered() -> list[list[str]]:
        return [json.loads(line) for line in functions.log_lines(function) if line.startswith('["')]

    eventually(delivered, until=bool, what="the batch has been delivered", within=20)
    # A shard delivers its records in order: this one arrives after the retries of the batch.
    kinesis.put_record(StreamName=function, Data=b"any", PartitionKey="z")
    found = eventually(delivered, until=lambda keys: ["z"] in keys, what="the last record is delivered", within=20)
    messages = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
    assert found == [*batches, ["z"]]
    assert [json.loads(message["Body"])["requestContext"]["condition"] for message in messages] == conditions
