"""A batch of records on the way to their places: the ledger, a duplicate of what is there, or quarantine.

Nothing is lost and nothing is stored twice, whatever fails: a record is finished only when the service that keeps it
has said so, and the batch is delivered again from the first record that is not.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from enum import StrEnum
from typing import Protocol, assert_never

from .backoff import Backoff
from .errors import RejectedError, UnavailableError
from .item import Item, ledger_item
from .ledger import CALL_LIMIT, Answer, Inserted, Occupied, Refused
from .records import Record
from .schedule import Schedule
from .transaction import Transaction, parse


class Outcome(StrEnum):
    """The place that a record has reached."""

    STORED = "stored"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"
    CONFLICTING = "conflicting"
    REDELIVERED = "redelivered"
    """An earlier delivery of this very record has reached its place, and was counted there."""


class LedgerLike(Protocol):
    """Where transactions are stored: see `ledger.Ledger`."""

    def insert(self, items: Sequence[Item], time_is_left: Callable[[], bool], /) -> Sequence[Answer]:
        """Try once, while time is left, to insert items with different transactionIds; return an answer for each."""


class QuarantineLike(Protocol):
    """Where records wait that can never be stored: see `quarantine.Quarantine`."""

    def keep(self, record: Record, rejection: RejectedError) -> bool:
        """Write the record; return whether it is new there."""


class Batch:
    """The records of one invocation, and what has become of each (None: not finished)."""

    def __init__(
        self,
        records: Sequence[Record],
        *,
        ledger: LedgerLike,
        quarantine: QuarantineLike,
        clock: Callable[[], int],
    ) -> None:
        self._records = records
        self._contents = [_content(record) for record in records]
        self._ledger = ledger
        self._quarantine = quarantine
        self._clock = clock
        self._started = clock()
        self.outcomes: list[Outcome | None] = [None] * len(records)
        self.setbacks: Counter[str] = Counter()

    @property
    def first_unfinished(self) -> Record | None:
        """The first record, in the order of the stream, that has not reached its place."""
        unfinished = [record for record, outcome in zip(self._records, self.outcomes, strict=True) if outcome is None]
        return min(unfinished, key=lambda record: record.position, default=None)

    def counts(self, checkpoint: Record | None) -> Counter[Outcome]:
        """Return how many records came to each place by this delivery; from the checkpoint on, there is another.

        A duplicate leaves no trace, so one that is delivered again is counted by that delivery and not by this one.
        """
        return Counter(
            outcome
            for record, outcome in zip(self._records, self.outcomes, strict=True)
            if outcome is not None
            and (outcome is not Outcome.DUPLICATE or checkpoint is None or record.position < checkpoint.position)
        )

    def settle(self, backoff: Backoff) -> None:
        """Bring every record to its place, or as many as the services take in the time that is left.

        Raises:
            ServiceError: A service refused a call in a way that no retry mends.
        """
        schedule = Schedule([_lanes(*pair) for pair in zip(self._records, self._contents, strict=True)])
        while backoff.time_is_left and (turn := schedule.take(CALL_LIMIT)):
            setbacks = 0
            for position, result in self._attempt(turn, backoff):
                if isinstance(result, UnavailableError):
                    self.setbacks[result.code] += 1
                    setbacks += 1
                    schedule.put_back(position)
                else:
                    self.outcomes[position] = result
                    schedule.finish(position)
            backoff.after(attempts=len(turn), setbacks=setbacks)

    def _attempt(self, turn: Sequence[int], backoff: Backoff) -> Iterator[tuple[int, Outcome | UnavailableError]]:
        items: dict[int, Item] = {}
        rejections: dict[int, RejectedError] = {}
        for position in turn:
            try:
                items[position] = self._item(position)
            except RejectedError as rejection:
                rejections[position] = rejection
        answers = self._ledger.insert(list(items.values()), lambda: backoff.time_is_left) if items else []
        for (position, item), answer in zip(items.items(), answers, strict=True):
            result = self._judge(position, item, answer)
            if isinstance(result, RejectedError):
                rejections[position] = result
            else:
                yield position, result
        for position, reason in rejections.items():
            yield position, self._reject(position, reason, backoff)

    def _item(self, position: int) -> Item:
        content = self._contents[position]
        if isinstance(content, RejectedError):
            raise content
        return ledger_item(content, sequence_number=self._records[position].sequence_number, processed_at=self._clock())

    def _judge(self, position: int, item: Item, answer: Answer) -> Outcome | RejectedError | UnavailableError:
        match answer:
            case Inserted():
                return Outcome.STORED
            case Occupied(digest=digest) if {"S": digest} != item["digest"]:
                return RejectedError("conflict", "the ledger holds another transaction under its transactionId")
            case Occupied(sequence_number=number) if number != self._records[position].sequence_number:
                return Outcome.DUPLICATE
            case Occupied(processed_at=processed_at):
                # The record itself is there: an answer to this delivery was lost, or an earlier delivery stored it.
                return Outcome.STORED if processed_at >= self._started else Outcome.REDELIVERED
            case Refused(reason=reason):
                return RejectedError("not-storable", f"the ledger refuses it: {reason}")
            case UnavailableError():
                return answer
            case _:
                assert_never(answer)

    def _reject(self, position: int, rejection: RejectedError, backoff: Backoff) -> Outcome | UnavailableError:
        if not backoff.time_is_left:
            return UnavailableError("The invocation", "OutOfTime")
        try:
            is_new = self._quarantine.keep(self._records[position], rejection)
        except UnavailableError as unavailable:
            return unavailable
        if not is_new:
            return Outcome.REDELIVERED
        return Outcome.CONFLICTING if rejection.code == "conflict" else Outcome.REJECTED


def _content(record: Record) -> Transaction | RejectedError:
    try:
        return parse(record.data)
    except RejectedError as rejection:
        return rejection


def _lanes(record: Record, content: Transaction | RejectedError) -> Sequence[Hashable]:
    """Return what the record shares with records that it must not overtake."""
    key = ("partition key", record.partition_key)
    return [key] if isinstance(content, RejectedError) else [key, ("transactionId", content.transaction_id)]
