"""Random streams of records, random faults, and a fake event source mapping."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from hypothesis import strategies as st

from tests.unit.lambda_src.fakes import FunctionUnderTest, kinesis_entry

BROKEN = (b"", b"{", b"[]", b'{"transactionId": "tx-1"}', b'{"a": 1, "a": 1}', b"\xff", b"NaN")
"""Records that can never be stored, for different reasons."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A record of a stream; `meaning` is its number and amount, equal for the same transaction, None if broken."""

    number: int
    partition_key: str
    data: bytes
    meaning: tuple[int, int] | None

    @property
    def transaction_id(self) -> str | None:
        return None if self.meaning is None else f"tx-{self.meaning[0]}"

    @property
    def entry(self) -> Mapping[str, Any]:
        return kinesis_entry(self.number, self.data, self.partition_key)


@st.composite
def records(draw: st.DrawFn) -> Sequence[Sent]:
    """Draw a stream with new, repeated, conflicting and broken transactions under a few partition keys."""
    length = draw(st.integers(1, 30))
    ids = st.integers(1, draw(st.integers(1, length)))
    sent = []
    for number in range(1, length + 1):
        key = draw(st.sampled_from(["ada", "bob", "eve"]))
        if draw(st.integers(0, 9)) == 0:
            sent.append(Sent(number=number, partition_key=key, data=draw(st.sampled_from(BROKEN)), meaning=None))
        else:
            meaning = (draw(ids), draw(st.sampled_from([1, 1, 1, 2])))
            sent.append(Sent(number=number, partition_key=key, data=_spelled(draw, *meaning), meaning=meaning))
    return sent


def _spelled(draw: st.DrawFn, id_: int, amount: int) -> bytes:
    """Draw one of the spellings of the transaction."""
    fields = {
        "transactionId": f"tx-{id_}",
        "customerId": "customer-1",
        "amount": draw(st.sampled_from([amount, f"{amount}.00", f"{amount}e0"])),
        "currency": "EUR",
        "timestamp": draw(st.sampled_from([1_790_000_000_000, "2026-09-21T14:13:20Z", "2026-09-21T16:13:20+02:00"])),
    }
    names = draw(st.permutations(sorted(fields)))
    return json.dumps({name: fields[name] for name in names}, indent=draw(st.sampled_from([None, 1]))).encode()


class CrashError(Exception):
    """A crash of the execution environment in the middle of an invocation."""


@dataclass(kw_only=True)
class RandomFaults:
    """Faults of each kind with a probability."""

    seed: int
    throttles: float = 0.0
    lost_responses: float = 0.0
    refusals: float = 0.0
    crashes: float = 0.0

    def __post_init__(self) -> None:
        self._random = Random(self.seed)  # noqa: S311 - chance, not secrecy

    def __call__(self, stage: str) -> str | None:
        if self._random.random() < self.crashes:
            raise CrashError
        match stage:
            case "statement":
                return self._sometimes(self.throttles, "ThrottlingError")
            case "call":
                return self._sometimes(self.refusals, "AccessDenied") or self._sometimes(self.throttles, "SlowDown")
            case _:
                return self._sometimes(self.lost_responses, "ReadTimeoutError")

    def _sometimes(self, probability: float, code: str) -> str | None:
        return code if self._random.random() < probability else None


@dataclass(kw_only=True)
class FakeEventSourceMapping:
    """Delivers the batches of a shard in order, retries from the checkpoint, and bisects a batch after an error.

    https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html
    """

    function: FunctionUnderTest
    batch_size: int
    retries: int
    dead_letters: list[Sent] = field(default_factory=list)

    def deliver(self, stream: Sequence[Sent]) -> None:
        """Deliver the records of a shard until each is processed or has exhausted its retries."""
        for start in range(0, len(stream), self.batch_size):
            self._deliver(stream[start : start + self.batch_size], self.retries)

    def _deliver(self, batch: Sequence[Sent], retries: int) -> None:
        try:
            failed = self.function.invoke([record.entry for record in batch])
        except Exception:  # noqa: BLE001 - Lambda does not distinguish between exceptions
            half = len(batch) // 2
            if half:
                self._deliver(batch[:half], retries)
                self._deliver(batch[half:], retries)
                return
            unfinished = batch
        else:
            numbers = [str(record.number) for record in batch]
            unfinished = batch[min(map(numbers.index, failed), default=len(batch)) :]
        if unfinished and retries:
            self._deliver(unfinished, retries - 1)
        else:
            self.dead_letters.extend(unfinished)
