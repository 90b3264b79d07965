"""The pipeline, deployed once for the whole session, and looks into each of its parts."""

import json
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from harness.deployment import Deployment
from harness.probes import Alarm, Bucket, Inbox, Stream, Table, subscribed_inbox
from harness.runs import Run
from harness.synthesis import synthesize
from operations import cost
from operations.prices import HOURS_A_MONTH
from tests.integration.causes import make_alarms_ring

PROJECT = Path(__file__).parent.parent.parent

type Transaction = dict[str, object]


@pytest.fixture(scope="session")
def terraform_configuration(run: Run, pytestconfig: pytest.Config) -> Path:
    environment = {"ENVIRONMENT_SUFFIX": run.suffix, "RUN_ID": run.run_id, "EXPIRES_AT": run.expires_at}
    if pytestconfig.getoption("--target") == "localstack":
        # LocalStack looks at an alarm once a period; AWS has no datapoints in so short a one.
        environment["ALARM_PERIOD_SECONDS"] = "10"
    # Who deploys to AWS at night may create no role without it.
    if boundary := os.environ.get("PERMISSIONS_BOUNDARY"):
        environment["PERMISSIONS_BOUNDARY"] = boundary
    return synthesize(PROJECT, environment).stack_folder()


@pytest.fixture(scope="session")
def hourly_dollars(terraform_configuration: Path) -> float:
    """What the stack costs while nothing happens."""
    resources = json.loads((terraform_configuration / "cdk.tf.json").read_text())["resource"]
    return sum(each.dollars for each in cost.fixed(resources)) / HOURS_A_MONTH


@pytest.fixture(scope="session")
def first_look() -> Callable[[Deployment], object]:
    """What a fresh deployment must keep silent about."""

    def look(deployment: Deployment) -> object:
        target = deployment.target
        queue = Inbox(client=target.client("sqs"), url=deployment.output("dead_letter_queue_url"))
        bucket = Bucket(client=target.client("s3"), name=deployment.output("quarantine_bucket_name"))
        alarms = target.client("cloudwatch").describe_alarms(
            AlarmTypes=["MetricAlarm", "CompositeAlarm"], StateValue="ALARM"
        )
        ringing = [alarm["AlarmName"] for alarm in (*alarms["MetricAlarms"], *alarms["CompositeAlarms"])]
        return {
            "dead_letter_queue": list(queue.messages()),
            "quarantine": list(bucket.keys()),
            "ringing_alarms": [name for name in ringing if name.endswith(deployment.run.suffix)],
        }

    return look


@pytest.fixture(scope="session")
def stream(deployment: Deployment) -> Stream:
    return Stream(client=deployment.target.client("kinesis"), name=deployment.output("kinesis_stream_name"))


@pytest.fixture(scope="session")
def ledger(deployment: Deployment) -> Table:
    name = deployment.output("dynamodb_table_name")
    return Table(client=deployment.target.client("dynamodb"), name=name, key="transactionId")


@pytest.fixture(scope="session")
def quarantine(deployment: Deployment) -> Bucket:
    return Bucket(client=deployment.target.client("s3"), name=deployment.output("quarantine_bucket_name"))


@pytest.fixture(scope="session")
def dead_letter_queue(deployment: Deployment) -> Inbox:
    return Inbox(client=deployment.target.client("sqs"), url=deployment.output("dead_letter_queue_url"))


@pytest.fixture(scope="session")
def error_alarm(deployment: Deployment) -> Alarm:
    return Alarm(client=deployment.target.client("cloudwatch"), name=deployment.output("lambda_error_alarm_name"))


@pytest.fixture(scope="session")
def began() -> datetime:
    """When the alarms were made to ring, or just before."""
    return datetime.now(UTC)


@pytest.fixture(scope="session", autouse=True)
def subscriber(deployment: Deployment, began: datetime) -> Iterator[Inbox]:  # noqa: ARG001 - only to come before
    """Hears the alarms. Some are made to ring before the first test: an alarm takes a period or two to notice."""
    topic = deployment.output("alarm_topic_arn")
    name = f"test-{uuid4().hex[:8]}-{deployment.run.suffix}"
    with subscribed_inbox(deployment.target, topic_arn=topic, name=name) as inbox:
        make_alarms_ring(deployment)
        yield inbox


@pytest.fixture
def transaction() -> Transaction:
    return {
        "transactionId": f"tx-{uuid4()}",
        "customerId": "customer-1",
        "amount": "12345678901234567890.123456789",
        "currency": "EUR",
        "timestamp": "2026-11-23T12:00:00+01:00",
        "note": "Grüße 🧾",
    }


@pytest.fixture(scope="session")
def encoded() -> Callable[[Transaction], bytes]:
    return lambda transaction: json.dumps(transaction).encode()
