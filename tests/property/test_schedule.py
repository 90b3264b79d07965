"""The order in which an invocation hands out its records."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from lambda_src.transaction_processor.schedule import Schedule

LANES = st.lists(st.lists(st.sampled_from("abcdef"), min_size=1, max_size=2, unique=True), max_size=30)


@given(lanes=LANES, limit=st.integers(1, 30))
def test_everything_is_handed_out_once_and_in_the_order_of_its_lanes(
    lanes: Sequence[Sequence[str]], limit: int
) -> None:
    schedule = Schedule(lanes)
    order: list[int] = []

    while turn := schedule.take(limit):
        together = [lane for position in turn for lane in lanes[position]]
        assert len(together) == len(set(together))
        order += turn
        for position in turn:
            schedule.finish(position)

    assert sorted(order) == list(range(len(lanes)))
    for lane in "abcdef":
        in_lane = [position for position in order if lane in lanes[position]]
        assert in_lane == sorted(in_lane)


@given(lanes=LANES, stuck=st.sets(st.integers(0, 29)))
def test_what_is_never_finished_holds_back_its_lanes_and_nothing_else(
    lanes: Sequence[Sequence[str]], stuck: set[int]
) -> None:
    schedule = Schedule(lanes)
    handed_out: set[int] = set()

    while turn := schedule.take(25):
        handed_out.update(turn)
        for position in set(turn) - stuck:
            schedule.finish(position)

    held_back: set[int] = set()
    for position, its_lanes in enumerate(lanes):
        blockers = [p for p in range(position) if set(lanes[p]) & set(its_lanes) and (p in stuck or p in held_back)]
        if blockers:
            held_back.add(position)
    assert handed_out == set(range(len(lanes))) - held_back
