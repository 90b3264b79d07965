"""Every alarm of the pipeline. docs/runbook.md has a section for each.

Sources of the metrics and dimensions, below docs.aws.amazon.com: lambda/latest/dg/monitoring-metrics-types.html and
monitoring-metrics-view.html (dimension of the event source mapping),
amazondynamodb/latest/developerguide/metrics-dimensions.html, streams/latest/dev/monitoring-with-cloudwatch.html,
AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html,
eventbridge/latest/userguide/eb-monitoring.html.
"""

from collections.abc import Mapping

from modules.monitoring.alarm import AlarmRow, Metric
from modules.naming import METRIC_NAMESPACE

# A few throttled calls are noise. Five consecutive periods are not.
_SUSTAINED = 5
# The same for a metric whose gaps are filled with 0: five periods of ten leave room for late datapoints.
_WINDOW = 2 * _SUSTAINED
# A record that has spent a quarter of RECORD_AGE_SECONDS in the stream is late.
_LATE = 0.25

_FUNCTION = ("FunctionName",)
_MAPPING = ("EventSourceMappingUUID",)
_STREAM = ("StreamName",)
_TABLE = ("TableName",)
_INDEX = ("TableName", "GlobalSecondaryIndexName")

ALARMS: Mapping[str, AlarmRow] = {
    "lambda-errors": AlarmRow(
        metric=Metric(namespace="AWS/Lambda", name="Errors", dimensions=_FUNCTION),
        meaning="The function raised an error or timed out. Lambda retries the whole batch.",
    ),
    "lambda-throttles": AlarmRow(
        metric=Metric(namespace="AWS/Lambda", name="Throttles", dimensions=_FUNCTION),
        periods=_SUSTAINED,
        meaning="Lambda throttles the function because no concurrency is free. Records wait in the stream.",
    ),
    "lambda-iterator-age": AlarmRow(
        metric=Metric(namespace="AWS/Lambda", name="IteratorAge", dimensions=_FUNCTION),
        statistic="Maximum",
        record_age_share=_LATE,
        meaning="Records are old when the function receives them. It cannot keep up with the stream.",
    ),
    "kinesis-iterator-age": AlarmRow(
        metric=Metric(namespace="AWS/Kinesis", name="GetRecords.IteratorAgeMilliseconds", dimensions=_STREAM),
        statistic="Maximum",
        record_age_share=_LATE,
        meaning="Records are old when they are read from the stream.",
    ),
    # A record that is read in the period after its arrival looks unread, and so does one that is counted late. One
    # such period is normal. Three within an hour are not.
    "records-unread": AlarmRow(
        metric=Metric(namespace="AWS/Kinesis", name="IncomingRecords", dimensions=_STREAM),
        unless=Metric(namespace="AWS/Lambda", name="PolledEventCount", dimensions=_MAPPING),
        period_seconds=300,
        periods=12,
        datapoints_to_alarm=3,
        meaning="Records arrive in the stream, but Lambda does not read them.",
    ),
    "kinesis-write-throttle": AlarmRow(
        metric=Metric(namespace="AWS/Kinesis", name="WriteProvisionedThroughputExceeded", dimensions=_STREAM),
        periods=_SUSTAINED,
        meaning="The stream throttles producers. They must send the rejected records again.",
    ),
    "records-failing": AlarmRow(
        metric=Metric(namespace="AWS/Lambda", name="FailedInvokeEventCount", dimensions=_MAPPING),
        periods=_SUSTAINED,
        meaning="Records keep failing and are retried. Those that exhaust their retries go to quarantine.",
    ),
    "records-dropped": AlarmRow(
        metric=Metric(namespace="AWS/Lambda", name="DroppedEventCount", dimensions=_MAPPING),
        meaning="Lambda dropped records that are not in quarantine. They are lost when the stream's retention ends.",
    ),
    "records-undelivered": AlarmRow(
        metric=Metric(namespace="AWS/Lambda", name="DestinationDeliveryFailures", dimensions=_FUNCTION),
        meaning="Lambda could not write failed records to the quarantine bucket.",
    ),
    # DynamoDB publishes no datapoint in a period without an event. The pages disagree on what an alarm in its namespace
    # then does. According to the user guide, treat_missing_data decides. According to the API reference, the alarm
    # keeps its state. FILL leaves no missing data, so the alarms on the table and the index return to OK either way.
    # docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
    # docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
    #
    # AWS publishes UserErrors without dimensions. With one, this alarm would never have a datapoint. It has no FILL:
    # for metric math on a metric without dimensions, the AWS provider plans a change right after the deployment.
    "dynamodb-throttle": AlarmRow(
        metric=Metric(namespace="AWS/DynamoDB", name="UserErrors"),
        threshold=5,
        meaning="Counts client errors (HTTP 400) of all DynamoDB requests in this account and Region, without throttled"
        " requests and failed conditions.",
    ),
    "dynamodb-write-throttle": AlarmRow(
        metric=Metric(namespace="AWS/DynamoDB", name="WriteThrottleEvents", dimensions=_TABLE),
        fill_missing=True,
        periods=_WINDOW,
        datapoints_to_alarm=_SUSTAINED,
        meaning="DynamoDB keeps throttling writes to the ledger.",
    ),
    "dynamodb-index-throttle": AlarmRow(
        metric=Metric(namespace="AWS/DynamoDB", name="WriteThrottleEvents", dimensions=_INDEX),
        fill_missing=True,
        periods=_WINDOW,
        datapoints_to_alarm=_SUSTAINED,
        meaning="DynamoDB keeps throttling the index by customer. This also delays writes to the ledger.",
    ),
    "transactions-rejected": AlarmRow(
        metric=Metric(namespace=METRIC_NAMESPACE, name="TransactionsRejected", dimensions=_FUNCTION),
        meaning="Records arrived that are not valid transactions. They are in quarantine.",
    ),
    "transactions-conflicting": AlarmRow(
        metric=Metric(namespace=METRIC_NAMESPACE, name="TransactionsConflicting", dimensions=_FUNCTION),
        meaning="A transaction arrived with the id of a different one. The ledger keeps the first.",
    ),
    # SQS stops reporting an inactive queue. The alarm must then keep its state, because the queue may not be empty.
    "dead-letter-depth": AlarmRow(
        metric=Metric(namespace="AWS/SQS", name="ApproximateNumberOfMessagesVisible", dimensions=("QueueName",)),
        statistic="Maximum",
        missing_data="ignore",
        meaning="The quarantine bucket has records that wait for a decision: replay or delete.",
    ),
    "quarantine-unannounced": AlarmRow(
        metric=Metric(namespace="AWS/Events", name="FailedInvocations", dimensions=("RuleName",)),
        meaning="EventBridge could not send a message about a quarantined record to the dead-letter queue.",
    ),
}
