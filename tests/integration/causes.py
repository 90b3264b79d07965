"""What makes alarms ring."""

from harness.demo.alarm import fail_the_function
from harness.deployment import Deployment
from harness.probes import Alarm
from modules.naming import METRIC_NAMESPACE

RUNG_BY_CAUSE = [
    "dead-letter-depth",
    "lambda-errors",
    "pipeline-health",
    "transactions-conflicting",
    "transactions-rejected",
]


def make_alarms_ring(deployment: Deployment) -> None:
    """Fail the function, send it a record to quarantine, and publish datapoints as its logs do on AWS."""
    target = deployment.target
    cloudwatch = target.client("cloudwatch")
    for subject in RUNG_BY_CAUSE:
        # An alarm that rings already, because of an earlier session, would say nothing new.
        alarm = Alarm(client=cloudwatch, name=f"{subject}-{deployment.run.suffix}")
        alarm.set_state("OK", "The tests are about to make it ring.")
    fail_the_function(deployment)
    target.client("kinesis").put_record(
        StreamName=deployment.output("kinesis_stream_name"), Data=b"no transaction", PartitionKey="tests"
    )
    dimensions = [{"Name": "FunctionName", "Value": deployment.output("lambda_function_name")}]
    cloudwatch.put_metric_data(
        Namespace=METRIC_NAMESPACE,
        MetricData=[
            {"MetricName": name, "Dimensions": dimensions, "Value": 1, "Unit": "Count"}
            for name in ("TransactionsRejected", "TransactionsConflicting")
        ],
    )
