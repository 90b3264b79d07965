"""Every alarm of the pipeline: when it rings and what that means. docs/runbook.md says what to do then."""

from modules.monitoring.alarm import AlarmConfig, Metric
from modules.naming import METRIC_NAMESPACE, Names
from modules.settings import Settings
from modules.storage.ledger import CUSTOMER_INDEX

# A throttled call that succeeds when it is repeated is nobody's business; as many periods of them in a row are.
_SUSTAINED = 5
# Records that are read in the period after their own, or counted late, look unread: so is a period of five minutes now
# and then, but not three of an hour. (A stream that is written to once an hour never has three.)
_SPELL_SECONDS, _SPELLS, _ENOUGH_SPELLS = 300, 12, 3
# Somebody is told when this part of the time is over after which a record is given up.
_LATE = 0.25


def pipeline_alarms(settings: Settings, names: Names, *, mapping_id: str, topic_arn: str) -> tuple[AlarmConfig, ...]:
    """Return the alarms. Each metric is given with the dimensions with which AWS publishes it.

    Sources, below docs.aws.amazon.com: lambda/latest/dg/monitoring-metrics-types.html and (for the mapping's dimension)
    lambda/latest/dg/monitoring-metrics-view.html,
    amazondynamodb/latest/developerguide/metrics-dimensions.html, streams/latest/dev/monitoring-with-cloudwatch.html,
    AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html,
    eventbridge/latest/userguide/eb-monitoring.html.
    """
    function = {"FunctionName": names.function}
    mapping = {"EventSourceMappingUUID": mapping_id}
    table = {"TableName": names.ledger}
    stream = {"StreamName": names.stream}
    too_late = int(settings.record_age_seconds * _LATE * 1000)

    def alarm(  # noqa: PLR0913 - one argument per column of the table below
        subject: str,
        metric: tuple[str, str],
        dimensions: dict[str, str],
        threshold: int,
        meaning: str,
        *,
        periods: int = 1,
        highest: bool = False,
        keeps_state: bool = False,
    ) -> AlarmConfig:
        namespace, name = metric
        return AlarmConfig(
            subject=subject,
            name=names.alarm(subject),
            meaning=meaning,
            metric=Metric(namespace=namespace, name=name, dimensions=dimensions),
            statistic="Maximum" if highest else "Sum",
            threshold=threshold,
            period_seconds=settings.alarm_period_seconds,
            periods=periods,
            missing_data="ignore" if keeps_state else "notBreaching",
            topic_arn=topic_arn,
        )

    return (
        alarm(
            "lambda-errors",
            ("AWS/Lambda", "Errors"),
            function,
            1,
            "The function raised an error or timed out: whole batches are delivered again.",
        ),
        alarm(
            "lambda-throttles",
            ("AWS/Lambda", "Throttles"),
            function,
            1,
            "Lambda refuses invocations for want of concurrency: records wait in the stream.",
            periods=_SUSTAINED,
        ),
        alarm(
            "lambda-iterator-age",
            ("AWS/Lambda", "IteratorAge"),
            function,
            too_late,
            "The function is given records that have waited for long: it cannot keep up.",
            highest=True,
        ),
        alarm(
            "kinesis-iterator-age",
            ("AWS/Kinesis", "GetRecords.IteratorAgeMilliseconds"),
            stream,
            too_late,
            "The oldest record that was read has waited for long in the stream.",
            highest=True,
        ),
        AlarmConfig(
            subject="records-unread",
            name=names.alarm("records-unread"),
            meaning="Records arrive, and nobody reads the stream.",
            metric=Metric(namespace="AWS/Kinesis", name="IncomingRecords", dimensions=stream),
            unless=Metric(namespace="AWS/Lambda", name="PolledEventCount", dimensions=mapping),
            threshold=1,
            period_seconds=_SPELL_SECONDS,
            periods=_SPELLS,
            enough_periods=_ENOUGH_SPELLS,
            topic_arn=topic_arn,
        ),
        alarm(
            "kinesis-write-throttle",
            ("AWS/Kinesis", "WriteProvisionedThroughputExceeded"),
            stream,
            1,
            "The stream refuses records: producers must send them again.",
            periods=_SUSTAINED,
        ),
        alarm(
            "records-failing",
            ("AWS/Lambda", "FailedInvokeEventCount"),
            mapping,
            1,
            "Records fail again and again and are delivered again; some will go to quarantine.",
            periods=_SUSTAINED,
        ),
        alarm(
            "records-dropped",
            ("AWS/Lambda", "DroppedEventCount"),
            mapping,
            1,
            "Records were given up without reaching quarantine: they are lost once the stream's retention is over.",
        ),
        alarm(
            "records-undelivered",
            ("AWS/Lambda", "DestinationDeliveryFailures"),
            function,
            1,
            "Lambda could not write failed records to the quarantine bucket.",
        ),
        # UserErrors has no dimensions: with one, this alarm would never have a datapoint.
        alarm(
            "dynamodb-throttle",
            ("AWS/DynamoDB", "UserErrors"),
            {},
            5,
            "DynamoDB refuses requests of this account and Region as invalid.",
        ),
        alarm(
            "dynamodb-write-throttle",
            ("AWS/DynamoDB", "WriteThrottleEvents"),
            table,
            1,
            "The ledger throttles writes for longer than the function's retries make good.",
            periods=_SUSTAINED,
        ),
        alarm(
            "dynamodb-index-throttle",
            ("AWS/DynamoDB", "WriteThrottleEvents"),
            {**table, "GlobalSecondaryIndexName": CUSTOMER_INDEX},
            1,
            "The index by customer throttles, which holds up writes to the ledger itself.",
            periods=_SUSTAINED,
        ),
        alarm(
            "transactions-rejected",
            (METRIC_NAMESPACE, "TransactionsRejected"),
            function,
            1,
            "Records arrived that are no transactions; they are in quarantine.",
        ),
        alarm(
            "transactions-conflicting",
            (METRIC_NAMESPACE, "TransactionsConflicting"),
            function,
            1,
            "A transaction arrived under the id of another one; the ledger keeps the first.",
        ),
        # SQS stops reporting on a queue that nobody uses: that must not look like an empty one.
        alarm(
            "dead-letter-depth",
            ("AWS/SQS", "ApproximateNumberOfMessagesVisible"),
            {"QueueName": names.dead_letter_queue},
            1,
            "The quarantine bucket holds records that nobody has looked at yet.",
            highest=True,
            keeps_state=True,
        ),
        alarm(
            "quarantine-unannounced",
            ("AWS/Events", "FailedInvocations"),
            {"RuleName": names.quarantine_rule},
            1,
            "EventBridge could not tell the dead-letter queue of a quarantined record.",
        ),
    )
