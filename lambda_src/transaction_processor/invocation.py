"""One invocation: reads a batch, processes it, logs the metrics, and returns the response for Lambda."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Protocol, TypedDict

from .backoff import Backoff
from .batch_processor import BatchProcessor
from .dependencies import Dependencies
from .errors import ServiceError
from .metrics import embedded_metrics
from .outcomes import Redelivered, Retry
from .records import Record, read_batch

_PAUSE_AFTER_CRASH_SECONDS = 5.0


class Context(Protocol):
    """The part of the Lambda context that the function uses."""

    aws_request_id: str
    function_name: str

    def get_remaining_time_in_millis(self) -> int:
        """Return the milliseconds until Lambda stops the invocation."""


class ItemFailure(TypedDict):
    """A reference to one record by its sequence number."""

    itemIdentifier: str


class Response(TypedDict):
    """The response to an event source mapping with ReportBatchItemFailures; an empty list is a success."""

    batchItemFailures: list[ItemFailure]


def invoke(event: object, context: Context, dependencies: Dependencies) -> Response:
    """Process each record of the batch, and report the first one that Lambda must deliver again.

    After an error, Lambda delivers the whole batch again, and each delivery uses up a retry. AWS documents no pause
    before it, so the function pauses itself. A refused call is usually an outage for all records, such as a missing
    permission: the pause takes the remaining time. Any other error is usually caused by one record: the pause is short,
    so that the record soon exhausts its retries. docs/adr/0007-retries.md has the reasons for both.

    Raises:
        NotAKinesisBatchError: The event is not a batch of Kinesis records.
        ServiceError: A service refused a call, and a retry cannot help.
    """
    records = read_batch(event)
    backoff = Backoff(context.get_remaining_time_in_millis, sleep=dependencies.sleep)
    try:
        return _process(records, context, dependencies, backoff)
    except ServiceError:
        backoff.pause()
        raise
    except Exception:
        backoff.pause(at_most=_PAUSE_AFTER_CRASH_SECONDS)
        raise


def _process(records: Sequence[Record], context: Context, dependencies: Dependencies, backoff: Backoff) -> Response:
    processor = BatchProcessor(
        records,
        ledger=dependencies.ledger,
        quarantine=dependencies.quarantine,
        executor=dependencies.executor,
        clock=dependencies.clock,
    )
    # If processing raises an error, Lambda delivers the whole batch again.
    checkpoint: Record | None = next(iter(records), None)
    try:
        processor.process(backoff)
        checkpoint = processor.first_unfinished
    finally:
        dependencies.write(json.dumps(_report(processor, checkpoint, context, now=dependencies.clock())))
    return {"batchItemFailures": [] if checkpoint is None else [{"itemIdentifier": checkpoint.sequence_number}]}


def _report(
    processor: BatchProcessor, checkpoint: Record | None, context: Context, *, now: int
) -> Mapping[str, object]:
    """Return the fields of the invocation's only log line, which contain no payload."""
    counts = processor.counts(checkpoint)
    return {
        **embedded_metrics(counts, function_name=context.function_name, timestamp=now),
        "timestamp": datetime.fromtimestamp(now / 1000, UTC).isoformat(timespec="milliseconds"),
        "level": "INFO" if checkpoint is None else "WARN",
        "message": "The batch is finished." if checkpoint is None else "The batch will be delivered again.",
        "requestId": context.aws_request_id,
        "records": len(processor.outcomes),
        "unfinished": counts[Retry],
        "checkpoint": None if checkpoint is None else checkpoint.sequence_number,
        "redelivered": counts[Redelivered],
        # The field keeps its first name: log queries depend on it.
        "setbacks": dict(processor.transient_failures),
    }
