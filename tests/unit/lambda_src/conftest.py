"""The function with its services in memory."""

import pytest

from lambda_src.transaction_processor import handler
from lambda_src.transaction_processor.ledger import Ledger
from lambda_src.transaction_processor.quarantine import Quarantine
from tests.unit.lambda_src.fakes import FakeContext, FakeDynamoDB, FakeS3


@pytest.fixture
def dynamodb(monkeypatch: pytest.MonkeyPatch) -> FakeDynamoDB:
    client = FakeDynamoDB()
    monkeypatch.setattr(handler, "_ledger", lambda: Ledger(client, "ledger"))  # type: ignore[arg-type]  # a fake
    return client


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> FakeS3:
    client = FakeS3()
    quarantine = Quarantine(lambda: client, bucket="quarantine", owner="123456789012")  # type: ignore[arg-type,return-value]  # a fake
    monkeypatch.setattr(handler, "_quarantine", lambda: quarantine)
    return client


@pytest.fixture
def context() -> FakeContext:
    return FakeContext()
