"""The records of a Kinesis event."""

from base64 import b64decode
from collections.abc import Sequence
from typing import NamedTuple

from .errors import NotAKinesisBatchError


class Record(NamedTuple):
    """One record of the stream; `source` is its unchanged entry in the event, for quarantine."""

    sequence_number: str
    shard_id: str
    partition_key: str
    data: bytes
    source: object

    @property
    def position(self) -> int:
        """The record's position in its shard."""
        return int(self.sequence_number)


def read_batch(event: object) -> Sequence[Record]:
    """Return the event's records in the order of the stream.

    Raises:
        NotAKinesisBatchError: The event does not come from a Kinesis event source mapping.
    """
    match event:
        case {"Records": list(entries)}:
            return [_record(index, entry) for index, entry in enumerate(entries)]
        case _:
            raise NotAKinesisBatchError("it has no list of Records")


def _record(index: int, entry: object) -> Record:
    match entry:
        case {
            "eventSource": "aws:kinesis",
            "eventID": str(event_id),
            "kinesis": {"sequenceNumber": str(number), "partitionKey": str(key), "data": str(data)},
        } if number.isascii() and number.isdigit():
            try:
                decoded = b64decode(data, validate=True)
            except ValueError:
                raise NotAKinesisBatchError(f"the data of record {index} is not base64") from None
            return Record(
                sequence_number=number,
                shard_id=event_id.partition(":")[0],
                partition_key=key,
                data=decoded,
                source=entry,
            )
        case _:
            raise NotAKinesisBatchError(f"record {index} did not come from a Kinesis stream")
