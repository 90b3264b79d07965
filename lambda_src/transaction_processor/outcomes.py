"""The possible outcomes of a record. All are final, except Retry."""

from dataclasses import dataclass
from typing import ClassVar

from .errors import RejectionCode

# These are dataclasses, because named tuples of different types can be equal.


@dataclass(frozen=True, slots=True)
class Stored:
    """The ledger has a new item for the record."""


@dataclass(frozen=True, slots=True)
class Duplicate:
    """The ledger has the same transaction from another record."""


@dataclass(frozen=True, slots=True)
class Conflicting:
    """The ledger has another transaction with the same transactionId; quarantine has the record."""

    code: ClassVar[str] = "conflict"
    reason: ClassVar[str] = "the ledger has another transaction with the same transactionId"


@dataclass(frozen=True, slots=True)
class Rejected:
    """The record can never be stored; quarantine has it."""

    code: RejectionCode
    reason: str


@dataclass(frozen=True, slots=True)
class Redelivered:
    """An earlier delivery of the same record had a final outcome, and counted it."""


@dataclass(frozen=True, slots=True)
class Retry:
    """The last attempt failed, and another one may succeed."""

    code: str


type Outcome = Stored | Duplicate | Conflicting | Rejected | Redelivered | Retry
