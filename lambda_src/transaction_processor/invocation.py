"""One invocation: a batch of records in, the record from which on it must be delivered again out."""

import json
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol, TypedDict

from .backoff import Backoff
from .batch import Batch, LedgerLike, Outcome, QuarantineLike
from .metrics import embedded_metrics
from .records import Record, read_batch


class Context(Protocol):
    """What is used of the Lambda context."""

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


def _now() -> int:
    return time.time_ns() // 1_000_000


def _write(line: str) -> None:
    sys.stdout.write(f"{line}\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Everything outside of the function: the clock tells epoch milliseconds, sleep takes seconds."""

    ledger: LedgerLike
    quarantine: QuarantineLike
    clock: Callable[[], int] = _now
    sleep: Callable[[float], None] = time.sleep
    write: Callable[[str], None] = _write


def invoke(event: object, context: Context, world: World) -> Response:
    """Bring each record of the batch to its place and report the first that has to be delivered again.

    Raises:
        NotAKinesisBatchError: The event did not come from a stream.
        ServiceError: A service refused a call in a way that no retry mends; the whole batch is delivered again.
    """
    records = read_batch(event)
    batch = Batch(records, ledger=world.ledger, quarantine=world.quarantine, clock=world.clock)
    # Until the batch is settled, an error means that Lambda delivers all of it again.
    checkpoint: Record | None = next(iter(records), None)
    try:
        batch.settle(Backoff(context.get_remaining_time_in_millis, sleep=world.sleep))
        checkpoint = batch.first_unfinished
    finally:
        world.write(json.dumps(_report(batch, checkpoint, context, now=world.clock())))
    return {"batchItemFailures": [] if checkpoint is None else [{"itemIdentifier": checkpoint.sequence_number}]}


def _report(batch: Batch, checkpoint: Record | None, context: Context, *, now: int) -> Mapping[str, object]:
    """Return what the invocation logs, in one line, with nothing of any payload."""
    counts = batch.counts(checkpoint)
    return {
        **embedded_metrics(counts, function_name=context.function_name, timestamp=now),
        "timestamp": datetime.fromtimestamp(now / 1000, UTC).isoformat(timespec="milliseconds"),
        "level": "INFO" if checkpoint is None else "WARN",
        "message": "The batch is finished." if checkpoint is None else "The batch will be delivered again.",
        "requestId": context.aws_request_id,
        "records": len(batch.outcomes),
        "unfinished": batch.outcomes.count(None),
        "checkpoint": None if checkpoint is None else checkpoint.sequence_number,
        "redelivered": counts[Outcome.REDELIVERED],
        "setbacks": dict(batch.setbacks),
    }
