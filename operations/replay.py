"""Puts quarantined records back on the stream."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import batched

from lambda_src.transaction_processor.records import Record
from modules.naming import LAMBDA_PREFIX, REJECTED_PREFIX
from operations.quarantine import QuarantineBucket

# The function writes rejected records, and Lambda writes batches that exhausted their retries.
PREFIXES = (REJECTED_PREFIX, LAMBDA_PREFIX)

_OBJECTS_AT_A_TIME = 100


@dataclass(kw_only=True)
class Replayed:
    """The progress of a replay; `unknown` has the keys of objects without records, which are not deleted."""

    objects: int = 0
    records: int = 0
    unknown: list[str] = field(default_factory=list)


def replay(
    bucket: QuarantineBucket,
    put: Callable[[Sequence[Record]], None],
    *,
    prefixes: Iterable[str] = PREFIXES,
    dry_run: bool = False,
    on_progress: Callable[[Replayed], None],
) -> Replayed:
    """Pass all records below the prefixes to `put`, and delete their objects; a dry run only counts.

    An object is deleted after all its records were put. An interrupted replay can simply be run again, because the
    ledger stores each transaction once.

    Raises:
        QuarantineError: The bucket cannot be read, or an object cannot be deleted.
    """
    replayed = Replayed()
    # All keys are listed first: a record that returns to quarantine during the replay must not be replayed again.
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
