"""Accounts for every sent record: in the ledger, in quarantine, among the dead letters, or missing."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

_CONFLICT = "conflict"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A record that Kinesis accepted; its sequence number identifies it everywhere."""

    transaction_id: str | None
    sequence_number: str
    put_at: float

    def __str__(self) -> str:
        """Return the transaction id, or the sequence number if the record has no readable id."""
        return self.transaction_id or f"record {self.sequence_number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """The attributes of a ledger item that accounting needs; `processed_at` is in epoch milliseconds."""

    transaction_id: str
    sequence_number: str
    processed_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """The records found in each place, by sequence number."""

    ledger: Mapping[str, Item] = field(default_factory=dict)
    quarantine: Mapping[str, str] = field(default_factory=dict)
    dead_letters: Collection[str] = ()
    duplicates_reported: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The sent records by outcome; each record is in exactly one list."""

    stored: Sequence[Sent]
    duplicates: Sequence[Sent]
    rejected: Sequence[Sent]
    conflicting: Sequence[Sent]
    dead_lettered: Sequence[Sent]
    unaccounted: Sequence[Sent]


def account(sent: Sequence[Sent], observed: Observed) -> Account:
    """Return each sent record in the list of its outcome.

    A duplicate leaves no item or object, so only the metric of the function confirms it. Duplicates beyond the
    number in that metric are unaccounted for.
    """
    stored_ids = {item.transaction_id for item in observed.ledger.values()}
    lists: dict[str, list[Sent]] = {name: [] for name in Account.__slots__}
    for record in sent:
        number = record.sequence_number
        if number in observed.ledger:
            lists["stored"].append(record)
        elif number in observed.quarantine:
            lists["conflicting" if observed.quarantine[number] == _CONFLICT else "rejected"].append(record)
        elif number in observed.dead_letters:
            lists["dead_lettered"].append(record)
        elif record.transaction_id in stored_ids:
            lists["duplicates"].append(record)
        else:
            lists["unaccounted"].append(record)
    confirmed = min(len(lists["duplicates"]), observed.duplicates_reported)
    lists["unaccounted"] += lists["duplicates"][confirmed:]
    del lists["duplicates"][confirmed:]
    return Account(**lists)
