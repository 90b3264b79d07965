"""The settings of the stream, the ledger and the quarantine bucket."""

from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings

from modules.settings.field_types import flag, number


class StorageSettings(BaseSettings):
    """The capacity, the retention and the optional parts of the stores."""

    stream_mode: Literal["provisioned", "on-demand"] = Field(
        default="provisioned",
        title="provisioned or on-demand",
        description="Capacity mode of the stream. `provisioned` has a fixed number of shards.",
    )
    shard_count: int = number(
        default=2, ge=1, le=200, description="Shards of a provisioned stream: 1 MB or 1,000 records/s each."
    )
    retention_hours: int = number(default=24, ge=24, le=8760, description="Retention of the stream, in hours.")
    customer_index: bool = flag(
        default=True,
        description="Whether the ledger has the index `customer-timestamp`. It doubles the cost of writes.",
    )
    quarantine_retention_days: int | None = number(
        default=None,
        ge=1,
        le=36_500,
        description="Days until S3 deletes a quarantined record. Unset: it stays until an operator deletes it. Not used"
        " if EPHEMERAL is true.",
    )
    quarantine_lock_days: int | None = number(
        default=None,
        ge=1,
        le=36_500,
        description="Days when S3 Object Lock, in governance mode, refuses to delete or overwrite a version of a"
        " quarantined record. Unset: no Object Lock. Not allowed if EPHEMERAL is true.",
    )
