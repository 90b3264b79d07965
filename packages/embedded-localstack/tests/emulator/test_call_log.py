"""The call log has the API calls of functions with the names of resources, but without data."""

import pytest
from botocore.exceptions import ClientError

from embedded_localstack import LAMBDA, Fault, Kind, LocalStack, RecordedCall
from localstack_support.functions import Functions
from localstack_support.pipeline import Pipeline
from localstack_support.polling import eventually

SOURCE = """
import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

config = Config(retries={"total_max_attempts": 1})
dynamodb, s3 = boto3.client("dynamodb", config=config), boto3.client("s3", config=config)

def handle(event, context):
    for call in (
        lambda: dynamodb.batch_execute_statement(
            Statements=[
                {"Statement": "INSERT INTO \\"notes\\" VALUE {'id': ?}", "Parameters": [{"S": "secret"}]},
                {"Statement": "INSERT INTO \\"notes\\" VALUE {'id': 'secret'}"},
            ]
        ),
        lambda: dynamodb.batch_get_item(RequestItems={"one": {"Keys": [{"id": {"S": "secret"}}]}}),
        lambda: s3.put_object(Bucket="notes", Key=f"folder/within/{context.aws_request_id}", Body=b"secret"),
        lambda: s3.list_buckets(),
    ):
        try:
            call()
        except ClientError:
            pass
"""


@pytest.fixture
def calling_function(functions: Functions) -> str:
    return functions.create(SOURCE, MemorySize=512)


def calls_of(localstack: LocalStack, function: str) -> set[RecordedCall]:
    return {call for call in localstack.call_log.recorded() if call.function == function}


def by(function: str, service: str, operation: str, resource: str) -> RecordedCall:
    return RecordedCall(function=function, caller=function, service=service, operation=operation, resource=resource)


def test_each_distinct_call_is_recorded_once_with_its_resource(
    localstack: LocalStack, calling_function: str, functions: Functions
) -> None:
    for _ in range(2):
        functions.invoke(calling_function)

    assert localstack.call_log.is_available is True
    assert calls_of(localstack, calling_function) == {
        by(calling_function, "dynamodb", "BatchExecuteStatement", "INSERT notes"),
        by(calling_function, "dynamodb", "BatchGetItem", "one"),
        by(calling_function, "s3", "PutObject", "notes/folder/within/"),
        by(calling_function, "s3", "ListBuckets", ""),
    }


def test_call_that_fails_by_a_fault_is_recorded(
    localstack: LocalStack, calling_function: str, functions: Functions
) -> None:
    with localstack.faults.during(Fault(kind=Kind.ERROR, service="s3")):
        functions.invoke(calling_function)

    assert by(calling_function, "s3", "ListBuckets", "") in calls_of(localstack, calling_function)


def test_call_of_another_client_is_not_recorded(localstack: LocalStack) -> None:
    with pytest.raises(ClientError):
        localstack.client("s3").get_object(Bucket="not-a-bucket", Key="none")

    assert [call for call in localstack.call_log.recorded() if "not-a-bucket" in call.resource] == []


def test_call_of_lambda_for_a_function_is_recorded_as_that_of_lambda(
    localstack: LocalStack, pipeline: Pipeline
) -> None:
    pipeline.put(["one"])
    eventually(pipeline.stored, until=bool, what="the record is in the table", within=30)

    read = {call for call in calls_of(localstack, pipeline.function) if call.caller == LAMBDA}

    assert {(call.service, call.resource) for call in read} == {("kinesis", pipeline.stream_arn)}
    assert {call.operation for call in read} >= {"DescribeStream", "GetShardIterator", "GetRecords"}
