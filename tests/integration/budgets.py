"""How long each kind of wait may take: LocalStack answers in seconds, AWS settles and publishes minutes later."""

from dataclasses import dataclass
from typing import Self

from terraform_harness.targets.target import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Budgets:
    """Seconds, for one target.

    Args:
        record: For a record to reach its place, and for the dead-letter queue to be told of its object.
        giving_up: For Lambda to use up the retries of a record and to set it aside.
        storm: For a thousand records to reach their places while calls fail.
        change: For a change of configuration to be in force, and to be seen by whoever reads it.
        alarm: For an alarm to be heard. SQS begins to publish up to 15 minutes after a queue has come into use
            (docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-monitoring-using-cloudwatch.html).
        long_alarm: For an alarm that waits for a quarter of an hour itself.
    """

    record: float
    giving_up: float
    storm: float
    change: float
    alarm: float
    long_alarm: float

    @classmethod
    def of(cls, target: Target) -> Self:
        """Return what the target needs."""
        return cls(
            record=target.budget(localstack=60, aws=300),
            giving_up=target.budget(localstack=60, aws=900),
            storm=target.budget(localstack=180, aws=600),
            change=target.budget(localstack=120, aws=300),
            alarm=target.budget(localstack=180, aws=1200),
            long_alarm=target.budget(localstack=180, aws=1800),
        )
