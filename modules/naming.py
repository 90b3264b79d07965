"""Every physical name and tag of the pipeline."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

PROJECT = "secure-transaction-pipeline"
METRIC_NAMESPACE = "TransactionPipeline"


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The names of one environment: each ends in its suffix."""

    suffix: str
    key_alias: str
    stream: str
    ledger: str
    function: str
    function_log_group: str
    function_role: str
    quarantine_bucket: str
    quarantine_rule: str
    dead_letter_queue: str
    alarm_topic: str

    @classmethod
    def of(cls, suffix: str, *, account: str) -> Self:
        """Return the names; the account makes the bucket's name, which is global, ours."""
        function = f"transaction-processor-{suffix}"
        return cls(
            suffix=suffix,
            key_alias=f"alias/transaction-key-{suffix}",
            stream=f"transaction-stream-{suffix}",
            ledger=f"transactions-{suffix}",
            function=function,
            function_log_group=f"/aws/lambda/{function}",
            function_role=f"lambda-transaction-processor-role-{suffix}",
            quarantine_bucket=f"transaction-quarantine-{suffix}-{account}",
            quarantine_rule=f"transaction-quarantine-{suffix}",
            dead_letter_queue=f"transaction-dead-letter-{suffix}",
            alarm_topic=f"transaction-alarms-{suffix}",
        )

    def alarm(self, subject: str) -> str:
        """Return the name of the alarm on a subject; "*" stands for all of them."""
        return f"{subject}-{self.suffix}"


def tags(
    *, suffix: str, ephemeral: bool, run_id: str | None = None, expires_at: datetime | None = None
) -> dict[str, str]:
    """Return the tags that every resource carries; the last two say that a test run deployed it."""
    every = {"Project": PROJECT, "Environment": suffix, "Ephemeral": str(ephemeral).lower()}
    if run_id is not None:
        every["RunId"] = run_id
    if expires_at is not None:
        every["ExpiresAt"] = expires_at.astimezone(UTC).isoformat(timespec="seconds")
    return every
