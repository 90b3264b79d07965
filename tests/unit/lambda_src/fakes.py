"""In-memory fakes of DynamoDB, S3 and the Lambda runtime, with injected faults."""

import json
import re
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError, ReadTimeoutError

from lambda_src.transaction_processor.dependencies import Dependencies, ExecutorLike
from lambda_src.transaction_processor.invocation import invoke
from lambda_src.transaction_processor.item import Item
from lambda_src.transaction_processor.ledger import Ledger
from lambda_src.transaction_processor.quarantine import Quarantine
from tests.unit.lambda_src.virtual_threads import VirtualThreads

COUNTED = ("stored", "duplicate", "rejected", "conflicting")
PAYLOAD = "confidential-payload"

type Faults = Callable[[str], str | None]
"""Return an error code, or None, for a stage: "call" before a call, "statement" for each item, "response" after it."""


def no_faults(_: str) -> None:
    """Let each stage succeed."""


def always(code: str, *, stage: str) -> Faults:
    """Return faults with this code at each such stage."""
    return lambda now: code if now == stage else None


def first(*codes: str | None, stage: str) -> Faults:
    """Return faults with these codes at the first such stages, and no faults later."""
    remaining = iter(codes)
    return lambda now: next(remaining, None) if now == stage else None


@dataclass(kw_only=True)
class FakeDynamoDB:
    """One table; `inserted` has the ids in the order of their inserts.

    `calls` has the statements of each BatchExecuteStatement, and `reads` the keys of each BatchGetItem.
    """

    items: dict[str, Item] = field(default_factory=dict)
    inserted: list[str] = field(default_factory=list)
    calls: list[int] = field(default_factory=list)
    reads: list[int] = field(default_factory=list)
    returns_existing_items: bool = False
    faults: Faults = no_faults

    def batch_execute_statement(self, *, Statements: Sequence[Any]) -> Mapping[str, Any]:  # noqa: N803 - boto3's name
        """Insert each item that has a new id."""
        assert 1 <= len(Statements) <= 25
        self.calls.append(len(Statements))
        self._fail("call", "BatchExecuteStatement")
        items = [_inserted_item(statement) for statement in Statements]
        ids = [item["transactionId"]["S"] for item in items]
        if len(set(ids)) < len(ids):
            raise client_error("ValidationException", "BatchExecuteStatement")
        responses = [self._insert(item) for item in items]
        self._fail("response", "BatchExecuteStatement")
        return {"Responses": responses}

    def batch_get_item(self, *, RequestItems: Mapping[str, Any]) -> Mapping[str, Any]:  # noqa: N803 - boto3's name
        """Return the existing items with these ids."""
        ((table, request),) = RequestItems.items()
        self.reads.append(len(request["Keys"]))
        self._fail("call", "BatchGetItem")
        assert request["ConsistentRead"] is True
        ids = [key["transactionId"]["S"] for key in request["Keys"]]
        assert len(set(ids)) == len(ids) <= 100
        columns = request["ProjectionExpression"].split(", ")
        found = [self.items[id_] for id_ in ids if id_ in self.items and self.faults("statement") is None]
        return {"Responses": {table: [{column: item[column] for column in columns} for item in found]}}

    def _insert(self, item: Item) -> Mapping[str, Any]:
        id_ = item["transactionId"]["S"]
        if code := self.faults("statement"):
            return {"Error": {"Code": code, "Message": f"{code} for {item}"}}
        if id_ in self.items:
            error = {"Code": "DuplicateItem", "Message": "Duplicate primary key exists in table"}
            return {"Error": error | ({"Item": self.items[id_]} if self.returns_existing_items else {})}
        self.items[id_] = item
        self.inserted.append(id_)
        return {"TableName": "ledger"}

    def _fail(self, stage: str, operation: str) -> None:
        code = self.faults(stage)
        if code == "ReadTimeoutError":
            raise ReadTimeoutError(endpoint_url="https://dynamodb.test")
        if code:
            raise client_error(code, operation)


@dataclass(kw_only=True)
class FakeS3:
    """One bucket that accepts each key once."""

    objects: dict[str, bytes] = field(default_factory=dict)
    faults: Faults = no_faults

    def put_object(self, **request: Any) -> None:  # noqa: ANN401 - boto3's many parameters
        """Write an object if its key is new."""
        if code := self.faults("call"):
            raise client_error(code, "PutObject")
        assert request["IfNoneMatch"] == "*"
        if request["Key"] in self.objects:
            raise client_error("PreconditionFailed", "PutObject")
        self.objects[request["Key"]] = request["Body"]
        if self.faults("response"):
            raise ReadTimeoutError(endpoint_url="https://s3.test")


