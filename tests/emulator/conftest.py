"""One embedded LocalStack for all tests of this folder, and a quick way to make functions in it."""

import io
import textwrap
import uuid
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, cast

import boto3
import pytest

from harness.localstack import LocalStack

ROLE = "arn:aws:iam::000000000000:role/any"


@pytest.fixture(scope="session")
def localstack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    with LocalStack(tmp_path_factory.mktemp("localstack"), services=["dynamodb", "kinesis", "lambda"]) as running:
        yield running


@pytest.fixture(scope="session")
def client(localstack: LocalStack) -> Callable[[str], Any]:
    environment = localstack.environment
    session = boto3.Session(
        aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
        region_name=environment["AWS_REGION"],
    )
    return partial(cast("Callable[..., Any]", session.client), endpoint_url=localstack.endpoint_url)


@pytest.fixture
def make_function(client: Callable[[str], Any]) -> Iterator[Callable[..., str]]:
    lambda_ = client("lambda")
    made: list[str] = []

    def make(source: str | dict[str, str], **settings: object) -> str:
        name = f"function-{uuid.uuid4().hex[:8]}"
        files = source if isinstance(source, dict) else {"main.py": source}
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as bundle:
            for path, text in files.items():
                bundle.writestr(path, textwrap.dedent(text))
        lambda_.create_function(
            FunctionName=name,
            **{
                "Runtime": "python3.13",
                "Handler": "main.handle",
                "Role": ROLE,
                "Code": {"ZipFile": archive.getvalue()},
                **settings,
            },
        )
        made.append(name)
        lambda_.get_waiter("function_active_v2").wait(FunctionName=name, WaiterConfig={"Delay": 1})
        return name

    yield make
    for name in made:
        lambda_.delete_function(FunctionName=name)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "run"
