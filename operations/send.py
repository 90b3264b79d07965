"""Puts records on the stream, all of them, in as few calls as Kinesis allows."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from random import uniform
from typing import TYPE_CHECKING, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from .errors import SendError

if TYPE_CHECKING:
    from mypy_boto3_kinesis import KinesisClient
    from mypy_boto3_kinesis.type_defs import PutRecordsRequestEntryTypeDef

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


def send(
    client: "KinesisClient",
    stream_name: str,
    outgoing: Iterable[Sendable],
    *,
    on_progress: Callable[[int], None],
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Put the records on the stream, and tell `on_progress` each time how many more were taken.

    Records of one partition key arrive in order, unless Kinesis refuses some of a call: those follow later.

    Raises:
        SendError: Kinesis refused the call itself, or took none of its records ten times in a row.
    """
    sent = 0
    for call in _calls(outgoing):
        left: Sequence[PutRecordsRequestEntryTypeDef] = call
        failures = 0
        while left:
            try:
                refused, reason = _put(client, stream_name, left)
            except (BotoCoreError, ClientError) as error:
                raise SendError(stream=stream_name, sent=sent, left=len(left), reason=str(error)) from error
            taken = len(left) - len(refused)
            failures = 0 if taken else failures + 1
            if failures == _ATTEMPTS:
                raise SendError(stream=stream_name, sent=sent, left=len(left), reason=reason)
            sent += taken
            on_progress(taken)
            left = refused
            if left:
                longest = min(_LONGEST_PAUSE, _SHORTEST_PAUSE * 2**failures)
                sleep(uniform(0, longest))  # noqa: S311 - spreads the load, hides nothing


def _put(
    client: "KinesisClient", stream_name: str, entries: "Sequence[PutRecordsRequestEntryTypeDef]"
) -> "tuple[Sequence[PutRecordsRequestEntryTypeDef], str]":
    """Return the entries that Kinesis did not take, and the reason that it gave for the last of them."""
    answers = client.put_records(StreamName=stream_name, Records=entries)["Records"]
    refused = [entry for entry, answer in zip(entries, answers, strict=True) if "ErrorCode" in answer]
    reasons = [f"{answer['ErrorCode']}: {answer.get('ErrorMessage')}" for answer in answers if "ErrorCode" in answer]
    return refused, reasons[-1] if reasons else ""


def _calls(outgoing: Iterable[Sendable]) -> "Iterator[Sequence[PutRecordsRequestEntryTypeDef]]":
    """Yield as many records at a time as one call takes."""
    call: list[PutRecordsRequestEntryTypeDef] = []
    size = 0
    for record in outgoing:
        weight = len(record.data) + len(record.partition_key.encode())
        if call and (len(call) == _RECORDS_PER_CALL or size + weight > _BYTES_PER_CALL):
            yield call
            call, size = [], 0
        call.append({"Data": record.data, "PartitionKey": record.partition_key})
        size += weight
    if call:
        yield call
