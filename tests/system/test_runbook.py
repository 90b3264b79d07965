"""Rehearsals of the runbook on LocalStack: first day, Object Lock, restores, and the end of an environment.

The tests of one environment run in the order of the file, and each leaves the environment intact for the next one.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from embedded_localstack import LocalStack
from terraform_harness import eventually
from tests.system.operator_shell import OperatorShell
from tests.system.rehearsal import WITHIN_SECONDS, listed, received, stop, store
from tests.system.restored_tables import items_of, protection_of, restored

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

pytestmark = [pytest.mark.slow, pytest.mark.localstack("the tests start their own LocalStack")]

SUFFIX = "prod-rehearsal"
BUCKET = f"transaction-quarantine-{SUFFIX}-000000000000"
PRODUCTION = {
    "ENVIRONMENT_SUFFIX": SUFFIX,
    "LOCAL_STATE": "true",
    "QUARANTINE_RETENTION_DAYS": "30",
    "QUARANTINE_LOCK_DAYS": "7",
}
RESTORED = f"transactions-restored-{SUFFIX}"


@pytest.fixture(scope="module")
def localstack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    with LocalStack(tmp_path_factory.mktemp("localstack"), services=["dynamodb", "kinesis", "lambda"]) as running:
        yield running


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory, localstack: LocalStack) -> OperatorShell:
    return OperatorShell.deployed(tmp_path_factory.mktemp("production"), localstack, PRODUCTION)


@pytest.fixture(scope="module")
def dynamodb(localstack: LocalStack) -> "DynamoDBClient":
    return localstack.client("dynamodb")


def test_first_day_commands_show_a_healthy_environment(production: OperatorShell) -> None:
    queue = production.terraform("output -raw dead_letter_queue_url")
    state, listing, send, _ = production.blocks("## First day")

    found = production.run(state).split()
    before = production.run(listing)
    production.run(send)
    key = listed(production, listing)
    message = received(production.localstack, queue)
    production.run(production.blocks("## First day", object=key, queue=queue)[3])

    assert found == ["Enabled", "ENABLED"]
    assert before == "None"
    assert key.startswith("rejected/")
    assert key in message
    assert production.run(listing) == "None"


def test_records_that_exhaust_their_retries_are_locked(production: OperatorShell) -> None:
    _, find, _, send, listing, _, restore = production.blocks("## Quarantine retention")
    _, _, throttle, *_ = production.blocks("## Quarantine retention", uuid=production.run(find))
    production.run(throttle)
    production.run(send)
    key = listed(production, listing)
    *_, look, _ = production.blocks("## Quarantine retention", object=key)

    mode = production.run(look)

    assert mode == "GOVERNANCE"
    production.run(restore)
    production.terraform("apply")


def test_deletion_of_a_locked_object_can_be_undone(production: OperatorShell) -> None:
    s3, key = production.localstack.client("s3"), "rejected/shard/1.json"
    s3.put_object(Bucket=BUCKET, Key=key, Body=b"{}")
    marker = s3.delete_object(Bucket=BUCKET, Key=key)["VersionId"]
    undo, *_ = production.blocks("## Quarantine retention", object=key, marker=marker)

    found = production.run(undo)

    assert found.startswith(f"{key}\t{marker}")
    assert s3.get_object(Bucket=BUCKET, Key=key)["Body"].read() == b"{}"


def test_restored_table_becomes_the_ledger(production: OperatorShell, dynamodb: "DynamoDBClient") -> None:
    """The ledger has a wrong item and lacks one. Two items arrived later, and one record is still on the stream."""
    ledger = production.terraform("output -raw dynamodb_table_name")
    store(production, dynamodb, ledger, ["wrong", "missing", "on-stream", "old"])
    good = items_of(dynamodb, ledger)
    dynamodb.put_item(TableName=ledger, Item=good["old"] | {"transactionId": {"S": "copied"}})
    copied = items_of(dynamodb, ledger)["copied"]
    dynamodb.put_item(TableName=ledger, Item=good["wrong"] | {"digest": {"S": "0"}})
    dynamodb.delete_item(TableName=ledger, Key={"transactionId": {"S": "missing"}})
    stop(production)
    described = dynamodb.describe_table(TableName=ledger)["Table"]
    restored(dynamodb, RESTORED, described, [good[id_] for id_ in ("wrong", "missing", "old")])
    _, _, _, compare, copy, plan, apply, delete = production.blocks("### Restore to a time", ledger=ledger)

    differences = production.run(compare)
    (production.folder / "ids.txt").write_text("copied\n")
    production.run(copy)
    planned = production.run(plan)
    production.run(apply)
    production.settings["LEDGER_TABLE"] = RESTORED

    found = eventually(
        lambda: items_of(dynamodb, RESTORED),
        until=lambda found: "on-stream" in found,
        what="the record on the stream is stored again",
        within=WITHIN_SECONDS,
    )
    assert columns(differences) == (["copied", "on-stream", "wrong"], ["missing", "wrong"])
    assert "1 to add" in planned
    assert "0 to destroy" in planned
    assert {id_: item["digest"] for id_, item in found.items()} == {
        id_: item["digest"] for id_, item in {**good, "copied": copied}.items()
    }
    assert protection_of(dynamodb, RESTORED) == (True, "ENABLED")
    production.run(delete)
    assert dynamodb.list_tables()["TableNames"] == [RESTORED]


def test_deleted_table_returns_as_the_ledger(production: OperatorShell, dynamodb: "DynamoDBClient") -> None:
    ledger = production.terraform("output -raw dynamodb_table_name")
    store(production, dynamodb, ledger, ["kept"])
    stop(production)
    kept = items_of(dynamodb, ledger)
    dynamodb.update_table(TableName=ledger, DeletionProtectionEnabled=False)
    described = dynamodb.describe_table(TableName=ledger)["Table"]
    dynamodb.delete_table(TableName=ledger)
    restored(dynamodb, ledger, described, kept.values())
    _, _, plan, import_, apply = production.blocks("### Restore a deleted table", ledger=ledger)

    planned = production.run(plan)
    production.terraform("state rm aws_dynamodb_table.ledger_table_BE9C0D06")
    planned_after_import = production.run(import_)
    production.run(apply)

    assert "0 to destroy" in planned
    assert "0 to destroy" in planned_after_import
    assert items_of(dynamodb, ledger) == kept
    assert protection_of(dynamodb, ledger) == (True, "ENABLED")


def test_cancelled_deletion_leaves_the_key_as_it_was(production: OperatorShell) -> None:
    kms, key = production.localstack.client("kms"), production.terraform("output -raw kms_key_id")
    kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=30)
    cancel, _ = production.blocks("### Restore the key", key=key)
    planned_before = production.terraform("plan")

    shown = production.run(cancel)

    assert "aws_kms_key.key_F64E54E4 will be created" in planned_before
    assert shown.startswith("PendingDeletion")
    assert kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "Enabled"
    assert "# aws_kms_key" not in production.terraform("plan")


def test_deleted_key_of_terraform_is_imported(production: OperatorShell) -> None:
    key = production.terraform("output -raw kms_key_id")
    production.terraform("state rm aws_kms_key.key_F64E54E4")
    _, import_ = production.blocks("### Restore the key", key=key)

    production.run(import_)

    assert "will be created" not in production.terraform("plan")


def test_production_is_retired_without_its_key(production: OperatorShell, dynamodb: "DynamoDBClient") -> None:
    production.localstack.client("s3").put_object(Bucket=BUCKET, Key="rejected/shard/locked.json", Body=b"{}")
    unprotect, destroy, _ = production.blocks("### Retire production")
    planned = production.run(unprotect)

    key = production.run(destroy).splitlines()[0].strip('"')

    kms = production.localstack.client("kms")
    before = kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"]
    production.run(production.blocks("### Retire production", key=key)[2])
    assert "0 to add" in planned
    assert "0 to destroy" in planned
    assert production.terraform("state list") == ""
    assert dynamodb.list_tables()["TableNames"] == []
    assert production.localstack.client("s3").list_buckets()["Buckets"] == []
    assert (before, kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"]) == ("Enabled", "PendingDeletion")


def test_test_environment_is_retired(tmp_path: Path, localstack: LocalStack, dynamodb: "DynamoDBClient") -> None:
    settings = {"ENVIRONMENT_SUFFIX": "rehearsal", "LOCAL_STATE": "true", "QUARANTINE_LOCK_DAYS": "7"}
    development = OperatorShell.deployed(tmp_path, localstack, settings)
    bucket = "transaction-quarantine-rehearsal-000000000000"
    localstack.client("s3").put_object(Bucket=bucket, Key="rejected/shard/locked.json", Body=b"{}")
    (retire,) = development.blocks("### Retire a test environment")

    development.run(retire)

    assert development.terraform("state list") == ""
    assert "transactions-rehearsal" not in dynamodb.list_tables()["TableNames"]


def columns(differences: str) -> tuple[list[str], list[str]]:
    """Return the ids in the two columns that comm prints."""
    lines = [line.split("\t") for line in differences.splitlines()]
    return [line[0] for line in lines if line[0]], [line[1] for line in lines if not line[0]]
