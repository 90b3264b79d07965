"""One embedded LocalStack for the tests of this folder, its clients, and functions in it."""

import io
import uuid
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, cast

import boto3
import pytest

from embedded_localstack import LocalStack


@pytest.fixture(scope="session")
def localstack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    with LocalStack(tmp_path_factory.mktemp("localstack"), services=["dynamodb", "kinesis", "lambda"]) as running:
        yield running


@pytest.fixture(scope="session")
def client(localstack: LocalStack) -> Callable[..., Any]:
    session = boto3.Session(
        aws_access_key_id=localstack.environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=localstack.environment["AWS_SECRET_ACCESS_KEY"],
        region_name=localstack.environment["AWS_REGION"],
    )
    return partial(cast("Callable[..., Any]", session.client), endpoint_url=localstack.endpoint_url)


@pytest.fixture
def make_function(client: Callable[..., Any]) -> Callable[[str], str]:
    lambda_ = client("lambda")

    def make(source: str) -> str:
        name, archive = f"function-{uuid.uuid4().hex[:8]}", io.BytesIO()
        with zipfile.ZipFile(archive, "w") as opened:
            opened.writestr("main.py", source)
        lambda_.create_function(
            FunctionName=name,
            Runtime="python3.13",
            Handler="main.handle",
            Role="arn:aws:iam::000000000000:role/any",
            Code={"ZipFile": archive.getvalue()},
        )
        lambda_.get_waiter("function_active_v2").wait(FunctionName=name, WaiterConfig={"Delay": 0.1})
        return name

    return make
