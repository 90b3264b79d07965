"""Services in memory that answer as DynamoDB and S3 do, and a weather that makes them fail on purpose."""

import re
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError, ReadTimeoutError

type Item = Mapping[str, Mapping[str, Any]]
type Weather = Callable[[str], str | None]
"""Asked before each thing that may go wrong ("call", "statement", "answer"); returns an error code, or None."""


def calm(_: str) -> None:
    """Let nothing go wrong."""


@dataclass(kw_only=True)
class FakeDynamoDB:
    """One table; `applied` are the ids in the order in which they were inserted."""

    items: dict[str, Item] = field(default_factory=dict)
    applied: list[str] = field(default_factory=list)
    calls: list[int] = field(default_factory=list)
    weather: Weather = calm

    def batch_execute_statement(self, *, Statements: Sequence[Any]) -> Mapping[str, Any]:  # noqa: N803 - boto3's name
        """Insert each item whose id is new."""
        assert 1 <= len(Statements) <= 25
        self.calls.append(len(Statements))
        self._storm("call", "BatchExecuteStatement")
        items = [_inserted_item(statement) for statement in Statements]
        ids = [item["transactionId"]["S"] for item in items]
        if len(set(ids)) < len(ids):
            raise client_error("ValidationException", "BatchExecuteStatement")
        responses = [self._insert(item) for item in items]
        self._storm("answer", "BatchExecuteStatement")
        return {"Responses": responses}

    def batch_get_item(self, *, RequestItems: Mapping[str, Any]) -> Mapping[str, Any]:  # noqa: N803 - boto3's name
        """Return the items that are there."""
        self._storm("call", "BatchGetItem")
        ((table, request),) = RequestItems.items()
        assert request["ConsistentRead"] is True
        ids = [key["transactionId"]["S"] for key in request["Keys"]]
        assert len(set(ids)) == len(ids) <= 100
        columns = request["ProjectionExpression"].split(", ")
        found = [self.items[id_] for id_ in ids if id_ in self.items and self.weather("statement") is None]
        return {"Responses": {table: [{column: item[column] for column in columns} for item in found]}}

    def _insert(self, item: Item) -> Mapping[str, Any]:
        id_ = item["transactionId"]["S"]
        if code := self.weather("statement"):
            return {"Error": {"Code": code, "Message": f"{code} for {item}"}}
        if id_ in self.items:
            return {"Error": {"Code": "DuplicateItem", "Message": "Duplicate primary key exists in table"}}
        self.items[id_] = item
        self.applied.append(id_)
        return {"TableName": "ledger"}

    def _storm(self, moment: str, operation: str) -> None:
        code = self.weather(moment)
        if code == "ReadTimeoutError":
            raise ReadTimeoutError(endpoint_url="https://dynamodb.test")
        if code:
            raise client_error(code, operation)


@dataclass(kw_only=True)
class FakeS3:
    """One bucket that takes each key once."""

    objects: dict[str, bytes] = field(default_factory=dict)
    weather: Weather = calm

    def put_object(self, **request: Any) -> None:  # noqa: ANN401 - boto3's many parameters
        """Write an object unless it is there."""
        if code := self.weather("call"):
            raise client_error(code, "PutObject")
        assert request["IfNoneMatch"] == "*"
        if request["Key"] in self.objects:
            raise client_error("PreconditionFailed", "PutObject")
        self.objects[request["Key"]] = request["Body"]
        if self.weather("answer"):
            raise ReadTimeoutError(endpoint_url="https://s3.test")


def client_error(code: str, operation: str, message: str = "a message that may quote a payload") -> ClientError:
    """Return the error that boto3 raises for an answer with this code."""
    return ClientError({"Error": {"Code": code, "Message": message}}, operation)


def kinesis_entry(number: int, data: bytes, partition_key: str = "customer-1") -> Mapping[str, Any]:
    """Return a record as the event source mapping delivers it."""
    return {
        "kinesis": {
            "kinesisSchemaVersion": "1.0",
            "partitionKey": partition_key,
            "sequenceNumber": str(number),
            "data": b64encode(data).decode(),
            "approximateArrivalTimestamp": 1_790_000_000.5,
        },
        "eventSource": "aws:kinesis",
        "eventVersion": "1.0",
        "eventID": f"shardId-000000000000:{number}",
        "eventName": "aws:kinesis:record",
        "invokeIdentityArn": "arn:aws:iam::123456789012:role/processor",
        "awsRegion": "us-east-1",
        "eventSourceARN": "arn:aws:kinesis:us-east-1:123456789012:stream/transactions",
    }


@dataclass(kw_only=True)
class FakeContext:
    """An invocation whose time passes only when its clock is told to."""

    aws_request_id: str = "request-1"
    function_name: str = "transaction-processor-test"
    remaining: int = 60_000

    def get_remaining_time_in_millis(self) -> int:
        """Return what is left."""
        return self.remaining


def _inserted_item(statement: Mapping[str, Any]) -> Item:
    columns = re.findall(r"'(\w+)': \?", statement["Statement"])
    assert statement["Statement"].startswith('INSERT INTO "ledger" VALUE {')
    return dict(zip(columns, statement["Parameters"], strict=True))
