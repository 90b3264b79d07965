"""The settings of the stream, the ledger and the quarantine bucket."""

from typing import Literal

from pydantic import Field, ValidationInfo, field_validator
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
    # docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
    ledger_table: str | None = Field(
        default=None,
        title="the name of a table that starts with 'transactions-' and ends in '-' and ENVIRONMENT_SUFFIX",
        pattern=r"^transactions-[A-Za-z0-9_.-]+$",
        max_length=255,
        description="Name of the ledger table, if a restored table is the ledger. Unset: `transactions-` with the"
        " suffix. Follow `docs/runbook.md`, section `Restore the ledger`: a change alone would replace the table.",
    )
    customer_index: bool = flag(
        default=True,
        description="Whether the ledger has the index `customer-timestamp`. It doubles the cost of writes. LEDGER_MODE"
        " describes how to add it to a ledger with auto scaling.",
    )
    ledger_mode: Literal["on-demand", "provisioned"] = Field(
        default="on-demand",
        title="on-demand or provisioned",
        description="Capacity mode of the ledger and of its index. [costs.md](costs.md) shows when `provisioned` costs"
        " less. Before you switch an existing ledger to auto scaling, or add the index to one that has it, deploy with"
        " MIN_WRITE_UNITS equal to MAX_WRITE_UNITS.",
    )
    min_write_units: int | None = number(
        default=None,
        ge=10,
        le=1_000_000,
        also=", and at most MAX_WRITE_UNITS",
        description="Write units/s of a provisioned ledger that are always there. Its index has as many. Auto scaling"
        " takes minutes to add more. Reads have a fifth of them or more. Required if LEDGER_MODE is `provisioned`, not"
        " allowed otherwise.",
    )
    max_write_units: int | None = number(
        default=None,
        ge=10,
        le=1_000_000,
        description="Maximum write units/s of the ledger, and of its index. DynamoDB allows 40,000 without a quota"
        " increase. Required if LEDGER_MODE is `provisioned`: auto scaling keeps the capacity between the limits, and"
        " equal limits are a fixed capacity. If LEDGER_MODE is `on-demand`: DynamoDB throttles above it. Terraform can"
        " raise this ceiling, but not remove it.",
    )
    quarantine_retention_days: int | None = number(
        default=None,
        ge=1,
        le=36_500,
        description="Days until S3 deletes a quarantined record. S3 keeps the deleted version for 90 more days. Unset:"
        " the record stays until an operator deletes it. Not used if EPHEMERAL is true.",
    )
    quarantine_lock_days: int | None = number(
        default=None,
        ge=1,
        le=36_500,
        also=", and at most QUARANTINE_RETENTION_DAYS",
        description="Days when S3 Object Lock, in governance mode, refuses to delete a version of a quarantined record."
        " Unset: no Object Lock. Not allowed if EPHEMERAL is true. Before the first use, follow `docs/runbook.md`,"
        " section `Quarantine retention`.",
    )

    @field_validator("ledger_table")
    @classmethod
    def _ends_in_suffix(cls, name: str | None, others: ValidationInfo) -> str | None:
        if name is None or name.endswith(f"-{others.data.get('environment_suffix')}"):
            return name
        raise ValueError("the name of another environment")
