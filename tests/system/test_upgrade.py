"""The last release becomes this version, and everything that it held is still there."""

import json
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path

import pytest

from terraform_harness.deployments.deployment import Deployment, deployed
from terraform_harness.deployments.run import Run
from terraform_harness.deployments.store import RunStore
from terraform_harness.deployments.upgrade import upgraded
from terraform_harness.polling import eventually
from terraform_harness.probes import Bucket, Stream, Table
from terraform_harness.synthesis import synthesize
from terraform_harness.targets.target import Target
from terraform_harness.terraform.known_drift import LOCALSTACK_DRIFT, assert_no_drift
from tools import release

PROJECT = Path(__file__).parents[2]
WITHIN_SECONDS = 120

pytestmark = pytest.mark.localstack("two versions of a stack take twice as long on AWS")


@pytest.fixture
def own_run(tmp_path: Path, terraform_target: Target) -> Iterator[Run]:
    store = RunStore(tmp_path)
    with store.temporary() as run:
        yield store.assign(run, terraform_target)


@pytest.fixture
def settings(own_run: Run) -> dict[str, str]:
    return {
        "ENVIRONMENT_SUFFIX": own_run.suffix,
        "EPHEMERAL": "true",
        "RUN_ID": own_run.run_id,
        "EXPIRES_AT": own_run.expires_at,
    }


@pytest.fixture
def released(own_run: Run, terraform_target: Target, settings: dict[str, str], tmp_path: Path) -> Iterator[Deployment]:
    configuration = release.copied(release.last(), tmp_path / "released", settings)
    with deployed(configuration, own_run, terraform_target) as deployment:
        yield deployment


def test_the_last_release_becomes_this_version_and_loses_nothing(
    released: Deployment, settings: dict[str, str]
) -> None:
    send(released, "before", b"broken before")
    uuid, function = mapping_of(released)

    after = upgraded(released, synthesize(PROJECT, settings).stack_folder())
    send(after, "after", b"broken after")

    assert_no_drift(after.terraform, LOCALSTACK_DRIFT)
    assert held(after) == {"before", b"broken before", "after", b"broken after"}
    assert mapping_of(after) == (uuid, f"{function}:live-{after.run.suffix}")


def send(deployment: Deployment, transaction_id: str, broken: bytes) -> None:
    """Send a transaction and an invalid record, and wait for the ledger and the quarantine to hold them."""
    stream = Stream(client=deployment.target.client("kinesis"), name=deployment.output("kinesis_stream_name"))
    transaction = {
        "transactionId": transaction_id,
        "customerId": "customer-1",
        "amount": "1.5",
        "currency": "EUR",
        "timestamp": "2026-11-23T12:00:00Z",
    }
    stream.put(json.dumps(transaction).encode())
    stream.put(broken)
    eventually(
        lambda: held(deployment),
        until=lambda found: {transaction_id, broken} <= found,
        what=f"transaction {transaction_id!r} is in the ledger, and {broken!r} in quarantine",
        within=WITHIN_SECONDS,
    )


def mapping_of(deployment: Deployment) -> tuple[str, str]:
    """Return the UUID of the event source mapping, and the ARN of the function or alias that it invokes."""
    (mapping,) = deployment.target.client("lambda").list_event_source_mappings(
        EventSourceArn=deployment.output("kinesis_stream_arn")
    )["EventSourceMappings"]
    return mapping["UUID"], mapping["FunctionArn"]


def held(deployment: Deployment) -> set[str | bytes]:
    """Return the ids in the ledger and the records in quarantine."""
    target = deployment.target
    table = Table(client=target.client("dynamodb"), name=deployment.output("dynamodb_table_name"), key="transactionId")
    bucket = Bucket(client=target.client("s3"), name=deployment.output("quarantine_bucket_name"))
    return {id_ for id_ in ("before", "after") if table.item(id_)} | {
        b64decode(one["record"]["kinesis"]["data"]) for one in bucket.contents("rejected/")
    }
