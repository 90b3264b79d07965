"""A rehearsal of the rollback in docs/runbook.md: a version crashes, and after the rollback every record arrives."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from embedded_localstack import CallLog
from terraform_harness import Deployment, eventually
from terraform_harness.probes import Alarm, Bucket, Inbox, Stream, Table, subscribed_inbox
from tests.integration.budgets import Budgets
from tests.integration.causes import BEFORE
from tests.integration.changes import failing_function, patient_mapping
from tests.integration.samples import encode, new_transaction
from tests.runbook import AwsCommand, commands

pytestmark = [pytest.mark.localstack, pytest.mark.aws]

RECORDS = 20


@pytest.fixture
def crash(alone: None, deployment: Deployment, budgets: Budgets) -> Iterator[None]:  # noqa: ARG001 - to come before
    """Deploy a version that crashes, and let the mapping retry until the rollback."""
    endpoint = deployment.target.endpoint
    if endpoint is not None and not CallLog(endpoint).is_available:
        pytest.skip(f"The LocalStack at {endpoint} reads the stream again from its start when a mapping is changed.")
    with patient_mapping(deployment, budgets), failing_function(deployment, budgets):
        yield


@pytest.fixture
def notifications(deployment: Deployment, error_alarm: Alarm) -> Iterator[Inbox]:
    """Subscribe a new queue to the topic, which receives no earlier notification of the alarm."""
    topic, suffix = deployment.output("alarm_topic_arn"), deployment.run.suffix
    error_alarm.set_state("OK", BEFORE)
    name = f"test-subscriber-t-{uuid4().hex[:8]}-{suffix}"
    with subscribed_inbox(deployment.target, topic_arn=topic, name=name, tags=deployment.run.tags) as inbox:
        yield inbox


@pytest.mark.usefixtures("crash")
def test_rollback_stores_every_record_of_the_version_that_crashed(  # noqa: PLR0913, PLR0917 - fixtures
    deployment: Deployment,
    notifications: Inbox,
    error_alarm: Alarm,
    stream: Stream,
    ledger: Table,
    quarantine: Bucket,
    budgets: Budgets,
) -> None:
    ids = [send(stream) for _ in range(RECORDS)]
    rejected = quarantine.keys()
    eventually(
        lambda: notifications.has_alarm(error_alarm.name),
        until=bool,
        what=f"the notification of alarm {error_alarm.name} arrived",
        within=budgets.alarm,
    )
    stored_before = stored(ledger, ids)

    roll_back(deployment)

    eventually(
        lambda: stored(ledger, ids),
        until=lambda found: found == ids,
        what="every record is in the ledger",
        within=budgets.retries,
        describe=len,
    )
    assert stored_before == []
    assert quarantine.keys() == rejected


@pytest.mark.slow  # Terraform runs twice, and its provider takes seconds to start
@pytest.mark.usefixtures("alone")
def test_next_deployment_moves_the_alias_to_the_newest_version(deployment: Deployment) -> None:
    functions, terraform = deployment.target.client("lambda"), deployment.terraform
    name, alias = deployment.output("lambda_function_name"), f"live-{deployment.run.suffix}"
    functions.update_alias(FunctionName=name, Name=alias, FunctionVersion="$LATEST")

    terraform.apply(targets=[each for each in terraform.plan().addresses if each.startswith("aws_lambda_alias.")])

    versions = [each["Version"] for each in functions.list_versions_by_function(FunctionName=name)["Versions"]]
    assert functions.get_alias(FunctionName=name, Name=alias)["FunctionVersion"] == versions[-1] != "$LATEST"


def send(stream: Stream) -> str:
    """Send a new transaction with its id as the partition key, and return the id."""
    transaction = new_transaction()
    id_ = str(transaction["transactionId"])
    stream.put(encode(transaction), key=id_)
    return id_


def stored(ledger: Table, ids: list[str]) -> list[str]:
    """Return the ids that are in the ledger."""
    return [id_ for id_ in ids if ledger.item(id_)]


def roll_back(deployment: Deployment) -> None:
    """Run the commands of the runbook: find the version before the live one, and move the alias to it."""
    client = deployment.target.client
    find_live, find_versions, *_ = commands("Roll back", {"s": deployment.run.suffix})
    live = AwsCommand.parse(find_live).run(client)
    versions = [version for version, _ in AwsCommand.parse(find_versions).run(client)]

    good = versions[versions.index(live) - 1]

    *_, move, _ = commands("Roll back", {"s": deployment.run.suffix, "version": good})
    AwsCommand.parse(move).run(client)
