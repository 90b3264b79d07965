"""Concurrent calls with random durations and faults: order, exactly once, the time budget, the end of all threads."""

import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from lambda_src.transaction_processor.errors import ServiceError
from lambda_src.transaction_processor.executor import ThreadExecutor
from tests.property.streams import FakeEventSourceMapping, RandomFaults, Sent
from tests.property.test_exactly_once import SEEDS, expected_outcomes, found_outcomes, stop_faults
from tests.unit.lambda_src.fakes import FakeDynamoDB, FakeS3, FunctionUnderTest, transaction
from tests.unit.lambda_src.virtual_threads import VirtualThreads

LIMITS = st.sampled_from([2, 3, 8])
PROBABILITIES = st.sampled_from([0.0, 0.05, 0.4])
RESERVE = 10_000

untimed = settings(max_examples=25, deadline=None)

throttling = st.builds(RandomFaults, seed=SEEDS, throttles=PROBABILITIES)
all_faults = st.builds(
    RandomFaults,
    seed=SEEDS,
    throttles=PROBABILITIES,
    lost_responses=PROBABILITIES,
    refusals=st.sampled_from([0.0, 0.03]),
    crashes=st.sampled_from([0.0, 0.01]),
)


def wide_stream(seed: int) -> Sequence[Sent]:
    """Return 150 records under 60 partition keys, so that a round has several calls."""
    random = Random(seed)  # noqa: S311 - variety, not secrecy
    stream = []
    for number in range(1, 151):
        key = f"customer-{random.randrange(60)}"
        if random.random() < 0.1:
            stream.append(Sent(number=number, partition_key=key, data=b"{", meaning=None))
        else:
            id_, amount = random.randrange(120), random.choice([1, 1, 2])
            sent = Sent(number=number, partition_key=key, data=transaction(id_, amount=amount), meaning=(id_, amount))
            stream.append(sent)
    return stream


STREAMS = st.builds(wide_stream, SEEDS)


@dataclass(kw_only=True)
class Watch:
    """The ordering keys of the calls that run now, and the keys that two calls had at the same time."""

    stream: Sequence[Sent]
    random: Random
    shared: set[str] = field(default_factory=set)
    most_calls: int = 0

    def __post_init__(self) -> None:
        self._keys = {str(record.number): record.partition_key for record in self.stream}
        self._running: Counter[str] = Counter()
        self._calls = 0
        self._lock = threading.Lock()

    def call(self, keys: Sequence[str]) -> None:
        """Take up to half a millisecond, so that the calls of other threads run at the same time."""
        with self._lock:
            self._running.update(keys)
            self._calls += 1
            self.most_calls = max(self.most_calls, self._calls)
            self.shared.update(key for key in keys if self._running[key] > 1)
            pause = self.random.random() / 2_000
        threading.Event().wait(pause)
        with self._lock:
            self._running.subtract(keys)
            self._calls -= 1

    def partition_key(self, sequence_number: str) -> str:
        return self._keys[sequence_number]


@dataclass(kw_only=True)
class WatchedDynamoDB(FakeDynamoDB):
    """A table with slow calls."""

    watch: Watch

    def batch_execute_statement(self, *, Statements: Sequence[Any]) -> Mapping[str, Any]:  # noqa: N803 - boto3's name
        parameters = [statement["Parameters"] for statement in Statements]
        ids = [values[0]["S"] for values in parameters]
        self.watch.call([*ids, *(self.watch.partition_key(values[-1]["S"]) for values in parameters)])
        return super().batch_execute_statement(Statements=Statements)


@dataclass(kw_only=True)
class WatchedS3(FakeS3):
    """A bucket with slow calls."""

    watch: Watch

    def put_object(self, **request: Any) -> None:  # noqa: ANN401 - boto3's many parameters
        sequence_number = request["Key"].removesuffix(".json").rpartition("/")[2]
        self.watch.call([self.watch.partition_key(sequence_number)])
        super().put_object(**request)


def threaded(stream: Sequence[Sent], faults: RandomFaults, limit: int) -> tuple[FunctionUnderTest, Watch]:
    """Return the function with real threads and slow services."""
    watch = Watch(stream=stream, random=Random(faults.seed))  # noqa: S311 - variety, not secrecy
    function = FunctionUnderTest(
        dynamodb=WatchedDynamoDB(watch=watch, faults=faults),
        s3=WatchedS3(watch=watch, faults=faults),
        executor=ThreadExecutor(limit),
    )
    return function, watch


