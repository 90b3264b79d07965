"""An event source mapping invokes the version that its alias points to."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from embedded_localstack import LocalStack
from localstack_support.functions import Functions
from localstack_support.pipeline import create_stream
from localstack_support.polling import eventually

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

pytestmark = pytest.mark.documented("https://docs.aws.amazon.com/lambda/latest/dg/using-aliases.html")

_GOOD = """
def handle(event, context):
    print("keys", *[record["kinesis"]["partitionKey"] for record in event["Records"]])
"""
_BROKEN = 'raise RuntimeError("broken")'

type Keys = Callable[[], list[str]]


@pytest.fixture
def client(localstack: LocalStack) -> "LambdaClient":
    return localstack.client("lambda")


@pytest.fixture
def function(functions: Functions, client: "LambdaClient") -> str:
    """Create a function with a good version 1, a broken version 2, and the alias live on version 2."""
    name = functions.create(_GOOD)
    client.publish_version(FunctionName=name)
    functions.update(name, _BROKEN)
    version = client.publish_version(FunctionName=name)["Version"]
    client.create_alias(FunctionName=name, Name="live", FunctionVersion=version)
    return name


@pytest.fixture
def keys(functions: Functions, function: str) -> Keys:
    """Return a function that reads the partition keys of the processed records."""
    return lambda: [line for line in functions.log_lines(function) if line.startswith("keys")]


def test_moved_alias_processes_the_records_of_the_broken_version(
    localstack: LocalStack, functions: Functions, client: "LambdaClient", function: str, keys: Keys
) -> None:
    stream_arn = create_stream(localstack, function)
    localstack.client("kinesis").put_record(StreamName=function, Data=b"any", PartitionKey="a")
    client.create_event_source_mapping(
        FunctionName=f"{function}:live", EventSourceArn=stream_arn, StartingPosition="TRIM_HORIZON"
    )
    eventually(
        lambda: functions.log_lines(function),
        until=lambda lines: any("RuntimeError: broken" in line for line in lines),
        what="the broken version has failed",
        within=20,
    )

    client.update_alias(FunctionName=function, Name="live", FunctionVersion="1")

    assert eventually(keys, until=bool, what="version 1 has processed the record", within=20) == ["keys a"]


def test_unchanged_function_publishes_the_same_version(client: "LambdaClient", function: str) -> None:
    versions = [client.publish_version(FunctionName=function)["Version"] for _ in range(2)]

    assert versions == ["2", "2"]
