from contextlib import suppress
from threading import Barrier, BrokenBarrierError

import pytest
from botocore.config import Config

from lambda_src.transaction_processor import handler
from lambda_src.transaction_processor.errors import NotAKinesisBatchError, SettingMissingError
from lambda_src.transaction_processor.executor import CONCURRENCY, ThreadExecutor
from tests.unit.lambda_src.fakes import (
    FakeContext,
    FakeDynamoDB,
    FakeS3,
    FunctionUnderTest,
    kinesis_entry,
    transaction,
)


@pytest.fixture
def context(function: FunctionUnderTest) -> FakeContext:
    return FakeContext(function=function, ends_at=function.time + 60_000)


@pytest.fixture
def clients(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Config]]:
    """The clients that the function creates, in a complete environment."""
    created: list[tuple[str, Config]] = []
    handler._dependencies.cache_clear()  # noqa: SLF001 - the tests are about this cache
    handler._s3.cache_clear()  # noqa: SLF001 - the same

    def client(service: str, *, config: Config) -> FakeDynamoDB:
        created.append((service, config))
        return FakeDynamoDB()

    monkeypatch.setattr("boto3.client", client)
    monkeypatch.setenv("LEDGER_TABLE", "ledger")
    monkeypatch.setenv("QUARANTINE_BUCKET", "quarantine")
    monkeypatch.setenv("QUARANTINE_OWNER", "123456789012")
    return created


def test_all_invocations_share_one_client(clients: list[tuple[str, Config]], context: FakeContext) -> None:
    for number in (1, 2):
        handler.handle({"Records": [kinesis_entry(number, transaction(number))]}, context)

    assert [service for service, _ in clients] == ["dynamodb"]


def test_sdk_does_not_retry_and_has_short_timeouts(clients: list[tuple[str, Config]], context: FakeContext) -> None:
    handler.handle({"Records": []}, context)

    ((_, config),) = clients
    options = vars(config)
    assert (options["connect_timeout"], options["read_timeout"]) == (1, 3)
    assert options["retries"] == {"total_max_attempts": 1}


def test_sdk_has_a_connection_for_each_thread(clients: list[tuple[str, Config]], context: FakeContext) -> None:
    handler.handle({"Records": []}, context)

    ((_, config),) = clients
    assert vars(config)["max_pool_connections"] == CONCURRENCY


def test_sdk_does_not_validate_parameters_again(clients: list[tuple[str, Config]], context: FakeContext) -> None:
    """`attributes.py` has validated each value. The SDK would take nearly as long again as for the call itself."""
    handler.handle({"Records": []}, context)

    ((_, config),) = clients
    assert vars(config)["parameter_validation"] is False


def test_concurrent_writes_to_quarantine_share_one_client(
    clients: list[tuple[str, Config]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first creation waits for a second one, in vain."""
    second = Barrier(2)

    def client(service: str, *, config: Config) -> FakeS3:
        clients.append((service, config))
        with suppress(BrokenBarrierError):
            second.wait(0.2)
        return FakeS3()

    monkeypatch.setattr("boto3.client", client)

    created = list(ThreadExecutor(2).run_all([handler._shared_s3] * 2))  # noqa: SLF001 - the test is about its lock

    assert [service for service, _ in clients] == ["s3"]
    assert created[0] is created[1]


@pytest.mark.usefixtures("clients")
@pytest.mark.parametrize(
    ("event", "problem"),
    [
        pytest.param({}, "it has no list of Records", id="an empty object"),
        pytest.param([], "it has no list of Records", id="a list"),
        pytest.param(
            {"Records": [{"eventSource": "aws:sqs"}]}, "record 0 did not come from a Kinesis stream", id="SQS"
        ),
    ],
)
def test_event_of_another_source_is_an_error(event: object, problem: str, context: FakeContext) -> None:
    with pytest.raises(NotAKinesisBatchError) as raised:
        handler.handle(event, context)

    assert str(raised.value) == (
        f"The event is not a batch of Kinesis records: {problem}. "
        "Invoke this function through an event source mapping on a Kinesis stream."
    )


@pytest.mark.usefixtures("clients")
def test_missing_settings_are_an_error_with_their_names(context: FakeContext, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LEDGER_TABLE")
    monkeypatch.setenv("QUARANTINE_OWNER", "")

    with pytest.raises(SettingMissingError) as raised:
        handler.handle({"Records": []}, context)

    assert str(raised.value) == (
        "These environment variables are not set: LEDGER_TABLE, QUARANTINE_OWNER. "
        "Set them in the function's configuration."
    )
