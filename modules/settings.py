"""The settings of one deployment, read from environment variables and checked."""

from ipaddress import AddressValueError, IPv4Address
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from modules.errors import SettingsError

PRODUCTION = "prod"

_LOG_RETENTIONS = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1827, 3653)

type InterfaceEndpoint = Literal["kinesis-streams", "kms", "lambda", "logs"]


def _split(value: object) -> object:
    """Split a comma-separated list, and drop repeated names."""
    if not isinstance(value, str):
        return value
    return list(dict.fromkeys(part.strip() for part in value.split(",") if part.strip()))


def _not_an_address(name: str | None) -> str | None:
    try:
        IPv4Address(name or "")
    except AddressValueError:
        return name
    raise ValueError("the name is an IP address")


def _log_retention(days: int) -> int:
    if days in _LOG_RETENTIONS:
        return days
    raise ValueError("CloudWatch Logs does not offer this retention")


def _number[N: int | None](*, default: N, ge: int, le: int, description: str, also: str = "") -> N:
    return Field(default=default, ge=ge, le=le, title=f"{ge} to {le}{also}", description=description)


class Settings(BaseSettings):
    """The settings. Each field is read from the environment variable of its name in capitals.

    A field's title says which values are allowed, and its description says what it decides. Error messages and
    docs/settings.md use both.
    """

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=False)

    environment_suffix: str = Field(
        default="dev",
        title="1 to 20 of a-z, 0-9 and '-', without '-' at either end",
        pattern=r"^[a-z0-9]([a-z0-9-]{0,18}[a-z0-9])?$",
        description="Suffix of every physical name. Each suffix is a separate deployment.",
    )
    ephemeral: bool | None = Field(
        default=None,
        title="true or false",
        description="Whether `terraform destroy` removes everything: it empties the bucket, and AWS deletes the key"
        " after 7 days instead of 30. Unset: true for every suffix but 'prod'.",
    )
    run_id: str | None = Field(
        default=None,
        title="1 to 64 of letters, digits and '.', '_', '-'",
        pattern=r"^[A-Za-z0-9._-]{1,64}$",
        description="Id of the test run that deploys, for the tag RunId.",
    )
    expires_at: AwareDatetime | None = Field(
        default=None,
        title="an RFC 3339 time with an offset",
        description="Expiry of a test run, for the tag ExpiresAt. `terraform-harness sweep` then lists its resources.",
    )
    # docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
    state_bucket: Annotated[str | None, AfterValidator(_not_an_address)] = Field(
        default=None,
        title="the name of an S3 bucket: 3 to 63 of a-z, 0-9, '-' and '.', with a letter or digit at either end",
        pattern=r"^[a-z0-9](\.?[a-z0-9-])*\.?[a-z0-9]$",
        min_length=3,
        max_length=63,
        description="S3 bucket for the Terraform state. Required for every deployment that must outlive this working"
        " copy. Unset: a file beside the synthesized stack, which 'make clean' removes.",
    )
    permissions_boundary: str | None = Field(
        default=None,
        title="the name of an IAM policy of the account, 1 to 128 of letters, digits and '+=,.@-_'",
        pattern=r"^[A-Za-z0-9+=,.@_-]{1,128}$",
        description="Permissions boundary of every role in the stack, for accounts that require one.",
    )
    deletion_protection: bool = Field(
        default=False,
        title="true or false, and false if EPHEMERAL is true",
        description="Whether DynamoDB refuses to delete the ledger.",
    )
    stream_mode: Literal["provisioned", "on-demand"] = Field(
        default="provisioned",
        title="provisioned or on-demand",
        description="Capacity mode of the stream. `provisioned` has a fixed number of shards.",
    )
    shard_count: int = _number(
        default=2, ge=1, le=200, description="Shards of a provisioned stream: 1 MB or 1,000 records/s each."
    )
    retention_hours: int = _number(default=24, ge=24, le=8760, description="Retention of the stream, in hours.")
    batch_size: int = _number(default=500, ge=1, le=10_000, description="Maximum number of records in a batch.")
    batching_window_seconds: int = _number(
        default=0, ge=0, le=300, description="Maximum seconds to wait until a batch is full."
    )
    parallelization_factor: int = _number(
        default=1, ge=1, le=10, description="Concurrent batches per shard. Records with the same key stay in order."
    )
    retry_attempts: int = _number(
        default=5, ge=0, le=10_000, description="Retries of a failed batch before its records go to quarantine."
    )
    record_age_seconds: int = _number(
        default=21_600,
        ge=60,
        le=604_800,
        also=", and at most half of RETENTION_HOURS",
        description="Maximum age of a record, in seconds. Lambda does not retry an older one: it goes to quarantine.",
    )
    memory_mb: int = _number(default=1024, ge=128, le=10_240, description="Memory of the function, in MB.")
    timeout_seconds: int = _number(default=60, ge=3, le=900, description="Timeout of one invocation, in seconds.")
    architecture: Literal["arm64", "x86_64"] = Field(
        default="arm64",
        title="arm64 or x86_64",
        description="Processor architecture of the function. The bundle runs on both.",
    )
    reserved_concurrency: int | None = _number(
        default=None,
        ge=1,
        le=1000,
        description="Reserved concurrency of the function, which is also its limit. Unset: the account's shared pool.",
    )
    log_retention_days: Annotated[int, AfterValidator(_log_retention)] = Field(
        default=90,
        title=f"one of {', '.join(map(str, _LOG_RETENTIONS))}",
        description="Retention of the log groups, in days.",
    )
    interface_endpoints: Annotated[tuple[InterfaceEndpoint, ...], NoDecode, BeforeValidator(_split)] = Field(
        default=("kinesis-streams", "kms", "lambda", "logs"),
        title="a comma-separated list of kinesis-streams, kms, lambda and logs, which may be empty",
        description="Services with an interface endpoint in the VPC. The function itself needs none of them.",
    )
    flow_logs: bool = Field(
        default=True, title="true or false", description="Whether rejected connections in the VPC are logged."
    )
    alarm_period_seconds: int = Field(
        default=60,
        ge=10,
        le=3600,
        title="a multiple of 60 up to 3600, or 10 or 30 if RUN_ID is set",
        description="Period of every alarm but `records-unread`, which has 300. AWS publishes one datapoint a minute,"
        " so most shorter periods have none.",
    )

    @property
    def is_ephemeral(self) -> bool:
        """Whether the environment can be destroyed: EPHEMERAL if it is set, else every environment but production."""
        return _is_ephemeral(self.environment_suffix, self.ephemeral)

    @field_validator("deletion_protection")
    @classmethod
    def _only_if_not_ephemeral(cls, protected: bool, others: ValidationInfo) -> bool:  # noqa: FBT001 - pydantic calls it
        if protected and _is_ephemeral(others.data.get("environment_suffix"), others.data.get("ephemeral")):
            raise ValueError("an ephemeral environment must be deletable")
        return protected

    @field_validator("record_age_seconds")
    @classmethod
    def _well_below_retention(cls, seconds: int, others: ValidationInfo) -> int:
        # During the rest of the retention, an operator can still read the record from the stream.
        if seconds > others.data.get("retention_hours", 0) * 3600 / 2:
            raise ValueError("too close to the stream's retention")
        return seconds

    @field_validator("alarm_period_seconds")
    @classmethod
    def _period_of_cloudwatch(cls, seconds: int, others: ValidationInfo) -> int:
        # 10 and 30 are for high-resolution metrics, which the pipeline does not have. Tests use them because LocalStack
        # evaluates an alarm once a period.
        # docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
        if seconds % 60 and not (seconds in {10, 30} and others.data.get("run_id")):
            raise ValueError("not a period of CloudWatch")
        return seconds

    @classmethod
    def from_environment(cls) -> Self:
        """Read the settings.

        Raises:
            SettingsError: A variable has a value that is not allowed.
        """
        try:
            return cls()
        except ValidationError as invalid:
            first = invalid.errors(include_url=False)[0]
            name = str(first["loc"][0])
            raise SettingsError(
                variable=name.upper(), value=first["input"], allowed=str(cls.model_fields[name].title)
            ) from invalid


def _is_ephemeral(suffix: str | None, ephemeral: bool | None) -> bool:  # noqa: FBT001 - the value of a setting
    return suffix != PRODUCTION if ephemeral is None else ephemeral
