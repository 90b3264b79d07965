"""The settings: defaults, allowed values and error messages."""

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from modules.errors import SettingsError
from modules.settings import Settings


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("LOCAL_STATE", "true")


def test_default_environment_is_dev() -> None:
    settings = Settings.from_environment()

    assert settings.environment_suffix == "dev"
    assert settings.interface_endpoints == ("kinesis-streams", "kms", "lambda", "logs")
    assert (settings.run_id, settings.expires_at, settings.state_bucket) == (None, None, None)


@pytest.mark.parametrize("suffix", ["a", "7", "dev", "pr-123", "a-b-c", "x" * 20, "0--9"])
def test_suffix_is_accepted(monkeypatch: pytest.MonkeyPatch, suffix: str) -> None:
    monkeypatch.setenv("ENVIRONMENT_SUFFIX", suffix)

    assert Settings.from_environment().environment_suffix == suffix


SUFFIX = "1 to 20 of a-z, 0-9 and '-', without '-' at either end"
BUCKET = "the name of an S3 bucket: 3 to 63 of a-z, 0-9, '-' and '.', with a letter or digit at either end"
RANGE = "a private IPv4 range of /16 to /26, such as 10.0.0.0/16"
LEDGER = "the name of a table that starts with 'transactions-' and ends in '-' and ENVIRONMENT_SUFFIX"
PERIOD = "a multiple of 60 up to 3600, or 10 or 30 if RUN_ID is set"
SUBSCRIBERS = (
    "a comma-separated list of email addresses, https URLs without a user, and ARNs of Lambda functions or of SQS"
    " queues that are not FIFO"
)
RETENTIONS = "one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1827, 3653"


