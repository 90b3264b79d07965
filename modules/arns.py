"""ARNs built from names.

A policy that refers to a resource waits for it, and the resource often waits for the policy's role or key. An ARN that
is built from a name avoids this cycle.
"""

from modules.account import Account
from modules.naming import Names


class Arns:
    """The ARNs of one environment."""

    def __init__(self, *, names: Names, account: Account) -> None:
        def regional(service: str, resource: str) -> str:
            return f"arn:{account.partition}:{service}:{account.region}:{account.id}:{resource}"

        self.alarms = regional("cloudwatch", f"alarm:{names.alarm('*')}")
        self.dead_letter_queue = regional("sqs", names.dead_letter_queue)
        self.flow_log_group = regional("logs", f"log-group:{names.flow_log_group}")
        self.function = regional("lambda", f"function:{names.function}")
        self.function_log_group = regional("logs", f"log-group:{names.function_log_group}")
        self.ledger = regional("dynamodb", f"table/{names.ledger}")
        self.quarantine_bucket = f"arn:{account.partition}:s3:::{names.quarantine_bucket}"
        self.quarantine_rule = regional("events", f"rule/{names.quarantine_rule}")
        self.stream = regional("kinesis", f"stream/{names.stream}")
        self._iam = f"arn:{account.partition}:iam::{account.id}"
        self.root = f"{self._iam}:root"

    def policy(self, name: str | None) -> str | None:
        """Return the ARN of a customer managed policy, if there is one."""
        return None if name is None else f"{self._iam}:policy/{name}"
