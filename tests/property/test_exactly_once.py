"""Exactly once: random faults neither lose a record of a random stream nor store one twice."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.property.streams import FakeEventSourceMapping, RandomFaults, Sent, records
from tests.unit.lambda_src.fakes import FunctionUnderTest, always, no_faults

SEEDS = st.integers(0, 2**32)
PROBABILITIES = st.sampled_from([0.0, 0.05, 0.4])
BATCH_SIZES = st.sampled_from([1, 3, 10, 100])
SMALL_PROBABILITIES = st.sampled_from([0.0, 0.03])

# Hypothesis must not fail an example because it is slow: these tests do not measure time.
untimed = settings(max_examples=40, deadline=None)

throttling = st.builds(RandomFaults, seed=SEEDS, throttles=PROBABILITIES)
all_faults = st.builds(
    RandomFaults,
    seed=SEEDS,
    throttles=PROBABILITIES,
    lost_responses=PROBABILITIES,
    refusals=SMALL_PROBABILITIES,
    crashes=SMALL_PROBABILITIES,
)


def function_with(faults: RandomFaults) -> FunctionUnderTest:
    function = FunctionUnderTest()
    function.dynamodb.faults = faults
    function.s3.faults = faults
    return function


def stop_faults(function: FunctionUnderTest) -> None:
    function.dynamodb.faults = function.s3.faults = no_faults


def expected_outcomes(stream: Sequence[Sent]) -> Mapping[int, str]:
    """Return the outcome of each record of a shard, derived from the contract alone."""
    first: dict[str | None, Sent] = {}
    outcomes = {}
    for record in stream:
        if record.meaning is None:
            outcomes[record.number] = "rejected"
        elif record.transaction_id not in first:
            first[record.transaction_id] = record
            outcomes[record.number] = "stored"
        elif first[record.transaction_id].meaning == record.meaning:
            outcomes[record.number] = "duplicate"
        else:
            outcomes[record.number] = "conflicting"
    return outcomes


def found_outcomes(function: FunctionUnderTest, stream: Sequence[Sent]) -> Mapping[int, Sequence[str]]:
    """Return the outcomes of each record that the ledger and quarantine show. More or fewer than one is an error."""
    stored = {int(item["sequenceNumber"]["S"]) for item in function.dynamodb.items.values()}
    stored_meanings = {record.meaning for record in stream if record.number in stored}
    found: dict[int, list[str]] = {record.number: [] for record in stream}
    for record in stream:
        if record.number in stored:
            found[record.number].append("stored")
        elif record.meaning in stored_meanings:
            found[record.number].append("duplicate")
        if record.number in function.quarantined:
            code = function.quarantined[record.number]
            found[record.number].append("conflicting" if code == "conflict" else "rejected")
    return found


@untimed
@given(stream=records(), faults=throttling, batch_size=BATCH_SIZES)
def test_each_record_has_its_contractual_outcome_and_is_counted_once(
    stream: Sequence[Sent], faults: RandomFaults, batch_size: int
) -> None:
    function = function_with(faults)

    FakeEventSourceMapping(function=function, batch_size=batch_size, retries=1_000).deliver(stream)

    expected = expected_outcomes(stream)
    assert found_outcomes(function, stream) == {number: [outcome] for number, outcome in expected.items()}
    assert function.counts == Counter(expected.values())


@untimed
@given(stream=records(), faults=all_faults, batch_size=BATCH_SIZES, retries=st.integers(0, 3))
def test_no_fault_loses_a_record(stream: Sequence[Sent], faults: RandomFaults, batch_size: int, retries: int) -> None:
    function = function_with(faults)
    mapping = FakeEventSourceMapping(function=function, batch_size=batch_size, retries=retries)

    mapping.deliver(stream)

    found = found_outcomes(function, stream)
    lost = [record for record in stream if not found[record.number] and record not in mapping.dead_letters]
    assert lost == []


@untimed
@given(
    stream=records(),
    refusal=st.sampled_from([("call", "ValidationException"), ("statement", "ValidationError")]),
    batch_size=BATCH_SIZES,
)
def test_replay_stores_all_records_that_a_broken_table_refused(
    stream: Sequence[Sent], refusal: tuple[str, str], batch_size: int
) -> None:
    """A table that refuses every item makes the invocation fail, so Lambda quarantines the transactions whole."""
    stage, code = refusal
    function = FunctionUnderTest()
    function.dynamodb.faults = always(code, stage=stage)
    mapping = FakeEventSourceMapping(function=function, batch_size=batch_size, retries=1)
    mapping.deliver(stream)
    stop_faults(function)

    mapping.deliver(mapping.dead_letters)

    expected = expected_outcomes(stream)
    assert found_outcomes(function, stream) == {number: [outcome] for number, outcome in expected.items()}


@untimed
@given(stream=records(), faults=all_faults, batch_size=BATCH_SIZES, retries=st.integers(0, 3))
def test_replay_after_faults_gives_each_record_one_outcome(
    stream: Sequence[Sent], faults: RandomFaults, batch_size: int, retries: int
) -> None:
    function = function_with(faults)
    mapping = FakeEventSourceMapping(function=function, batch_size=batch_size, retries=retries)
    mapping.deliver(stream)
    stop_faults(function)

    mapping.deliver(mapping.dead_letters)

    assert [len(found) for found in found_outcomes(function, stream).values()] == [1] * len(stream)


@untimed
@given(stream=records(), faults=all_faults, batch_size=BATCH_SIZES)
def test_stored_item_never_changes(stream: Sequence[Sent], faults: RandomFaults, batch_size: int) -> None:
    function = function_with(faults)
    mapping = FakeEventSourceMapping(function=function, batch_size=batch_size, retries=1)
    mapping.deliver(stream)
    before = dict(function.dynamodb.items)

    mapping.deliver(stream)

    assert {id_: function.dynamodb.items[id_] for id_ in before} == before
    assert len(function.dynamodb.inserted) == len(set(function.dynamodb.inserted))


@untimed
@given(stream=records(), faults=throttling, batch_size=BATCH_SIZES)
def test_records_of_a_partition_key_are_stored_in_order(
    stream: Sequence[Sent], faults: RandomFaults, batch_size: int
) -> None:
    function = function_with(faults)
    key_of = {record.number: record.partition_key for record in stream}

    FakeEventSourceMapping(function=function, batch_size=batch_size, retries=1_000).deliver(stream)

    items, inserted = function.dynamodb.items, function.dynamodb.inserted
    numbers = [int(items[id_]["sequenceNumber"]["S"]) for id_ in inserted]
    for key in set(key_of.values()):
        of_key = [number for number in numbers if key_of[number] == key]
        assert of_key == sorted(of_key)


@untimed
@given(stream=records(), faults=throttling, data=st.data())
def test_every_order_of_arrival_stores_the_same_ids(
    stream: Sequence[Sent], faults: RandomFaults, data: st.DataObject
) -> None:
    shuffled = [
        replace(record, number=number) for number, record in enumerate(data.draw(st.permutations(stream)), start=1)
    ]
    function = function_with(faults)

    FakeEventSourceMapping(function=function, batch_size=10, retries=1_000).deliver(shuffled)

    expected = expected_outcomes(shuffled)
    assert set(function.dynamodb.items) == {record.transaction_id for record in stream} - {None}
    assert found_outcomes(function, shuffled) == {number: [outcome] for number, outcome in expected.items()}


@untimed
@given(stream=records(), batch_size=BATCH_SIZES, faults=throttling)
def test_producer_that_sends_everything_twice_adds_no_item(
    stream: Sequence[Sent], batch_size: int, faults: RandomFaults
) -> None:
    again = [replace(record, number=record.number + len(stream)) for record in stream]
    function = function_with(faults)
    mapping = FakeEventSourceMapping(function=function, batch_size=batch_size, retries=1_000)
    mapping.deliver(stream)
    before = dict(function.dynamodb.items)

    mapping.deliver(again)

    assert function.dynamodb.items == before
    assert function.counts == Counter(expected_outcomes([*stream, *again]).values())


@untimed
@given(stream=records(), faults=all_faults, batch_size=BATCH_SIZES)
def test_shards_with_common_ids_store_one_item_for_each_id(
    stream: Sequence[Sent], faults: RandomFaults, batch_size: int
) -> None:
    function = function_with(faults)
    shards = [FakeEventSourceMapping(function=function, batch_size=batch_size, retries=2) for _ in range(2)]
    for start in range(0, len(stream), batch_size):
        shards[start // batch_size % 2].deliver(stream[start : start + batch_size])
    stop_faults(function)

    for shard in shards:
        shard.deliver(shard.dead_letters)

    assert [len(found) for found in found_outcomes(function, stream).values()] == [1] * len(stream)