@pytest.mark.parametrize(
    ("variable", "value", "allowed"),
    [
        ("ENVIRONMENT_SUFFIX", "UPPER", SUFFIX),
        ("ENVIRONMENT_SUFFIX", "x" * 21, SUFFIX),
        ("ENVIRONMENT_SUFFIX", "-x", SUFFIX),
        ("ENVIRONMENT_SUFFIX", "x-", SUFFIX),
        ("ENVIRONMENT_SUFFIX", "", SUFFIX),
        ("ENVIRONMENT_SUFFIX", "a_b", SUFFIX),
        ("ENVIRONMENT_SUFFIX", "dev\n", SUFFIX),
        ("ENVIRONMENT_SUFFIX", "dév", SUFFIX),
        ("EPHEMERAL", "perhaps", "true or false"),
        ("RUN_ID", "a b", "1 to 64 of letters, digits and '.', '_', '-'"),
        ("EXPIRES_AT", "2026-11-23T20:00:00", "an RFC 3339 time with an offset"),
        ("EXPIRES_AT", "tomorrow", "an RFC 3339 time with an offset"),
        ("STATE_BUCKET", "ab", BUCKET),
        ("STATE_BUCKET", "x" * 64, BUCKET),
        ("STATE_BUCKET", "States", BUCKET),
        ("STATE_BUCKET", "s3://states", BUCKET),
        ("STATE_BUCKET", "-states", BUCKET),
        ("STATE_BUCKET", "states.", BUCKET),
        ("STATE_BUCKET", "states..of", BUCKET),
        ("STATE_BUCKET", "192.168.5.4", BUCKET),
        ("STATE_BUCKET", "states\n", BUCKET),
        (
            "PERMISSIONS_BOUNDARY",
            "arn:aws:iam::123456789012:policy/b",
            "the name of an IAM policy of the account, 1 to 128 of letters, digits and '+=,.@-_'",
        ),
        ("STREAM_MODE", "both", "provisioned or on-demand"),
        ("SHARD_COUNT", "0", "1 to 200"),
        ("SHARD_COUNT", "two", "1 to 200"),
        ("RETENTION_HOURS", "23", "24 to 8760"),
        ("BATCH_SIZE", "10001", "1 to 10000"),
        ("BATCHING_WINDOW_SECONDS", "301", "0 to 300"),
        ("PARALLELIZATION_FACTOR", "11", "1 to 10"),
        ("RETRY_ATTEMPTS", "-1", "0 to 10000"),
        ("RECORD_AGE_SECONDS", "59", "60 to 604800, and at most half of RETENTION_HOURS"),
        ("RECORD_AGE_SECONDS", "43201", "60 to 604800, and at most half of RETENTION_HOURS"),
        ("LOCAL_STATE", "maybe", "true or false"),
        ("CUSTOMER_INDEX", "maybe", "true or false"),
        ("LEDGER_TABLE", "transactions-prod", LEDGER),
        ("LEDGER_TABLE", "transactionsdev", LEDGER),
        ("LEDGER_TABLE", "restored-dev", LEDGER),
        ("LEDGER_TABLE", "transactions-a b-dev", LEDGER),
        ("LEDGER_TABLE", f"transactions-{'x' * 239}-dev", LEDGER),
        ("QUARANTINE_RETENTION_DAYS", "0", "1 to 36500"),
        ("QUARANTINE_LOCK_DAYS", "36501", "1 to 36500, and at most QUARANTINE_RETENTION_DAYS"),
        ("VPC_CIDR", "10.0.0.0", RANGE),
        ("VPC_CIDR", "10.0.0.0/15", RANGE),
        ("VPC_CIDR", "10.0.0.0/27", RANGE),
        ("VPC_CIDR", "10.0.0.1/16", RANGE),
        ("VPC_CIDR", "8.8.0.0/16", RANGE),
        ("VPC_CIDR", "fd00::/16", RANGE),
        ("MEMORY_MB", "127", "128 to 10240"),
        ("TIMEOUT_SECONDS", "901", "3 to 900"),
        ("ARCHITECTURE", "sparc", "arm64 or x86_64"),
        ("RESERVED_CONCURRENCY", "0", "1 to 1000"),
        ("LOG_RETENTION_DAYS", "91", RETENTIONS),
        ("FLOW_LOGS", "2", "true or false"),
        ("ALARM_PERIOD_SECONDS", "90", PERIOD),
        ("ALARM_PERIOD_SECONDS", "30", PERIOD),
        ("ALARM_PERIOD_SECONDS", "10", PERIOD),
        ("ALARM_PERIOD_SECONDS", "0", PERIOD),
        ("ALARM_PERIOD_SECONDS", "3660", PERIOD),
    ],
)
def test_bad_value_is_reported_with_the_allowed_values(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, allowed: str
) -> None:
    monkeypatch.setenv(variable, value)

    with pytest.raises(SettingsError) as caught:
        Settings.from_environment()

    assert str(caught.value) == f"{variable} is {value!r}, but must be {allowed}."


@pytest.mark.parametrize(
    ("variable", "entry", "allowed"),
    [
        (
            "INTERFACE_ENDPOINTS",
            "ftp",
            "a comma-separated list of kinesis-streams, kms, lambda and logs, which may be empty",
        ),
        *(
            ("ALARM_SUBSCRIBERS", entry, SUBSCRIBERS)
            for entry in (
                "on-call",
                "on-call@example",
                "on call@example.com",
                "ön-call@example.com",
                "${local.x}@example.com",
                "http://example.com/alarms",
                "https://",
                "https://user:password@example.com/alarms",
                "https://example.com/${local.x}",
                "arn:aws:sns:eu-central-1:123456789012:topic",
                "arn:aws:sqs:eu-central-1:123456789012:alarms.fifo",
                "arn:aws:sqs:eu-central-1:1234:alarms",
                "arn:aws:lambda:eu-central-1:123456789012:function:notify:$LATEST",
                "arn:aws:lambda:eu-central-1:123456789012:layer:notify",
            )
        ),
    ],
)
def test_bad_entry_of_a_list_is_reported(
    monkeypatch: pytest.MonkeyPatch, variable: str, entry: str, allowed: str
) -> None:
    valid = {"INTERFACE_ENDPOINTS": "kms", "ALARM_SUBSCRIBERS": "on-call@example.com"}[variable]
    monkeypatch.setenv(variable, f"{valid}, {entry}")

    with pytest.raises(SettingsError) as caught:
        Settings.from_environment()

    assert str(caught.value) == f"{variable} has the entry {entry!r}, but must be {allowed}."


