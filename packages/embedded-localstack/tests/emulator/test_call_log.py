"""The calls that functions make are noted, with what they name and nothing of what they carry."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from embedded_localstack import LAMBDA, Fault, Kind, LocalStack, RecordedCall
from terraform_harness.polling import eventually

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
def noting_function(make_function: Callable[..., str]) -> str:
    return make_function(SOURCE, MemorySize=512)


def calls_of(localstack: LocalStack, function: str) -> set[RecordedCall]:
    return {call for call in localstack.calls.recorded() if call.function == function}


def by(function: str, service: str, operation: str, resource: str) -> RecordedCall:
    return RecordedCall(function=function, caller=function, service=service, operation=operation, resource=resource)


def test_each_distinct_call_is_noted_once_with_what_it_names(
    localstack: LocalStack, noting_function: str, invoke: Callable[..., Any]
) -> None:
    for _ in range(2):
        invoke(noting_function)

    assert localstack.calls.are_recorded is True
    assert calls_of(localstack, noting_function) == {
        by(noting_function, "dynamodb", "BatchExecuteStatement", "INSERT notes"),
        by(noting_function, "dynamodb", "BatchGetItem", "one"),
        by(noting_function, "s3", "PutObject", "notes/folder/within/"),
        by(noting_function, "s3", "ListBuckets", ""),
    }


def test_a_call_that_is_made_to_fail_is_noted_all_the_same(
    localstack: LocalStack, noting_function: str, invoke: Callable[..., Any]
) -> None:
    with localstack.faults.during(Fault(kind=Kind.ERROR, service="s3")):
        invoke(noting_function)

    assert by(noting_function, "s3", "ListBuckets", "") in calls_of(localstack, noting_function)


def test_the_calls_of_others_are_not_noted(localstack: LocalStack, client: Callable[..., Any]) -> None:
    with pytest.raises(ClientError):
        client("s3").get_object(Bucket="nobody-s", Key="none")

    assert [call for call in localstack.calls.recorded() if "nobody-s" in call.resource] == []


def test_what_lambda_calls_to_read_a_stream_for_a_function_is_noted_as_its_own(
    localstack: LocalStack, client: Callable[..., Any], build_pipeline: Callable[..., Any]
) -> None:
    pipeline = build_pipeline(client)
    pipeline.put(["one"])
    eventually(pipeline.stored, until=bool, what="the record is in the table", within=30)

    read = {call for call in calls_of(localstack, pipeline.name) if call.caller == LAMBDA}

    assert {(call.service, call.resource) for call in read} == {("kinesis", pipeline.stream_arn)}
    assert {call.operation for call in read} >= {"DescribeStream", "GetShardIterator", "GetRecords"}