@untimed
@given(stream=STREAMS, faults=throttling, limit=LIMITS)
def test_threads_give_each_record_its_contractual_outcome_in_order(
    stream: Sequence[Sent], faults: RandomFaults, limit: int
) -> None:
    function, watch = threaded(stream, faults, limit)

    FakeEventSourceMapping(function=function, batch_size=100, retries=1_000).deliver(stream)

    expected = expected_outcomes(stream)
    assert found_outcomes(function, stream) == {number: [outcome] for number, outcome in expected.items()}
    assert function.counts == Counter(expected.values())
    order: dict[str, list[int]] = {}
    for id_ in function.dynamodb.inserted:
        number = int(function.dynamodb.items[id_]["sequenceNumber"]["S"])
        order.setdefault(watch.partition_key(str(number)), []).append(number)
    assert order == {key: sorted(numbers) for key, numbers in order.items()}
    assert watch.shared == set()
    assert watch.most_calls > 1


@untimed
@given(stream=STREAMS, faults=all_faults, limit=LIMITS, retries=st.integers(0, 3))
def test_threads_lose_no_record_and_end_with_the_invocation(
    stream: Sequence[Sent], faults: RandomFaults, limit: int, retries: int
) -> None:
    function, watch = threaded(stream, faults, limit)
    mapping = FakeEventSourceMapping(function=function, batch_size=100, retries=retries)
    before = set(threading.enumerate())

    mapping.deliver(stream)

    assert set(threading.enumerate()) <= before
    stop_faults(function)
    mapping.deliver(mapping.dead_letters)
    assert [len(found) for found in found_outcomes(function, stream).values()] == [1] * len(stream)
    assert len(function.dynamodb.inserted) == len(set(function.dynamodb.inserted))
    assert watch.shared == set()


@dataclass(kw_only=True)
class TimedFunction(FunctionUnderTest):
    """A function on a clock that advances with calls, of up to four seconds each, and pauses only."""

    random: Random
    starts: list[int] = field(default_factory=list)

    def read_clock(self) -> int:
        return self.time

    def take_time(self) -> None:
        self.starts.append(self.time)
        self.advance(4 * self.random.random())


@dataclass(kw_only=True)
class TimedDynamoDB(FakeDynamoDB):
    """A table whose inserts and reads take time; the start of a read is not recorded, as it belongs to its insert."""

    function: TimedFunction

    def batch_execute_statement(self, *, Statements: Sequence[Any]) -> Mapping[str, Any]:  # noqa: N803 - boto3's name
        self.function.take_time()
        return super().batch_execute_statement(Statements=Statements)

    def batch_get_item(self, *, RequestItems: Mapping[str, Any]) -> Mapping[str, Any]:  # noqa: N803 - boto3's name
        self.function.advance(4 * self.function.random.random())
        return super().batch_get_item(RequestItems=RequestItems)


@dataclass(kw_only=True)
class TimedS3(FakeS3):
    """A bucket whose writes take time."""

    function: TimedFunction

    def put_object(self, **request: Any) -> None:  # noqa: ANN401 - boto3's many parameters
        self.function.take_time()
        super().put_object(**request)


@untimed
@given(stream=STREAMS, faults=all_faults, limit=st.integers(1, 8))
def test_no_call_starts_in_the_reserve_and_none_runs_after_the_end(
    stream: Sequence[Sent], faults: RandomFaults, limit: int
) -> None:
    random = Random(faults.seed)  # noqa: S311 - variety, not secrecy
    function = TimedFunction(random=random)
    function.dynamodb = TimedDynamoDB(function=function, faults=replace(faults, crashes=0.0))
    function.s3 = TimedS3(function=function, faults=replace(faults, crashes=0.0))
    function.executor = VirtualThreads(clock=function, limit=limit, random=random)
    end = function.time + 1_000 + 60_000

    with suppress(ServiceError):
        function.invoke([record.entry for record in stream])

    assert [start for start in function.starts if start >= end - RESERVE] == []
    assert function.time < end
