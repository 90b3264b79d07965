"""A record on its way to the stream, with what is known to become of it."""

from dataclasses import dataclass
from typing import Literal

type Fate = Literal["stored", "duplicate", "rejected", "conflicting"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A record to send; `transaction_id` is None where the record is too broken to have one."""

    transaction_id: str | None
    data: bytes
    partition_key: str
    expected: Fate
