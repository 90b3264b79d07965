"""Steps of the rehearsals of the runbook, with the waits that the runbook asks for."""

import json
from typing import TYPE_CHECKING

from embedded_localstack import LocalStack
from terraform_harness import eventually
from tests.system.operator_shell import OperatorShell
from tests.system.restored_tables import items_of

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

WITHIN_SECONDS = 180
# The runbook extends the retention of the stream to this.
_RETENTION_HOURS = 168


def listed(shell: OperatorShell, listing: str) -> str:
    """Run a listing of the bucket until it shows an object, and return the key of the first one."""
    found = eventually(
        lambda: shell.run(listing),
        until=lambda found: found != "None",
        what="an object is in quarantine",
        within=WITHIN_SECONDS,
    )
    return found.splitlines()[0].split("\t")[-1]


def received(localstack: LocalStack, queue: str) -> str:
    """Return the first message of a queue."""
    sqs = localstack.client("sqs")
    messages = eventually(
        lambda: sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=1).get("Messages", []),
        until=bool,
        what="a message is in the queue",
        within=WITHIN_SECONDS,
    )
    return messages[0]["Body"]


def store(shell: OperatorShell, dynamodb: "DynamoDBClient", ledger: str, ids: list[str]) -> None:
    """Send transactions, and wait until the ledger has them."""
    common = {"customerId": "customer-1", "amount": "1.5", "currency": "EUR", "timestamp": "2026-11-23T12:00:00Z"}
    lines = [json.dumps({"transactionId": id_, **common}) for id_ in ids]
    (shell.folder / "transactions.jsonl").write_text("\n".join(lines))
    stream = shell.terraform("output -raw kinesis_stream_name")
    shell.run(f"python -m operations send transactions.jsonl --stream {stream}")
    eventually(
        lambda: items_of(dynamodb, ledger).keys(),
        until=lambda found: found >= set(ids),
        what=f"the ledger has {ids}",
        within=WITHIN_SECONDS,
    )


def stop(shell: OperatorShell) -> None:
    """Stop the function as the runbook describes."""
    find, *_ = shell.blocks("### Restore to a time")
    _, delete, *_ = shell.blocks("### Restore to a time", uuid=shell.run(find))
    delete_mapping, keep_records = delete.splitlines()
    shell.run(delete_mapping)
    eventually(
        lambda: shell.run(find), until=lambda found: not found, what="the mapping is deleted", within=WITHIN_SECONDS
    )
    kinesis, stream = shell.localstack.client("kinesis"), shell.terraform("output -raw kinesis_stream_name")
    summary = kinesis.describe_stream_summary(StreamName=stream)["StreamDescriptionSummary"]
    if summary["RetentionPeriodHours"] < _RETENTION_HOURS:
        shell.run(keep_records)
