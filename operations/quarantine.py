"""Reads the objects of the quarantine bucket, those of the function and those of the event source mapping."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from lambda_src.transaction_processor.errors import NotAKinesisBatchError
from lambda_src.transaction_processor.records import Record, read_batch
from operations.errors import QuarantineError
from operations.remedies import explain

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarantineBucket:
    """The quarantine bucket; its methods raise QuarantineError when a call of S3 fails."""

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
        """Return the records of an object; an object that the pipeline did not write has no records."""
        with self._errors():
            body = self.client.get_object(Bucket=self.name, Key=key)["Body"].read()
        try:
            return records_of(json.loads(body))
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
            reason, remedy = explain(error)
            raise QuarantineError(bucket=self.name, reason=reason, remedy=remedy) from error


def records_of(content: object) -> Sequence[Record]:
    """Return the records in the parsed content of an object.

    Raises:
        NotAKinesisBatchError: The content is not a record or batch of a Kinesis stream.
        ValueError: The event in the content is not JSON.
    """
    match content:
        case {"record": record}:
            return read_batch({"Records": [record]})
        # The documentation of Lambda shows the event as text. LocalStack writes an object.
        case {"payload": str(event)}:
            return read_batch(json.loads(event))
        case {"payload": event}:
            return read_batch(event)
        case _:
            return []