@pytest.mark.parametrize(
    "subscriber",
    [
        "on-call+alarms@mail.example.co.uk",
        "https://example.com",
        "https://events.example.com:8443/integration/0123abcd/enqueue?source=sns&team=a%2Fb",
        "arn:aws:sqs:eu-central-1:123456789012:alarms",
        "arn:aws-us-gov:sqs:us-gov-west-1:123456789012:alarms_1",
        "arn:aws:lambda:eu-central-1:123456789012:function:notify",
        "arn:aws:lambda:eu-central-1:123456789012:function:notify:live",
        "arn:aws-cn:lambda:cn-north-1:123456789012:function:notify:7",
    ],
)
def test_subscriber_is_accepted(monkeypatch: pytest.MonkeyPatch, subscriber: str) -> None:
    monkeypatch.setenv("ALARM_SUBSCRIBERS", f"{subscriber}, on-call@example.com,{subscriber}")

    assert Settings.from_environment().alarm_subscribers == (subscriber, "on-call@example.com")


@pytest.mark.parametrize("bucket", ["abc", "states-of-the-team", "states.of.the.team", "1.2.3", "a" * 63])
def test_state_bucket_is_accepted(monkeypatch: pytest.MonkeyPatch, bucket: str) -> None:
    monkeypatch.delenv("LOCAL_STATE")
    monkeypatch.setenv("STATE_BUCKET", bucket)

    assert Settings.from_environment().state_bucket == bucket


@pytest.mark.parametrize("name", ["transactions-dev", "transactions-restored_2.b-dev", f"transactions-{'x' * 238}-dev"])
def test_name_of_a_restored_ledger_is_accepted(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("LEDGER_TABLE", name)

    assert Settings.from_environment().ledger_table == name


@pytest.mark.parametrize("seconds", [10, 30, 60, 3600])
def test_short_alarm_period_is_accepted_in_a_test_run(monkeypatch: pytest.MonkeyPatch, seconds: int) -> None:
    monkeypatch.setenv("RUN_ID", "run-1")
    monkeypatch.setenv("ALARM_PERIOD_SECONDS", str(seconds))

    assert Settings.from_environment().alarm_period_seconds == seconds


def test_alarm_period_must_exist_in_cloudwatch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUN_ID", "run-1")
    monkeypatch.setenv("ALARM_PERIOD_SECONDS", "45")

    with pytest.raises(SettingsError) as caught:
        Settings.from_environment()

    assert str(caught.value) == f"ALARM_PERIOD_SECONDS is '45', but must be {PERIOD}."


@pytest.mark.parametrize(
    ("listed", "endpoints"),
    [("", ()), ("kms", ("kms",)), ("logs, kms", ("logs", "kms")), ("kms,kms", ("kms",))],
)
def test_list_is_separated_by_commas(monkeypatch: pytest.MonkeyPatch, listed: str, endpoints: tuple[str, ...]) -> None:
    monkeypatch.setenv("INTERFACE_ENDPOINTS", listed)

    assert Settings.from_environment().interface_endpoints == endpoints


def test_offset_of_a_time_is_respected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXPIRES_AT", "2026-11-23T20:00:00+01:00")

    assert Settings.from_environment().expires_at == datetime(2026, 11, 23, 19, tzinfo=UTC)


def test_settings_are_immutable() -> None:
    settings = Settings()

    with pytest.raises(ValidationError, match="frozen"):
        settings.shard_count = 9


@pytest.mark.parametrize("name", Settings.model_fields)
def test_setting_documents_its_meaning_and_allowed_values(name: str) -> None:
    field = Settings.model_fields[name]

    assert field.title
    assert field.description is not None
    assert field.description.endswith(".")
