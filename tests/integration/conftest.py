"""The pipeline, deployed once per session, and a fixture for each of its parts."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from embedded_localstack import CallLog, Faults
from operations import cost
from operations.prices import HOURS_A_MONTH
from terraform_harness.deployments.deployment import Deployment
from terraform_harness.deployments.run import Run
from terraform_harness.probes import Alarm, Bucket, Inbox, Stream, Table, subscribed_inbox
from terraform_harness.synthesis import synthesize
from terraform_harness.targets.target import Target
from tests.integration.budgets import Budgets
from tests.integration.causes import BY_CAUSE, BY_CAUSE_ON_AWS, BY_STATE, alarm_on, trigger_alarms
from tests.integration.samples import Transaction, new_transaction
from tests.integration.turns import turn

PROJECT = Path(__file__).parent.parent.parent

# The first file disturbs every other test for minutes. The second checks the alarm history of the session.
LAST = ("test_alarms_on_aws.py", "test_alarm_history.py")

type Replay = Callable[..., subprocess.CompletedProcess[str]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the last files last."""
    items.sort(key=lambda item: LAST.index(item.path.name) + 1 if item.path.name in LAST else 0)


# Short names for the fixtures of the plugin.
@pytest.fixture(scope="session")
def run(terraform_run: Run) -> Run:
    return terraform_run


@pytest.fixture(scope="session")
def target(terraform_target: Target) -> Target:
    return terraform_target


@pytest.fixture(scope="session")
def deployment(terraform_deployment: Deployment) -> Deployment:
    return terraform_deployment


@pytest.fixture
def faults(localstack_faults: Faults) -> Faults:
    return localstack_faults


@pytest.fixture(scope="session")
def terraform_configuration(run: Run, pytestconfig: pytest.Config) -> Path:
    environment = {
        "ENVIRONMENT_SUFFIX": run.suffix,
        "EPHEMERAL": "true",
        "RUN_ID": run.run_id,
        "EXPIRES_AT": run.expires_at,
    }
    if pytestconfig.getoption("--tf-target") == "localstack":
        # LocalStack evaluates an alarm once per period. AWS has no datapoints for periods this short.
        environment["ALARM_PERIOD_SECONDS"] = "10"
        # LocalStack waits before each retry, longer each time and for all shards. Two retries show as much as fifty.
        environment["RETRY_ATTEMPTS"] = "2"
    else:
        # The age alarms use a quarter of this: ten minutes instead of an hour and a half.
        environment["RECORD_AGE_SECONDS"] = "2400"
    # The role of the nightly run cannot create roles without this boundary.
    if boundary := os.environ.get("PERMISSIONS_BOUNDARY"):
        environment["PERMISSIONS_BOUNDARY"] = boundary
    return synthesize(PROJECT, environment).stack_folder()


@pytest.fixture(scope="session")
def terraform_hourly_dollars(terraform_configuration: Path) -> float:
    """Return the hourly price of the idle stack."""
    resources = json.loads((terraform_configuration / "cdk.tf.json").read_text())["resource"]
    return sum(each.dollars for each in cost.fixed(resources)) / HOURS_A_MONTH


@pytest.fixture(scope="session")
def terraform_first_look() -> Callable[[Deployment], object]:
    """Return a function that reads what must be empty in a fresh deployment."""

    def look(deployment: Deployment) -> object:
        target = deployment.target
        queue = Inbox(client=target.client("sqs"), url=deployment.output("dead_letter_queue_url"))
        bucket = Bucket(client=target.client("s3"), name=deployment.output("quarantine_bucket_name"))
        alarms = target.client("cloudwatch").describe_alarms(
            AlarmTypes=["MetricAlarm", "CompositeAlarm"], StateValue="ALARM"
        )
        in_alarm = [alarm["AlarmName"] for alarm in (*alarms["MetricAlarms"], *alarms["CompositeAlarms"])]
        return {
            "dead_letter_queue": list(queue.messages()),
            "quarantine": list(bucket.keys()),
            "alarms": [name for name in in_alarm if name.endswith(deployment.run.suffix)],
        }

    return look


@pytest.fixture(scope="session")
def budgets(target: Target) -> Budgets:
    return Budgets.of(target)


@pytest.fixture
def alone(run: Run) -> Iterator[None]:
    """Keep other workers from changing the deployment or sending records during the test."""
    with turn(run):
        yield


@pytest.fixture(scope="session")
def calls(target: Target) -> CallLog:
    """Return the log of the API calls of functions."""
    if target.endpoint is None:
        pytest.skip("AWS has no log of the API calls of a function.")
    calls = CallLog(target.endpoint)
    if not calls.is_available:
        pytest.skip(
            f"The LocalStack at {target.endpoint} has no log of the API calls of functions. The embedded one has."
        )
    return calls


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
    """Return a time before the alarms were triggered."""
    return datetime.now(UTC)


@pytest.fixture(scope="session")
def alarms_before_tests(deployment: Deployment, run: Run) -> Sequence[str]:
    """Return the alarms that went to ALARM between the deployment and its first test."""
    seen = run.folder / "alarms-before-tests.json"
    with turn(run):
        if not seen.exists():
            alarms = [alarm_on(deployment, subject) for subject in (*BY_CAUSE, *BY_CAUSE_ON_AWS, *BY_STATE)]
            names = [alarm.name for alarm in alarms if any(change.state == "ALARM" for change in alarm.changes())]
            seen.write_text(json.dumps(names))
    before_tests: list[str] = json.loads(seen.read_text())
    return before_tests


@pytest.fixture(scope="session", autouse=True)
def subscriber(
    deployment: Deployment,
    budgets: Budgets,
    alarms_before_tests: Sequence[str],  # noqa: ARG001 - only to come before
    began: datetime,  # noqa: ARG001 - the same
) -> Iterator[Inbox]:
    """Subscribe a queue to the alarm topic, and trigger some alarms before the first test, because they need time."""
    topic, suffix = deployment.output("alarm_topic_arn"), deployment.run.suffix
    # A sweep finds the queue by its suffix. The role of the nightly run allows queues with this prefix.
    name = f"test-subscriber-t-{uuid4().hex[:8]}-{suffix}"
    with subscribed_inbox(deployment.target, topic_arn=topic, name=name, tags=deployment.run.tags) as inbox:
        trigger_alarms(deployment, budgets)
        yield inbox


@pytest.fixture
def replay(deployment: Deployment, quarantine: Bucket, stream: Stream) -> Replay:
    """Return a function that runs the replay command in the environment of the target."""

    def run(prefix: str, *options: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "operations", "replay", "--bucket", quarantine.name, "--stream", stream.name]
        return subprocess.run(
            [*command, "--prefix", prefix, *options],
            env=os.environ | deployment.target.environment,
            capture_output=True,
            text=True,
            check=True,
        )

    return run


@pytest.fixture
def transaction() -> Transaction:
    return new_transaction()
