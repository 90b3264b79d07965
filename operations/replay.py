"""Puts quarantined records back on the stream, those of the function and those of the event source mapping."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import batched
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from lambda_src.transaction_processor.errors import NotAKinesisBatchError
from lambda_src.transaction_processor.records import Record, read_batch

from .errors import QuarantineError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

PREFIXES = ("rejected/", "aws/lambda/")
"""Where the function puts records that can never be stored, and Lambda those whose retries are used up."""

_OBJECTS_AT_A_TIME = 100


@dataclass(kw_only=True)
class Replayed:
    """How far a replay is; `unknown` are keys of objects that hold no records, which stay where they are."""

    objects: int = 0
    records: int = 0
    unknown: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarantineBucket:
    """The bucket as a replay sees it; each method raises QuarantineError when the bucket does not answer."""

    client: "S3Client"
    name: str

    def keys(self, prefixes: Iterable[str]) -> Sequence[str]:
        """Return the keys of all objects below the prefixes."""
        with self._errors():
            paginator = self.client.get_paginator("list_objects_v2")
            return [
                entry["Key"]
                for prefix in prefixes
                for page in paginator.paginate(Bucket=self.name, Prefix=prefix)
                for entry in page.get("Contents", [])
            ]

    def records(self, key: str) -> Sequence[Record]:
        """Return the records of an object, none if it was not written by the pipeline."""
        with self._errors():
            body = self.client.get_object(Bucket=self.name, Key=key)["Body"].read()
        try:
            match json.loads(body):
                case {"record": record}:
                    return read_batch({"Records": [record]})
                # Lambda's documentation shows the whole event as a text, LocalStack writes it as an object.
                case {"payload": str(event)}:
                    return read_batch(json.loads(event))
                case {"payload": event}:
                    return read_batch(event)
                case _:
                    return []
        except (ValueError, NotAKinesisBatchError):
            return []

    def delete(self, key: str) -> None:
        """Delete an object; the bucket is versioned, so it can be restored."""
        with self._errors():
            self.client.delete_object(Bucket=self.name, Key=key)

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except (BotoCoreError, ClientError) as error:
            raise QuarantineError(bucket=self.name, reason=str(error)) from error


def replay(
    bucket: QuarantineBucket,
    put: Callable[[Sequence[Record]], None],
    *,
    prefixes: Iterable[str] = PREFIXES,
    dry_run: bool = False,
    on_progress: Callable[[Replayed], None],
) -> Replayed:
    """Hand every record below the prefixes to `put`, whole, and then delete its object; a dry run only counts.

    An object is deleted when all its records were put, so a replay that was interrupted is simply run again: the
    ledger stores a transaction once, however often it comes.

    Raises:
        QuarantineError: The bucket cannot be read, or an object cannot be deleted.
    """
    replayed = Replayed()
    # The whole list first: what comes back to quarantine while the replay runs must not go round again.
    for keys in batched(bucket.keys(prefixes), _OBJECTS_AT_A_TIME, strict=False):
        found = {key: records for key in keys if (records := bucket.records(key))}
        records = [record for its_records in found.values() for record in its_records]
        if not dry_run:
            put(records)
            for key in found:
                bucket.delete(key)
        replayed.objects += len(found)
        replayed.records += len(records)
        replayed.unknown += [key for key in keys if key not in found]
        on_progress(replayed)
    return replayed
