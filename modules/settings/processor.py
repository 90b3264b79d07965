"""The settings of the function and of its event source mapping."""

from typing import Literal

from pydantic import Field, ValidationInfo, field_validator
from pydantic_settings import BaseSettings

from modules.settings.field_types import number


class ProcessorSettings(BaseSettings):
    """The batches, the retries and the resources of the function."""

    batch_size: int = number(default=500, ge=1, le=10_000, description="Maximum number of records in a batch.")
    batching_window_seconds: int = number(
        default=0, ge=0, le=300, description="Maximum seconds to wait until a batch is full."
    )
    parallelization_factor: int = number(
        default=1, ge=1, le=10, description="Concurrent batches per shard. Records with the same key stay in order."
    )
    retry_attempts: int = number(
        default=50,
        ge=0,
        le=10_000,
        description="Retries of a failed batch before its records go to quarantine. While DynamoDB or S3 fails, an"
        " attempt takes TIMEOUT_SECONDS less 10 s, so 51 attempts last longer than an outage of 40 minutes. A record"
        " that crashes the function leaves its shard after about 6 minutes. [The reasons](adr/0007-retries.md).",
    )
    record_age_seconds: int = number(
        default=21_600,
        ge=60,
        le=604_800,
        also=", and at most half of RETENTION_HOURS",
        description="Maximum age of a record, in seconds. Lambda does not retry an older one: it goes to quarantine.",
    )
    memory_mb: int = number(default=1024, ge=128, le=10_240, description="Memory of the function, in MB.")
    timeout_seconds: int = number(default=60, ge=3, le=900, description="Timeout of one invocation, in seconds.")
    architecture: Literal["arm64", "x86_64"] = Field(
        default="arm64",
        title="arm64 or x86_64",
        description="Processor architecture of the function. The bundle runs on both.",
    )
    reserved_concurrency: int | None = number(
        default=None,
        ge=1,
        le=1000,
        description="Reserved concurrency of the function, which is also its limit. Unset: the account's shared pool.",
    )

    @field_validator("record_age_seconds")
    @classmethod
    def _well_below_retention(cls, seconds: int, others: ValidationInfo) -> int:
        # During the rest of the retention, an operator can still read the record from the stream.
        if seconds > others.data.get("retention_hours", 0) * 3600 / 2:
            raise ValueError("too close to the stream's retention")
        return seconds
