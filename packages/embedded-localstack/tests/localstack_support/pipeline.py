"""A stream, a function that writes each record into a table, and the event source mapping between them."""

from collections.abc import Iterable

from embedded_localstack import LocalStack
from localstack_support.functions import OFTEN, Functions

_STORES_RECORDS = """
import base64
import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])


def handle(event, context):
    with table.batch_writer() as batch:
        for record in event["Records"]:
            batch.put_item(Item={"id": base64.b64decode(record["kinesis"]["data"]).decode()})
"""


class Pipeline:
    """Kinesis, Lambda and DynamoDB in one LocalStack.

    Attributes:
        function: The name of the function.
        stream_arn: The ARN of the stream.
    """

    def __init__(self, localstack: LocalStack, name: str) -> None:
        self._name = name
        self._kinesis, self._dynamodb = localstack.client("kinesis"), localstack.client("dynamodb")
        self.stream_arn = create_stream(localstack, name)
        self._dynamodb.create_table(
            TableName=name,
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        self.function = Functions(localstack).create(
            _STORES_RECORDS, Environment={"Variables": {"TABLE": name}}, MemorySize=512, Timeout=20
        )
        localstack.client("lambda").create_event_source_mapping(
            FunctionName=self.function,
            EventSourceArn=self.stream_arn,
            StartingPosition="TRIM_HORIZON",
            BatchSize=100,
        )

    def put(self, ids: Iterable[str]) -> None:
        """Put a record for each id, up to 500 of them."""
        self._kinesis.put_records(
            StreamName=self._name, Records=[{"Data": id_.encode(), "PartitionKey": id_} for id_ in ids]
        )

    def stored(self) -> set[str]:
        """Return the ids in the table."""
        pages = self._dynamodb.get_paginator("scan").paginate(TableName=self._name)
        return {item["id"]["S"] for page in pages for item in page["Items"]}


def create_stream(localstack: LocalStack, name: str, shards: int = 1) -> str:
    """Create a stream, wait until it is active, and return its ARN."""
    kinesis = localstack.client("kinesis")
    kinesis.create_stream(StreamName=name, ShardCount=shards, Tags={"Owner": "me"})
    kinesis.get_waiter("stream_exists").wait(StreamName=name, WaiterConfig=OFTEN)
    return kinesis.describe_stream_summary(StreamName=name)["StreamDescriptionSummary"]["StreamARN"]
