"""One embedded LocalStack for all tests of this folder, and a quick way to make functions in it."""

import base64
import contextlib
import io
import json
import textwrap
import uuid
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, cast

import boto3
import psutil
import pytest

from embedded_localstack import LocalStack


@dataclass(frozen=True, kw_only=True)
class Invoked:
    """What a caller learns from a synchronous invocation."""

    payload: Any
    error: str | None
    log: str
    request_id: str


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
    """A stream, a function that writes each record into a table, and the mapping between them."""

    def __init__(self, client: Callable[..., Any], code: bytes) -> None:
        self.name = f"pipeline-{uuid.uuid4().hex[:8]}"
        self._kinesis, self._dynamodb, lambda_ = client("kinesis"), client("dynamodb"), client("lambda")
        self._kinesis.create_stream(StreamName=self.name, ShardCount=1)
        self._dynamodb.create_table(
            TableName=self.name,
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        self._kinesis.get_waiter("stream_exists").wait(StreamName=self.name, WaiterConfig={"Delay": 0.1})
        self.stream_arn = self._kinesis.describe_stream(StreamName=self.name)["StreamDescription"]["StreamARN"]
        lambda_.create_function(
            FunctionName=self.name,
            Runtime="python3.13",
            Handler="main.handle",
            Role=ROLE,
            Code={"ZipFile": code},
            Environment={"Variables": {"TABLE": self.name}},
            MemorySize=512,
            Timeout=20,
        )
        lambda_.get_waiter("function_active_v2").wait(FunctionName=self.name, WaiterConfig={"Delay": 0.1})
        lambda_.create_event_source_mapping(
            FunctionName=self.name, EventSourceArn=self.stream_arn, StartingPosition="TRIM_HORIZON", BatchSize=100
        )

    def put(self, ids: Iterable[str]) -> None:
        """Put a record for each id, up to 500 of them."""
        self._kinesis.put_records(
            StreamName=self.name, Records=[{"Data": id_.encode(), "PartitionKey": id_} for id_ in ids]
        )

    def stored(self) -> set[str]:
        """Return the ids in the table."""
        pages = self._dynamodb.get_paginator("scan").paginate(TableName=self.name)
        return {item["id"]["S"] for page in pages for item in page["Items"]}


ROLE = "arn:aws:iam::000000000000:role/any"


@pytest.fixture(scope="session")
def localstack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    with LocalStack(tmp_path_factory.mktemp("localstack"), services=["dynamodb", "kinesis", "lambda"]) as running:
        yield running


@pytest.fixture(scope="session")
def connect() -> Callable[[LocalStack], Callable[..., Any]]:
    def to(localstack: LocalStack) -> Callable[..., Any]:
        environment = localstack.environment
        session = boto3.Session(
            aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
            region_name=environment["AWS_REGION"],
        )
        return partial(cast("Callable[..., Any]", session.client), endpoint_url=localstack.endpoint_url)

    return to


@pytest.fixture(scope="session")
def client(connect: Callable[[LocalStack], Callable[..., Any]], localstack: LocalStack) -> Callable[..., Any]:
    return connect(localstack)


@pytest.fixture(scope="session")
def bundle() -> Callable[[str | dict[str, str]], bytes]:
    def pack(source: str | dict[str, str]) -> bytes:
        files = source if isinstance(source, dict) else {"main.py": source}
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as opened:
            for path, text in files.items():
                opened.writestr(path, textwrap.dedent(text))
        return archive.getvalue()

    return pack


@pytest.fixture
def make_function(
    client: Callable[[str], Any], bundle: Callable[[str | dict[str, str]], bytes]
) -> Iterator[Callable[..., str]]:
    lambda_ = client("lambda")
    made: list[str] = []

    def make(source: str | dict[str, str], **settings: object) -> str:
        name = f"function-{uuid.uuid4().hex[:8]}"
        defaults = {
            "Runtime": "python3.13",
            "Handler": "main.handle",
            "Role": ROLE,
            "Code": {"ZipFile": bundle(source)},
        }
        lambda_.create_function(FunctionName=name, **defaults | settings)
        made.append(name)
        lambda_.get_waiter("function_active_v2").wait(
            FunctionName=name, WaiterConfig={"Delay": 0.1, "MaxAttempts": 100}
        )
        return name

    yield make
    for name in made:
        with contextlib.suppress(lambda_.exceptions.ResourceNotFoundException):
            lambda_.delete_function(FunctionName=name)


@pytest.fixture
def invoke(client: Callable[[str], Any]) -> Callable[..., Invoked]:
    lambda_ = client("lambda")

    def call(name: str, event: object = None, **settings: object) -> Invoked:
        answer = lambda_.invoke(FunctionName=name, Payload=json.dumps(event), LogType="Tail", **settings)
        return Invoked(
            payload=json.loads(answer["Payload"].read()),
            error=answer.get("FunctionError"),
            log=base64.b64decode(answer.get("LogResult", "")).decode(),
            request_id=answer["ResponseMetadata"]["RequestId"],
        )

    return call


@pytest.fixture(scope="session")
def build_pipeline(bundle: Callable[[str], bytes]) -> Callable[[Callable[..., Any]], Pipeline]:
    return lambda client: Pipeline(client, bundle(_STORES_RECORDS))


@pytest.fixture(scope="session")
def family_of() -> Callable[[LocalStack], list[psutil.Process]]:
    def processes(localstack: LocalStack) -> list[psutil.Process]:
        family = []
        for process in psutil.Process().children(recursive=True):
            with contextlib.suppress(psutil.Error):
                if str(localstack.run_directory) in str(process.environ()):
                    family.append(process)
        return family

    return processes


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "run"
