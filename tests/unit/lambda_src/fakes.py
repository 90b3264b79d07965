"""Services in memory that answer as DynamoDB and S3 do, and a weather that makes them fail on purpose."""

import json
import re
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError, ReadTimeoutError

from lambda_src.transaction_processor.invocation import World, invoke
from lambda_src.transaction_processor.ledger import Ledger
from lambda_src.transaction_processor.quarantine import Quarantine

type Item = Mapping[str, Mapping[str, Any]]
COUNTED = ("stored", "duplicate", "rejected", "conflicting")
PAYLOAD = "what-nobody-may-log"

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


def client_error(code: str, operation: str, *, status: int = 400) -> ClientError:
    """Return the error that boto3 raises for an answer with this code; its message quotes a payload, as some do."""
    response = {
        "Error": {"Code": code, "Message": f"{code} because of {PAYLOAD}"},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    return ClientError(response, operation)  # type: ignore[arg-type]  # as much of it as the function reads


def transaction(number: int = 1, /, **changes: object) -> bytes:
    """Return a valid transaction, or one with changes, as it stands on the stream."""
    fields: dict[str, object] = {
        "transactionId": f"tx-{number}",
        "customerId": "customer-1",
        "amount": "12.50",
        "currency": "EUR",
        "timestamp": "2026-11-23T17:00:00+01:00",
    }
    return json.dumps(fields | changes).encode()


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
    """An invocation of a minute, by the clock of the world that it is in."""

    world: "FakeWorld"
    ends_at: int
    aws_request_id: str = "request-1"
    function_name: str = "transaction-processor-test"

    def get_remaining_time_in_millis(self) -> int:
        """Return what is left."""
        return max(0, self.ends_at - self.world.time)


@dataclass(kw_only=True)
class FakeWorld:
    """The function's services and its clock, in milliseconds: each look takes one, and sleep takes no time of ours."""

    dynamodb: FakeDynamoDB = field(default_factory=FakeDynamoDB)
    s3: FakeS3 = field(default_factory=FakeS3)
    lines: list[str] = field(default_factory=list)
    time: int = 1_790_000_000_000

    def handle(self, entries: Sequence[Mapping[str, Any]]) -> Sequence[str]:
        """Invoke the function with a batch; return the numbers that it reports as failed."""
        world = World(
            ledger=Ledger(self.dynamodb, "ledger"),  # type: ignore[arg-type]  # a fake
            quarantine=Quarantine(lambda: self.s3, bucket="quarantine", owner="123456789012"),  # type: ignore[arg-type,return-value]  # a fake
            clock=self.tick,
            sleep=self.pass_by,
            write=self.lines.append,
        )
        self.pass_by(1)
        context = FakeContext(world=self, ends_at=self.time + 60_000)
        response = invoke({"Records": list(entries)}, context, world)
        assert response.keys() == {"batchItemFailures"}
        return [failure["itemIdentifier"] for failure in response["batchItemFailures"]]

    def tick(self) -> int:
        """Return the time, a millisecond later each time."""
        self.time += 1
        return self.time

    def pass_by(self, seconds: float) -> None:
        """Let time pass."""
        self.time += round(seconds * 1000)

    @property
    def counts(self) -> Counter[str]:
        """What the metrics of all invocations add up to."""
        total: Counter[str] = Counter()
        for line in self.lines:
            fields = json.loads(line)
            total.update({name: fields[f"Transactions{name.capitalize()}"] for name in COUNTED})
        return +total

    @property
    def rejected(self) -> Mapping[int, str]:
        """The code of each record in quarantine, by its number."""
        contents = [json.loads(body) for body in self.s3.objects.values()]
        return {int(content["record"]["kinesis"]["sequenceNumber"]): content["code"] for content in contents}


def _inserted_item(statement: Mapping[str, Any]) -> Item:
    columns = re.findall(r"'(\w+)': \?", statement["Statement"])
    assert statement["Statement"].startswith('INSERT INTO "ledger" VALUE {')
    return dict(zip(columns, statement["Parameters"], strict=True))