def client_error(code: str, operation: str, *, status: int = 400) -> ClientError:
    """Return boto3's exception for this code; its message quotes a payload, as some messages of AWS do."""
    response = {
        "Error": {"Code": code, "Message": f"{code} because of {PAYLOAD}"},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    return ClientError(response, operation)  # type: ignore[arg-type]  # only the parts that the function reads


def transaction(number: int = 1, /, **changes: object) -> bytes:
    """Return the JSON of a valid transaction, with changed fields."""
    fields: dict[str, object] = {
        "transactionId": f"tx-{number}",
        "customerId": "customer-1",
        "amount": "12.50",
        "currency": "EUR",
        "timestamp": "2026-11-23T17:00:00+01:00",
    }
    return json.dumps(fields | changes).encode()


def kinesis_entry(number: int, data: bytes, partition_key: str = "customer-1") -> Mapping[str, Any]:
    """Return a record in the form of the event source mapping."""
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
    """The Lambda context of an invocation that ends at a time of the fake clock."""

    function: "FunctionUnderTest"
    ends_at: int
    aws_request_id: str = "request-1"
    function_name: str = "transaction-processor-test"

    def get_remaining_time_in_millis(self) -> int:
        """Return the remaining time."""
        return max(0, self.ends_at - self.function.time)


@dataclass(kw_only=True)
class FunctionUnderTest:
    """The function with fake services and a fake clock in milliseconds, which advances with each read and pause.

    Without another executor, its calls take no real time and run on the fake clock.
    """

    dynamodb: FakeDynamoDB = field(default_factory=FakeDynamoDB)
    s3: FakeS3 = field(default_factory=FakeS3)
    executor: ExecutorLike | None = None
    lines: list[str] = field(default_factory=list)
    time: int = 1_790_000_000_000

    def invoke(self, entries: Sequence[Mapping[str, Any]]) -> Sequence[str]:
        """Invoke the function with a batch for at most a minute; return the reported sequence numbers.

        Its start takes one second.
        """
        dependencies = Dependencies(
            ledger=Ledger(self.dynamodb, "ledger"),  # type: ignore[arg-type]  # a fake
            quarantine=Quarantine(lambda: self.s3, bucket="quarantine", owner="123456789012"),  # type: ignore[arg-type,return-value]  # a fake
            executor=self.executor or VirtualThreads(clock=self),
            clock=self.read_clock,
            sleep=self.advance,
            write=self.lines.append,
        )
        self.advance(1)
        context = FakeContext(function=self, ends_at=self.time + 60_000)
        response = invoke({"Records": list(entries)}, context, dependencies)
        assert response.keys() == {"batchItemFailures"}
        return [failure["itemIdentifier"] for failure in response["batchItemFailures"]]

    def read_clock(self) -> int:
        """Advance by a millisecond and return the time."""
        self.time += 1
        return self.time

    def advance(self, seconds: float) -> None:
        """Advance the clock without a real pause."""
        self.time += round(seconds * 1000)

    @property
    def last_line(self) -> dict[str, Any]:
        """The fields of the last log line."""
        return dict(json.loads(self.lines[-1]))

    @property
    def counts(self) -> Counter[str]:
        """The sums of the metrics of all invocations."""
        total: Counter[str] = Counter()
        for line in self.lines:
            fields = json.loads(line)
            total.update({name: fields[f"Transactions{name.capitalize()}"] for name in COUNTED})
        return +total

    @property
    def quarantined(self) -> Mapping[int, str]:
        """The code of each record in quarantine, by sequence number."""
        contents = [json.loads(body) for body in self.s3.objects.values()]
        return {int(content["record"]["kinesis"]["sequenceNumber"]): content["code"] for content in contents}


def _inserted_item(statement: Mapping[str, Any]) -> Item:
    columns = re.findall(r"'(\w+)': \?", statement["Statement"])
    assert statement["Statement"].startswith('INSERT INTO "ledger" VALUE {')
    assert statement["ReturnValuesOnConditionCheckFailure"] == "ALL_OLD"
    return dict(zip(columns, statement["Parameters"], strict=True))
