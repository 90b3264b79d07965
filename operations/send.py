"""Puts records on the stream, all of them, in as few calls as Kinesis allows."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from random import uniform
from typing import TYPE_CHECKING, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from .errors import SendError

if TYPE_CHECKING:
    from mypy_boto3_kinesis import KinesisClient
    from mypy_boto3_kinesis.type_defs import PutRecordsRequestEntryTypeDef, PutRecordsResultEntryTypeDef

# Limits of one PutRecords call, a little below the 5 MiB that it may have in all.
# https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html
_RECORDS_PER_CALL = 500
_BYTES_PER_CALL = 5_000_000

_ATTEMPTS = 10
_SHORTEST_PAUSE = 0.1
_LONGEST_PAUSE = 5.0


class Sendable(Protocol):
    """What can be sent: `Outgoing` for one."""

    @property
    def data(self) -> bytes:
        """The record's bytes."""

    @property
    def partition_key(self) -> str:
        """The key by which Kinesis chooses the shard and keeps the order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt[T: Sendable]:
    """A record that the stream has taken, and the sequence number that it gave it."""

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
    """Put the records on the stream, and tell `on_progress` after each call which were taken.

    Records of one partition key arrive in order, unless Kinesis refuses some of a call: those follow later.

    Raises:
        SendError: Kinesis refused the call itself, or took none of its records ten times in a row.
    """
    sent = 0
    for call in _calls(outgoing):
        left = call
        failures = 0
        while left:
            try:
                answers = _put(client, stream_name, left)
            except (BotoCoreError, ClientError) as error:
                raise SendError(stream=stream_name, sent=sent, left=len(left), reason=str(error)) from error
            taken, left = _sorted(left, answers)
            failures = 0 if taken else failures + 1
            if failures == _ATTEMPTS:
                raise SendError(stream=stream_name, sent=sent, left=len(left), reason=_reason(answers))
            sent += len(taken)
            on_progress(taken)
            if left:
                longest = min(_LONGEST_PAUSE, _SHORTEST_PAUSE * 2**failures)
                sleep(uniform(0, longest))  # noqa: S311 - spreads the load, hides nothing


def _calls[T: Sendable](outgoing: Iterable[T]) -> Iterator[Sequence[T]]:
    """Yield as many records at a time as one call takes."""
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
    records: Sequence[T], answers: "Sequence[PutRecordsResultEntryTypeDef]"
) -> tuple[Sequence[Receipt[T]], Sequence[T]]:
    """Return the receipts of the records that were taken, and the records that were not."""
    pairs = list(zip(records, answers, strict=True))
    return (
        [
            Receipt(record=record, sequence_number=answer["SequenceNumber"])
            for record, answer in pairs
            if "ErrorCode" not in answer
        ],
        [record for record, answer in pairs if "ErrorCode" in answer],
    )


def _reason(answers: "Sequence[PutRecordsResultEntryTypeDef]") -> str:
    last = answers[-1]
    return f"{last.get('ErrorCode')}: {last.get('ErrorMessage')}"
