import pytest
from botocore.config import Config

from lambda_src.transaction_processor import handler
from lambda_src.transaction_processor.errors import NotAKinesisBatchError, SettingMissingError
from tests.unit.lambda_src.fakes import FakeContext, FakeDynamoDB, FakeWorld, kinesis_entry, transaction


@pytest.fixture
def context(world: FakeWorld) -> FakeContext:
    return FakeContext(world=world, ends_at=world.time + 60_000)


@pytest.fixture
def clients(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Config]]:
    """The clients that were made, in an environment that is set."""
    made: list[tuple[str, Config]] = []
    handler._world.cache_clear()  # noqa: SLF001 - what the sandbox keeps is what is tested
    handler._s3.cache_clear()  # noqa: SLF001 - the same

    def client(service: str, *, config: Config) -> FakeDynamoDB:
        made.append((service, config))
        return FakeDynamoDB()

    monkeypatch.setattr("boto3.client", client)
    monkeypatch.setenv("LEDGER_TABLE", "ledger")
    monkeypatch.setenv("QUARANTINE_BUCKET", "quarantine")
    monkeypatch.setenv("QUARANTINE_OWNER", "123456789012")
    return made


def test_a_sandbox_makes_one_client_for_all_its_invocations(
    clients: list[tuple[str, Config]], context: FakeContext
) -> None:
    for number in (1, 2):
        handler.handle({"Records": [kinesis_entry(number, transaction(number))]}, context)

    assert [service for service, _ in clients] == ["dynamodb"]


def test_no_call_is_repeated_by_the_sdk_or_may_take_long(
    clients: list[tuple[str, Config]], context: FakeContext
) -> None:
    handler.handle({"Records": []}, context)

    ((_, config),) = clients
    options = vars(config)
    assert (options["connect_timeout"], options["read_timeout"]) == (1, 3)
    assert options["retries"] == {"total_max_attempts": 1}


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
def test_an_event_that_is_no_kinesis_batch_is_an_error(event: object, problem: str, context: FakeContext) -> None:
    with pytest.raises(NotAKinesisBatchError) as raised:
        handler.handle(event, context)

    assert str(raised.value) == (
        f"The event is no batch of Kinesis records: {problem}. "
        "Invoke this function through an event source mapping on a Kinesis stream."
    )


@pytest.mark.usefixtures("clients")
def test_a_missing_setting_is_an_error_that_names_it(context: FakeContext, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LEDGER_TABLE")
    monkeypatch.setenv("QUARANTINE_OWNER", "")

    with pytest.raises(SettingMissingError) as raised:
        handler.handle({"Records": []}, context)

    assert str(raised.value) == (
        "The function's environment lacks LEDGER_TABLE, QUARANTINE_OWNER. Set it in the function's configuration."
    )
