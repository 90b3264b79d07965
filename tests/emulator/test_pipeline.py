"""The path that everything else depends on: Kinesis, event source mapping, function, DynamoDB."""

import time
import uuid
from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.emulator


def test_a_record_put_on_a_stream_becomes_an_item_of_a_table(
    client: Callable[[str], Any], make_function: Callable[..., str]
) -> None:
    name = f"pipeline-{uuid.uuid4().hex[:8]}"
    kinesis, dynamodb, lambda_ = client("kinesis"), client("dynamodb"), client("lambda")
    kinesis.create_stream(StreamName=name, ShardCount=1)
    kinesis.get_waiter("stream_exists").wait(StreamName=name, WaiterConfig={"Delay": 1})
    dynamodb.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    function = make_function(
        """
        import base64
        import os

        import boto3

        table = boto3.resource("dynamodb").Table(os.environ["TABLE"])


        def handle(event, context):
            for record in event["Records"]:
                table.put_item(Item={"id": base64.b64decode(record["kinesis"]["data"]).decode()})
        """,
        Environment={"Variables": {"TABLE": name}},
        MemorySize=512,
        Timeout=10,
    )
    stream_arn = kinesis.describe_stream(StreamName=name)["StreamDescription"]["StreamARN"]
    lambda_.create_event_source_mapping(
        FunctionName=function, EventSourceArn=stream_arn, StartingPosition="TRIM_HORIZON", BatchSize=100
    )

    kinesis.put_record(StreamName=name, Data=b"one", PartitionKey="one")

    deadline = time.monotonic() + 15
    items: list[dict[str, dict[str, str]]] = []
    while not items and time.monotonic() < deadline:
        items = dynamodb.scan(TableName=name)["Items"]
        time.sleep(0.05)
    assert items == [{"id": {"S": "one"}}]
