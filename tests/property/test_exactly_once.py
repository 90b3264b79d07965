"""Nothing is lost and nothing is stored twice, whatever is sent and whatever goes wrong."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.property.streams import FakeMapping, Sent, StormyWeather, records
from tests.unit.lambda_src.fakes import FakeWorld, calm

SEEDS = st.integers(0, 2**32)
CHANCES = st.sampled_from([0.0, 0.05, 0.4])
BATCH_SIZES = st.sampled_from([1, 3, 10, 100])
SMALL_CHANCES = st.sampled_from([0.0, 0.03])

# Time itself is no property of what is tested.
within_reason = settings(max_examples=40, deadline=None)

throttling = st.builds(StormyWeather, seed=SEEDS, throttles=CHANCES)
storms = st.builds(
    StormyWeather,
    seed=SEEDS,
    throttles=CHANCES,
    lost_answers=CHANCES,
    refusals=SMALL_CHANCES,
    crashes=SMALL_CHANCES,
)


def world_in(weather: StormyWeather) -> FakeWorld:
    world = FakeWorld()
    world.dynamodb.weather = weather
    world.s3.weather = weather
    return world


def fates(stream: Sequence[Sent]) -> Mapping[int, str]:
    """Say by the contract alone what must become of each record of a shard."""
    first: dict[str | None, Sent] = {}
    fate = {}
    for record in stream:
        if record.says is None:
            fate[record.number] = "rejected"
        elif record.transaction_id not in first:
            first[record.transaction_id] = record
            fate[record.number] = "stored"
        else:
            fate[record.number] = "duplicate" if first[record.transaction_id].says == record.says else "conflicting"
    return fate


def places(world: FakeWorld, stream: Sequence[Sent]) -> Mapping[int, Sequence[str]]:
    """Return every place in which each record is found; a duplicate is found in what the ledger holds."""
    stored = {int(item["sequenceNumber"]["S"]) for item in world.dynamodb.items.values()}
    says = {record.says for record in stream if record.number in stored}
    found: dict[int, list[str]] = {record.number: [] for record in stream}
    for record in stream:
        if record.number in stored:
            found[record.number].append("stored")
        elif record.says in says:
            found[record.number].append("duplicate")
        if record.number in world.rejected:
            code = world.rejected[record.number]
            found[record.number].append("conflicting" if code == "conflict" else "rejected")
    return found


@within_reason
@given(stream=records(), weather=throttling, batch_size=BATCH_SIZES)
def test_each_record_comes_to_the_one_place_that_the_contract_names_and_is_counted_once(
    stream: Sequence[Sent], weather: StormyWeather, batch_size: int
) -> None:
    world = world_in(weather)

    FakeMapping(world=world, batch_size=batch_size, retries=1_000).deliver(stream)

    assert places(world, stream) == {number: [fate] for number, fate in fates(stream).items()}
    assert world.counts == Counter(fates(stream).values())


@within_reason
@given(stream=records(), weather=storms, batch_size=BATCH_SIZES, retries=st.integers(0, 3))
def test_no_storm_loses_a_record(stream: Sequence[Sent], weather: StormyWeather, batch_size: int, retries: int) -> None:
    world = world_in(weather)
    mapping = FakeMapping(world=world, batch_size=batch_size, retries=retries)

    mapping.deliver(stream)

    found = places(world, stream)
    lost = [record for record in stream if not found[record.number] and record not in mapping.dead_letters]
    assert lost == []


@within_reason
@given(
    stream=records(),
    wrong=st.sampled_from([("call", "ValidationException"), ("statement", "ValidationError")]),
    batch_size=BATCH_SIZES,
)
def test_a_table_that_takes_nothing_rejects_no_transaction_and_a_replay_stores_them_all(
    stream: Sequence[Sent], wrong: tuple[str, str], batch_size: int
) -> None:
    moment, code = wrong
    world = FakeWorld()
    world.dynamodb.weather = lambda now: code if now == moment else None
    mapping = FakeMapping(world=world, batch_size=batch_size, retries=1)
    mapping.deliver(stream)
    world.dynamodb.weather = calm

    mapping.deliver(mapping.dead_letters)

    assert places(world, stream) == {number: [fate] for number, fate in fates(stream).items()}


@within_reason
@given(stream=records(), weather=storms, batch_size=BATCH_SIZES, retries=st.integers(0, 3))
def test_after_a_storm_a_replay_brings_every_record_to_exactly_one_place(
    stream: Sequence[Sent], weather: StormyWeather, batch_size: int, retries: int
) -> None:
    world = world_in(weather)
    mapping = FakeMapping(world=world, batch_size=batch_size, retries=retries)
    mapping.deliver(stream)
    world.dynamodb.weather = world.s3.weather = calm

    mapping.deliver(mapping.dead_letters)

    assert [len(found) for found in places(world, stream).values()] == [1] * len(stream)


@within_reason
@given(stream=records(), weather=storms, batch_size=BATCH_SIZES)
def test_what_the_ledger_holds_is_never_changed(
    stream: Sequence[Sent], weather: StormyWeather, batch_size: int
) -> None:
    world = world_in(weather)
    mapping = FakeMapping(world=world, batch_size=batch_size, retries=1)
    mapping.deliver(stream)
    before = dict(world.dynamodb.items)

    mapping.deliver(stream)

    assert {id_: world.dynamodb.items[id_] for id_ in before} == before
    assert len(world.dynamodb.applied) == len(set(world.dynamodb.applied))


@within_reason
@given(stream=records(), weather=throttling, batch_size=BATCH_SIZES)
def test_records_of_a_partition_key_are_stored_in_their_order(
    stream: Sequence[Sent], weather: StormyWeather, batch_size: int
) -> None:
    world = world_in(weather)
    key_of = {record.number: record.partition_key for record in stream}

    FakeMapping(world=world, batch_size=batch_size, retries=1_000).deliver(stream)

    numbers = [int(world.dynamodb.items[id_]["sequenceNumber"]["S"]) for id_ in world.dynamodb.applied]
    for key in set(key_of.values()):
        of_key = [number for number in numbers if key_of[number] == key]
        assert of_key == sorted(of_key)


@within_reason
@given(stream=records(), weather=throttling, data=st.data())
def test_the_order_of_arrival_decides_what_is_first_but_not_what_is_kept(
    stream: Sequence[Sent], weather: StormyWeather, data: st.DataObject
) -> None:
    shuffled = [
        replace(record, number=number) for number, record in enumerate(data.draw(st.permutations(stream)), start=1)
    ]
    world = world_in(weather)

    FakeMapping(world=world, batch_size=10, retries=1_000).deliver(shuffled)

    assert set(world.dynamodb.items) == {record.transaction_id for record in stream} - {None}
    assert places(world, shuffled) == {number: [fate] for number, fate in fates(shuffled).items()}


@within_reason
@given(stream=records(), batch_size=BATCH_SIZES, weather=throttling)
def test_a_producer_that_sends_everything_twice_adds_nothing_to_the_ledger(
    stream: Sequence[Sent], batch_size: int, weather: StormyWeather
) -> None:
    again = [replace(record, number=record.number + len(stream)) for record in stream]
    world = world_in(weather)
    mapping = FakeMapping(world=world, batch_size=batch_size, retries=1_000)
    mapping.deliver(stream)
    before = dict(world.dynamodb.items)

    mapping.deliver(again)

    assert world.dynamodb.items == before
    assert world.counts == Counter(fates([*stream, *again]).values())


@within_reason
@given(stream=records(), weather=storms, batch_size=BATCH_SIZES)
def test_shards_that_share_ids_agree_on_one_item_for_each(
    stream: Sequence[Sent], weather: StormyWeather, batch_size: int
) -> None:
    world = world_in(weather)
    shards = [FakeMapping(world=world, batch_size=batch_size, retries=2) for _ in range(2)]
    for start in range(0, len(stream), batch_size):
        shards[start // batch_size % 2].deliver(stream[start : start + batch_size])
    world.dynamodb.weather = world.s3.weather = calm

    for shard in shards:
        shard.deliver(shard.dead_letters)

    assert [len(found) for found in places(world, stream).values()] == [1] * len(stream)
