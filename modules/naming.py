"""Every physical name, prefix and tag of the pipeline."""

from datetime import UTC, datetime

PROJECT = "secure-transaction-pipeline"
METRIC_NAMESPACE = "TransactionPipeline"
# The metrics that the function emits in this namespace. Each has the dimension FunctionName.
METRICS = ("TransactionsStored", "TransactionsDuplicate", "TransactionsRejected", "TransactionsConflicting")

# The function writes rejected records below the first prefix of the quarantine bucket. Its own constant has the same
# value. Lambda chooses the second prefix, for records that the event source mapping could not process.
REJECTED_PREFIX = "rejected/"
LAMBDA_PREFIX = "aws/lambda/"


class Names:
    """The names of one environment. Each contains the environment suffix."""

    def __init__(self, *, suffix: str, account_id: str, ledger: str | None = None) -> None:
        self.suffix = suffix
        self.vpc = f"transaction-vpc-{suffix}"
        self.subnets = tuple(f"transaction-private-{number}-{suffix}" for number in (1, 2, 3))
        self.function_group = f"lambda-sg-{suffix}"
        self.endpoint_group = f"vpc-endpoint-sg-{suffix}"
        self.flow_log_group = f"/aws/vpc/transaction-flow-logs-{suffix}"
        self.flow_log_role = f"transaction-flow-logs-role-{suffix}"
        self.flow_log_policy = f"transaction-flow-logs-policy-{suffix}"
        self.key_alias = f"alias/transaction-key-{suffix}"
        self.stream = f"transaction-stream-{suffix}"
        # A restored table has another name than the one that it replaces.
        self.ledger = ledger or f"transactions-{suffix}"
        self.scaling_policy = f"transactions-utilization-{suffix}"
        self.function = f"transaction-processor-{suffix}"
        self.function_alias = f"live-{suffix}"
        self.function_log_group = f"/aws/lambda/{self.function}"
        self.function_role = f"lambda-transaction-processor-role-{suffix}"
        self.function_policy = f"lambda-transaction-processor-policy-{suffix}"
        # A bucket's name must be unique in all of AWS: the account id makes it so.
        self.quarantine_bucket = f"transaction-quarantine-{suffix}-{account_id}"
        self.quarantine_rule = f"transaction-quarantine-{suffix}"
        self.dead_letter_queue = f"transaction-dead-letter-{suffix}"
        self.health_alarm = f"pipeline-health-{suffix}"
        self.alarm_topic = f"transaction-alarms-{suffix}"
        self.dashboard = f"transaction-pipeline-{suffix}"

    def endpoint(self, service: str) -> str:
        """Return the name of a service's VPC endpoint."""
        return f"transaction-{service}-{self.suffix}"

    def alarm(self, subject: str) -> str:
        """Return the name of an alarm, or a pattern for all alarms if the subject is "*"."""
        return f"{subject}-{self.suffix}"


def tags(
    *, suffix: str, ephemeral: bool, run_id: str | None = None, expires_at: datetime | None = None
) -> dict[str, str]:
    """Return the tags of every resource. Only a test run sets the run id and the expiry."""
    expiry = None if expires_at is None else expires_at.astimezone(UTC).isoformat(timespec="seconds")
    common = {"Project": PROJECT, "Environment": suffix, "Ephemeral": str(ephemeral).lower()}
    return common | {tag: value for tag, value in {"RunId": run_id, "ExpiresAt": expiry}.items() if value is not None}
