"""The processing of one batch: each record is stored, recognized as a duplicate, or quarantined.

A record has its final outcome only after DynamoDB or S3 confirmed it. Lambda delivers the batch again from the first
record without one. So a failure at any moment neither loses a record nor stores it twice.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from functools import partial
from itertools import batched
from typing import assert_never

from .backoff import Backoff
from .dependencies import ExecutorLike, LedgerLike, QuarantineLike
from .errors import RejectedError
from .item import Item, ledger_item
from .ledger import CALL_LIMIT, Answer, Existing
from .outcomes import Conflicting, Duplicate, Outcome, Redelivered, Rejected, Retry, Stored
from .records import Record
from .schedule import Schedule
from .transaction import Transaction, parse


class BatchProcessor:
    """The records of one invocation and their outcomes so far, in the same order."""

    def __init__(
        self,
        records: Sequence[Record],
        *,
        ledger: LedgerLike,
        quarantine: QuarantineLike,
        executor: ExecutorLike,
        clock: Callable[[], int],
    ) -> None:
        self._records = records
        self._contents = [_content(record) for record in records]
        self._ledger = ledger
        self._quarantine = quarantine
        self._executor = executor
        self._clock = clock
        self._started = clock()
        self.outcomes: list[Outcome] = [Retry("NotAttempted")] * len(records)
        self.transient_failures: Counter[str] = Counter()

    @property
    def first_unfinished(self) -> Record | None:
        """The first record of the shard that has no final outcome."""
        unfinished = [
            record for record, outcome in zip(self._records, self.outcomes, strict=True) if isinstance(outcome, Retry)
        ]
        return min(unfinished, key=lambda record: record.position, default=None)

    def counts(self, checkpoint: Record | None) -> Counter[type[Outcome]]:
        """Return the number of records by outcome; Lambda delivers the batch again from the checkpoint.

        A duplicate is not recorded anywhere. After the checkpoint, the next delivery counts it, and this one does not.
        """
        return Counter(
            type(outcome)
            for record, outcome in zip(self._records, self.outcomes, strict=True)
            if not isinstance(outcome, Duplicate) or checkpoint is None or record.position < checkpoint.position
        )

    def process(self, backoff: Backoff) -> None:
        """Bring every record to its final outcome, or as many as the remaining time allows.

        Each round attempts as many records as the executor can insert at the same time. No two records of a round
        share an ordering key, so its calls may run in any order.

        Raises:
            ServiceError: A service refused a call, and a retry cannot help.
        """
        schedule = Schedule([_ordering_keys(*pair) for pair in zip(self._records, self._contents, strict=True)])
        while backoff.has_time and (indexes := schedule.take(CALL_LIMIT * self._executor.limit)):
            failures = 0
            for index, outcome in self._attempt(indexes, backoff):
                self.outcomes[index] = outcome
                match outcome:
                    case Retry(code=code):
                        self.transient_failures[code] += 1
                        failures += 1
                        schedule.put_back(index)
                    case Stored() | Duplicate() | Conflicting() | Rejected() | Redelivered():
                        schedule.finish(index)
                    case _:
                        assert_never(outcome)
            backoff.pause_after(attempts=len(indexes), failures=failures)

    def _attempt(self, indexes: Sequence[int], backoff: Backoff) -> Iterator[tuple[int, Outcome]]:
        """Yield the outcome of one attempt for each record, those for quarantine last."""
        inserts = [partial(self._insert, chunk, backoff) for chunk in batched(indexes, CALL_LIMIT, strict=False)]
        puts = []
        for outcomes in self._executor.run_all(inserts):
            for index, outcome in outcomes:
                if isinstance(outcome, Conflicting | Rejected):
                    puts.append(partial(self._put, index, outcome, backoff))
                else:
                    yield index, outcome
        yield from self._executor.run_all(puts)

    # The executor runs the following methods concurrently. They change no attribute of the processor.

    def _insert(self, indexes: Sequence[int], backoff: Backoff) -> Sequence[tuple[int, Outcome]]:
        """Try once to insert up to 25 records; return their outcomes, before those for quarantine are written there."""
        if not backoff.has_time:
            return [(index, Retry("OutOfTime")) for index in indexes]
        items: dict[int, Item] = {}
        outcomes: list[tuple[int, Outcome]] = []
        for index in indexes:
            item = self._item(index)
            if isinstance(item, Rejected):
                outcomes.append((index, item))
            else:
                items[index] = item
        answers = self._ledger.insert(list(items.values()), lambda: backoff.has_time) if items else []
        for (index, item), answer in zip(items.items(), answers, strict=True):
            outcomes.append((index, self._outcome(index, item, answer)))
        return outcomes

    def _put(self, index: int, rejection: Conflicting | Rejected, backoff: Backoff) -> tuple[int, Outcome]:
        """Try once to write the record to quarantine; return its outcome."""
        if not backoff.has_time:
            return index, Retry("OutOfTime")
        return index, self._quarantine.put(self._records[index], rejection)

    def _item(self, index: int) -> Item | Rejected:
        content = self._contents[index]
        if isinstance(content, Rejected):
            return content
        sequence_number = self._records[index].sequence_number
        try:
            return ledger_item(content, sequence_number=sequence_number, processed_at=self._clock())
        except RejectedError as error:
            return Rejected(error.code, error.reason)

    def _outcome(self, index: int, item: Item, answer: Answer) -> Outcome:
        match answer:
            case Stored() | Rejected() | Retry():
                return answer
            case Existing(digest=digest) if digest != item["digest"]["S"]:
                return Conflicting()
            case Existing(sequence_number=number) if number != self._records[index].sequence_number:
                return Duplicate()
            case Existing(processed_at=processed_at):
                # It is this record: an earlier delivery stored it, or this one did and its response was lost.
                return Stored() if processed_at >= self._started else Redelivered()
            case _:
                assert_never(answer)


def _content(record: Record) -> Transaction | Rejected:
    try:
        return parse(record.data)
    except RejectedError as error:
        return Rejected(error.code, error.reason)


def _ordering_keys(record: Record, content: Transaction | Rejected) -> Sequence[Hashable]:
    """Return the keys that keep records in order: the partition key, and the transactionId if there is one."""
    partition_key = ("partition key", record.partition_key)
    return (
        [partition_key] if isinstance(content, Rejected) else [partition_key, ("transactionId", content.transaction_id)]
    )
