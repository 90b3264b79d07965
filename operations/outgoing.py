"""A record to send, with its expected outcome."""

from dataclasses import dataclass
from typing import Literal

type Outcome = Literal["stored", "duplicate", "rejected", "conflicting"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A record to send; `transaction_id` is None if the record has no readable one."""

    transaction_id: str | None
    data: bytes
    partition_key: str
    expected: Outcome
