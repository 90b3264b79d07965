"""Timeouts of the integration tests: LocalStack needs seconds, AWS needs minutes for some metrics and changes."""

from dataclasses import dataclass
from typing import Self

from terraform_harness import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Budgets:
    """Timeouts in seconds for one target.

    Args:
        record: Until a record is processed, and the dead-letter queue has the message about its object.
        retries: Until Lambda has exhausted the retries of a record and written it to the bucket.
        storm: Until a thousand records are processed while calls fail.
        change: Until a change of configuration is in force and visible to every reader.
        alarm: Until a subscriber has the notification of an alarm. SQS publishes metrics up to 15 minutes after the
            first use of a queue
            (docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-monitoring-using-cloudwatch.html).
        long_alarm: The same for an alarm that evaluates a quarter of an hour.
    """

    record: float
    retries: float
    storm: float
    change: float
    alarm: float
    long_alarm: float

    @classmethod
    def of(cls, target: Target) -> Self:
        """Return the timeouts for a target."""
        return cls(
            record=target.budget(localstack=60, aws=300),
            retries=target.budget(localstack=60, aws=900),
            storm=target.budget(localstack=180, aws=600),
            change=target.budget(localstack=120, aws=300),
            alarm=target.budget(localstack=180, aws=1200),
            long_alarm=target.budget(localstack=180, aws=1800),
        )
