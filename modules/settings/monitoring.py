"""The settings of the logs and the alarms."""

import re
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode

from modules.settings.field_types import split

_LOG_RETENTIONS = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1827, 3653)
# No pattern allows '{', which would start a Terraform expression. No URL has a user: Terraform would store the password
# as plain text. No queue is FIFO: the topic is not, so SNS rejects the subscription.
_SUBSCRIBERS = [
    re.compile(pattern, re.ASCII)
    for pattern in (
        r"[\w.%+'-]+@[\w-]+(\.[\w-]+)+",
        r"https://[\w.-]+(:\d+)?([/?][\w./?&=:;~!$'()*+%#@-]*)?",
        r"arn:aws[a-z-]*:sqs:[a-z0-9-]+:\d{12}:[\w-]{1,80}",
        r"arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[\w-]{1,64}(:[\w-]{1,128})?",
    )
]


def _log_retention(days: int) -> int:
    if days in _LOG_RETENTIONS:
        return days
    raise ValueError("CloudWatch Logs does not offer this retention")


def _subscriber(text: str) -> str:
    if any(pattern.fullmatch(text) for pattern in _SUBSCRIBERS):
        return text
    raise ValueError("not an address that SNS can notify")


class MonitoringSettings(BaseSettings):
    """The retention of the logs, and the period and the subscribers of the alarms."""

    log_retention_days: Annotated[int, AfterValidator(_log_retention)] = Field(
        default=90,
        title=f"one of {', '.join(map(str, _LOG_RETENTIONS))}",
        description="Retention of the log groups, in days.",
    )
    alarm_subscribers: Annotated[
        tuple[Annotated[str, AfterValidator(_subscriber)], ...], NoDecode, BeforeValidator(split)
    ] = Field(
        default=(),
        title="a comma-separated list of email addresses, https URLs without a user, and ARNs of Lambda functions or of"
        " SQS queues that are not FIFO",
        description="Subscribers of the alarm topic. Every alarm notifies each of them. The owner of an email address"
        " must confirm within two days, and an https endpoint within a minute. The owner of a queue must allow the"
        " topic to send. Queues must be in the same account, functions in the same account and Region. See"
        " `docs/runbook.md`, section `Subscribers`. If the list is empty and EPHEMERAL is false, a guardrail warns.",
    )
    alarm_period_seconds: int = Field(
        default=60,
        ge=10,
        le=3600,
        title="a multiple of 60 up to 3600, or 10 or 30 if RUN_ID is set",
        description="Period of every alarm but `records-unread`, which has 300. AWS publishes one datapoint a minute,"
        " so most shorter periods have none.",
    )

    @field_validator("alarm_period_seconds")
    @classmethod
    def _period_of_cloudwatch(cls, seconds: int, others: ValidationInfo) -> int:
        # 10 and 30 are for high-resolution metrics, which the pipeline does not have. Tests use them because LocalStack
        # evaluates an alarm once a period.
        # docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
        if seconds % 60 and not (seconds in {10, 30} and others.data.get("run_id")):
            raise ValueError("not a period of CloudWatch")
        return seconds
