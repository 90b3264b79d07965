"""Sends records to the stream, in as few calls as Kinesis allows."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from random import uniform
from typing import TYPE_CHECKING, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from operations.errors import SendError
from operations.remedies import explain, remedy

if TYPE_CHECKING:
    from mypy_boto3_kinesis import KinesisClient
    from mypy_boto3_kinesis.type_defs import PutRecordsRequestEntryTypeDef, PutRecordsResultEntryTypeDef

# Limits of one PutRecords call; the size stays a little below the 5 MiB that Kinesis accepts.
# https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html
_RECORDS_PER_CALL = 500
_BYTES_PER_CALL = 5_000_000

_ATTEMPTS = 10
_SHORTEST_PAUSE = 0.1
_LONGEST_PAUSE = 5.0


class Sendable(Protocol):
    """A record that can be sent, such as `Outgoing`."""

    @property
    def data(self) -> bytes:
        """The record's bytes."""

    @property
    def partition_key(self) -> str:
        """The key that determines the shard, and the records that stay in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt[T: Sendable]:
    """A sent record, with the sequence number that Kinesis assigned."""

    record: T
    sequence_number: str


def send[T: Sendable](
    client: "KinesisClient",
    stream_name: str,
    outgoing: Iterable[T],
    *,
    on_progress: Callable[[Sequence[Receipt[T]]], None],
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Send the records, and pass the receipts of each call to `on_progress`.

    Records of one partition key arrive in order, unless Kinesis rejects some records of a call: those are sent again
    later.

    Raises:
        SendError: A call failed, or Kinesis rejected all its records ten times in a row.
    """
    sent = 0
    for call in _calls(outgoing):
        unsent = call
        failures = 0
        while unsent:
            try:
                results = _put(client, stream_name, unsent)
            except (BotoCoreError, ClientError) as error:
                reason, hint = explain(error)
                raise SendError(stream=stream_name, sent=sent, reason=reason, remedy=hint) from error
            receipts, unsent = _sorted(unsent, results)
            failures = 0 if receipts else failures + 1
            if failures == _ATTEMPTS:
                last = results[-1]
                raise SendError(
                    stream=stream_name,
                    sent=sent,
                    reason=f"Kinesis rejected the records with {last.get('ErrorCode')}: {last.get('ErrorMessage')}",
                    remedy=remedy(last.get("ErrorCode", "")),
                )
            sent += len(receipts)
            on_progress(receipts)
            if unsent:
                longest = min(_LONGEST_PAUSE, _SHORTEST_PAUSE * 2**failures)
                sleep(uniform(0, longest))  # noqa: S311 - jitter, not a secret


def _calls[T: Sendable](outgoing: Iterable[T]) -> Iterator[Sequence[T]]:
    """Yield the records in groups, each as large as one call may be."""
    call: list[T] = []
    size = 0
    for record in outgoing:
        weight = len(record.data) + len(record.partition_key.encode())
        if call and (len(call) == _RECORDS_PER_CALL or size + weight > _BYTES_PER_CALL):
            yield call
            call, size = [], 0
        call.append(record)
        size += weight
    if call:
        yield call


def _put(
    client: "KinesisClient", stream_name: str, records: Sequence[Sendable]
) -> "Sequence[PutRecordsResultEntryTypeDef]":
    entries: Sequence[PutRecordsRequestEntryTypeDef] = [
        {"Data": record.data, "PartitionKey": record.partition_key} for record in records
    ]
    return client.put_records(StreamName=stream_name, Records=entries)["Records"]


def _sorted[T: Sendable](
    records: Sequence[T], results: "Sequence[PutRecordsResultEntryTypeDef]"
) -> tuple[Sequence[Receipt[T]], Sequence[T]]:
    """Return the receipts of the accepted records, and the rejected records."""
    pairs = list(zip(records, results, strict=True))
    return (
        [
            Receipt(record=record, sequence_number=result["SequenceNumber"])
            for record, result in pairs
            if "ErrorCode" not in result
        ],
        [record for record, result in pairs if "ErrorCode" in result],
    )
