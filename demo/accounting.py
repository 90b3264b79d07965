"""Finds every record that was sent: in the ledger, in quarantine, with the dead letters, or nowhere."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

_CONFLICT = "conflict"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A record that Kinesis took; its sequence number is what it is followed by."""

    transaction_id: str | None
    sequence_number: str
    put_at: float

    def __str__(self) -> str:
        """The id, or the sequence number of a record that is so broken that it has none."""
        return self.transaction_id or f"record {self.sequence_number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What the accounting reads of a ledger item; `processed_at` is in epoch milliseconds."""

    transaction_id: str
    sequence_number: str
    processed_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """Where records were seen, by sequence number."""

    ledger: Mapping[str, Item] = field(default_factory=dict)
    quarantine: Mapping[str, str] = field(default_factory=dict)
    dead_letters: Collection[str] = ()
    duplicates_reported: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Each sent record in exactly one list."""

    stored: Sequence[Sent]
    duplicates: Sequence[Sent]
    rejected: Sequence[Sent]
    conflicting: Sequence[Sent]
    dead_lettered: Sequence[Sent]
    unaccounted: Sequence[Sent]


def account(sent: Sequence[Sent], seen: Observed) -> Account:
    """Put each sent record into the one list that it belongs to.

    A repeat leaves no trace of its own, so the function's metric has to vouch for it: as many repeats as it did not
    report as duplicates are unaccounted for.
    """
    kept_ids = {item.transaction_id for item in seen.ledger.values()}
    lists: dict[str, list[Sent]] = {name: [] for name in Account.__slots__}
    for record in sent:
        number = record.sequence_number
        if number in seen.ledger:
            lists["stored"].append(record)
        elif number in seen.quarantine:
            lists["conflicting" if seen.quarantine[number] == _CONFLICT else "rejected"].append(record)
        elif number in seen.dead_letters:
            lists["dead_lettered"].append(record)
        elif record.transaction_id in kept_ids:
            lists["duplicates"].append(record)
        else:
            lists["unaccounted"].append(record)
    silent = max(0, len(lists["duplicates"]) - seen.duplicates_reported)
    lists["unaccounted"] += lists["duplicates"][len(lists["duplicates"]) - silent :]
    del lists["duplicates"][len(lists["duplicates"]) - silent :]
    return Account(**lists)
