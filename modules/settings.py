"""What an operator decides about one deployment, read once from the environment and checked."""

from ipaddress import AddressValueError, IPv4Address
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    Field,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from modules.errors import SettingsError

PRODUCTION = "prod"

_LOG_RETENTIONS = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1827, 3653)

type InterfaceEndpoint = Literal["kinesis-streams", "kms", "lambda", "logs"]


def _listed(value: object) -> object:
    """Split a comma-separated list, as an environment variable holds it, and name nothing twice."""
    if not isinstance(value, str):
        return value
    return list(dict.fromkeys(part.strip() for part in value.split(",") if part.strip()))


def _no_address(name: str) -> str:
    try:
        IPv4Address(name)
    except AddressValueError:
        return name
    raise ValueError("an IP address")


def _log_retention(days: int) -> int:
    if days in _LOG_RETENTIONS:
        return days
    raise ValueError("not a retention that CloudWatch Logs knows")


class Settings(BaseSettings):
    """One deployment. Each field is read from the environment variable of its name in capitals.

    A field's description says what it decides; its title says what is allowed, in the words that errors and
    docs/settings.md use.
    """

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=False)

    environment_suffix: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]([a-z0-9-]{0,18}[a-z0-9])?$")] = Field(
        default="dev",
        title="1 to 20 of a-z, 0-9 and '-', without '-' at either end",
        description="The end of every physical name. One deployment per suffix.",
    )
    ephemeral: bool | None = Field(
        default=None,
        title="true or false",
        description="Whether everything can be destroyed at once: the bucket is emptied, the key goes after 7 days"
        " instead of 30. Unset: true for every suffix but 'prod'.",
    )
    run_id: str | None = Field(
        default=None,
        title="1 to 64 of letters, digits and '.', '_', '-'",
        pattern=r"^[A-Za-z0-9._-]{1,64}$",
        description="The test run that deploys, as the tag RunId.",
    )
    expires_at: AwareDatetime | None = Field(
        default=None,
        title="an RFC 3339 time with an offset",
        description="When a test run's resources may be swept, as the tag ExpiresAt.",
    )
    # docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
    state_bucket: (
        Annotated[
            str,
            StringConstraints(pattern=r"^[a-z0-9](\.?[a-z0-9-])*\.?[a-z0-9]$", min_length=3, max_length=63),
            AfterValidator(_no_address),
        ]
        | None
    ) = Field(
        default=None,
        title="the name of an S3 bucket: 3 to 63 of a-z, 0-9, '-' and '.', with a letter or digit at either end",
        description="Where Terraform keeps its state, for all that outlives this working copy. Unset: in a file"
        " beside the synthesized stack, which 'make clean' removes.",
    )
    permissions_boundary: str | None = Field(
        default=None,
        title="the name of an IAM policy of the account, 1 to 128 of letters, digits and '+=,.@-_'",
        pattern=r"^[A-Za-z0-9+=,.@_-]{1,128}$",
        description="The boundary of every role that the stack creates, where nobody may create roles without one.",
    )
    deletion_protection: bool = Field(
        default=False,
        title="true or false, and false where EPHEMERAL is true",
        description="Whether DynamoDB refuses to delete the ledger.",
    )
    stream_mode: Literal["provisioned", "on-demand"] = Field(
        default="provisioned",
        title="provisioned or on-demand",
        description="Whether the stream has a fixed number of shards.",
    )
    shard_count: int = Field(
        default=2,
        ge=1,
        le=200,
        title="1 to 200",
        description="Shards of a provisioned stream: 1 MB or 1,000 records/s each.",
    )
    retention_hours: int = Field(
        default=24, ge=24, le=8760, title="24 to 8760", description="Hours that the stream keeps a record."
    )
    batch_size: int = Field(
        default=500,
        ge=1,
        le=10_000,
        title="1 to 10000",
        description="Records that the function is given at most at once.",
    )
    batching_window_seconds: int = Field(
        default=0, ge=0, le=300, title="0 to 300", description="Seconds to wait for a batch to fill."
    )
    parallelization_factor: int = Field(
        default=1, ge=1, le=10, title="1 to 10", description="Batches of one shard in flight at once, in order per key."
    )
    retry_attempts: int = Field(
        default=5,
        ge=0,
        le=10_000,
        title="0 to 10000",
        description="Times that a failed batch is tried again before its records go to quarantine.",
    )
    record_age_seconds: int = Field(
        default=21_600,
        ge=60,
        le=604_800,
        title="60 to 604800, and at most half of RETENTION_HOURS",
        description="Age in seconds at which a record is no longer retried but goes to quarantine.",
    )
    memory_mb: int = Field(
        default=1024, ge=128, le=10_240, title="128 to 10240", description="Memory of the function, in MB."
    )
    timeout_seconds: int = Field(
        default=60, ge=3, le=900, title="3 to 900", description="Seconds that one invocation may take."
    )
    architecture: Literal["arm64", "x86_64"] = Field(
        default="arm64", title="arm64 or x86_64", description="Processor of the function. The bundle runs on both."
    )
    reserved_concurrency: int | None = Field(
        default=None,
        ge=1,
        le=1000,
        title="1 to 1000",
        description="Concurrent invocations set aside for the function, and its limit. Unset: shared with the account.",
    )
    log_retention_days: Annotated[int, AfterValidator(_log_retention)] = Field(
        default=90,
        title=f"one of {', '.join(map(str, _LOG_RETENTIONS))}",
        description="Days that logs are kept.",
    )
    interface_endpoints: Annotated[
        tuple[InterfaceEndpoint, ...],
        NoDecode,
        BeforeValidator(_listed),
    ] = Field(
        default=("kinesis-streams", "kms", "lambda", "logs"),
        title="a comma-separated list of kinesis-streams, kms, lambda and logs, which may be empty",
        description="Services with an interface endpoint in the VPC. The function itself needs none of them.",
    )
    flow_logs: bool = Field(
        default=True, title="true or false", description="Whether the VPC's rejected connections are logged."
    )
    alarm_period_seconds: int = Field(
        default=60,
        ge=10,
        le=3600,
        title="a multiple of 60 up to 3600, or 10 or 30 where RUN_ID says that this is a test run",
        description="Seconds in one period of every alarm but `records-unread`, which has 300. AWS publishes a"
        " datapoint a minute: with less, most periods have none.",
    )

    @property
    def is_ephemeral(self) -> bool:
        """Whether this environment may vanish: as set, else every one but production."""
        return self.environment_suffix != PRODUCTION if self.ephemeral is None else self.ephemeral

    @field_validator("deletion_protection")
    @classmethod
    def _only_where_it_may_stay(cls, protected: bool, others: ValidationInfo) -> bool:  # noqa: FBT001 - pydantic's own call
        ephemeral = others.data.get("ephemeral")
        if ephemeral is None:
            ephemeral = others.data.get("environment_suffix") != PRODUCTION
        if protected and ephemeral:
            raise ValueError("an ephemeral environment can always be destroyed")
        return protected

    @field_validator("record_age_seconds")
    @classmethod
    def _well_below_retention(cls, seconds: int, others: ValidationInfo) -> int:
        # A record that is given up when it is about to expire cannot be looked at any more.
        if seconds > others.data.get("retention_hours", 0) * 3600 / 2:
            raise ValueError("too close to the stream's retention")
        return seconds

    @field_validator("alarm_period_seconds")
    @classmethod
    def _with_datapoints(cls, seconds: int, others: ValidationInfo) -> int:
        # docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html: 10 and 30 are for metrics of
        # high resolution, which none of ours is. LocalStack looks at an alarm once a period, whatever the metric.
        if seconds % 60 and not (seconds in {10, 30} and others.data.get("run_id")):
            raise ValueError("not a period in which there are datapoints")
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
