"""The function's entry point: a batch of Kinesis records in, the first one that must be delivered again out."""

import os
import sys
import time
from functools import cache
from typing import TYPE_CHECKING, Protocol, TypedDict

import boto3
from botocore.config import Config

from .backoff import Backoff
from .batch import Batch, Outcome
from .ledger import Ledger
from .metrics import summary
from .quarantine import Quarantine
from .records import read_batch
from .settings import read_settings

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class Context(Protocol):
    """What the function uses of the Lambda context."""

    aws_request_id: str
    function_name: str

    def get_remaining_time_in_millis(self) -> int:
        """Return the time until Lambda ends the invocation."""


class ItemFailure(TypedDict):
    """The record from which on Lambda delivers the batch again."""

    itemIdentifier: str


class Response(TypedDict):
    """What the event source mapping expects, whether anything failed or not."""

    batchItemFailures: list[ItemFailure]


def handle(event: object, context: Context) -> Response:
    """Bring each record of the batch to its place and report the first that has to be delivered again.

    Raises:
        NotAKinesisBatchError: The event did not come from a stream.
        ServiceError: A service refused a call in a way that no retry mends; the whole batch is delivered again.
    """
    records = read_batch(event)
    batch = Batch(records, ledger=_ledger(), quarantine=_quarantine())
    try:
        batch.settle(Backoff(context.get_remaining_time_in_millis))
    finally:
        _report(batch, len(records), context)
    checkpoint = batch.checkpoint
    return {"batchItemFailures": [{"itemIdentifier": checkpoint.sequence_number}] if checkpoint else []}


def _report(batch: Batch, size: int, context: Context) -> None:
    checkpoint = batch.checkpoint
    counts = batch.counts
    facts = {
        "level": "WARN" if checkpoint else "INFO",
        "message": "The batch is not finished and will be delivered again." if checkpoint else "The batch is finished.",
        "requestId": context.aws_request_id,
        "records": size,
        "unfinished": batch.outcomes.count(None),
        "redelivered": counts.get(Outcome.REDELIVERED, 0),
        "checkpoint": checkpoint and checkpoint.sequence_number,
        "setbacks": dict(batch.setbacks),
    }
    line = summary(counts, function_name=context.function_name, timestamp=int(time.time() * 1000), facts=facts)
    sys.stdout.write(line + "\n")


# Clients are made by the first batch and kept for the sandbox's life: an import has no effects. A call is short and
# is not repeated by the SDK, because only the batch knows how much time is left and what else is waiting.
_CONFIG = Config(connect_timeout=1, read_timeout=3, retries={"total_max_attempts": 1})


@cache
def _ledger() -> Ledger:
    return Ledger(boto3.client("dynamodb", config=_CONFIG), read_settings(os.environ).ledger_table)


@cache
def _quarantine() -> Quarantine:
    settings = read_settings(os.environ)
    return Quarantine(_s3, bucket=settings.quarantine_bucket, owner=settings.quarantine_owner)


@cache
def _s3() -> "S3Client":
    # Most batches have nothing to reject, so most sandboxes never pay for this client.
    return boto3.client("s3", config=_CONFIG)
