"""Every physical name and tag of the pipeline."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

PROJECT = "secure-transaction-pipeline"
METRIC_NAMESPACE = "TransactionPipeline"
# What the function emits in that namespace, each with the dimension FunctionName.
METRICS = ("TransactionsStored", "TransactionsDuplicate", "TransactionsRejected", "TransactionsConflicting")


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The names of one environment: each ends in its suffix."""

    suffix: str
    vpc: str
    subnets: tuple[str, str, str]
    function_group: str
    endpoint_group: str
    flow_log_group: str
    flow_log_role: str
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
    dashboard: str

    @classmethod
    def of(cls, suffix: str, *, account: str) -> Self:
        """Return the names; the account makes the bucket's name, which is global, ours."""
        function = f"transaction-processor-{suffix}"
        return cls(
            suffix=suffix,
            vpc=f"transaction-vpc-{suffix}",
            subnets=(
                f"transaction-private-1-{suffix}",
                f"transaction-private-2-{suffix}",
                f"transaction-private-3-{suffix}",
            ),
            function_group=f"lambda-sg-{suffix}",
            endpoint_group=f"vpc-endpoint-sg-{suffix}",
            flow_log_group=f"/aws/vpc/transaction-flow-logs-{suffix}",
            flow_log_role=f"transaction-flow-logs-role-{suffix}",
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
            dashboard=f"transaction-pipeline-{suffix}",
        )

    def endpoint(self, service: str) -> str:
        """Return the name of the endpoint of a service."""
        return f"transaction-{service}-{self.suffix}"

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
