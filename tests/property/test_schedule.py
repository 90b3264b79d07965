"""The schedule of an invocation, for random ordering keys."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from lambda_src.transaction_processor.schedule import Schedule

ORDERING_KEYS = st.lists(st.lists(st.sampled_from("abcdef"), min_size=1, max_size=2, unique=True), max_size=30)


@given(ordering_keys=ORDERING_KEYS, limit=st.integers(1, 30))
def test_each_index_is_taken_once_in_the_order_of_its_keys(ordering_keys: Sequence[Sequence[str]], limit: int) -> None:
    schedule = Schedule(ordering_keys)
    taken: list[int] = []

    while chunk := schedule.take(limit):
        keys_of_chunk = [key for index in chunk for key in ordering_keys[index]]
        assert len(chunk) <= limit
        assert len(keys_of_chunk) == len(set(keys_of_chunk))
        taken += chunk
        for index in chunk:
            schedule.finish(index)

    assert sorted(taken) == list(range(len(ordering_keys)))
    for key in "abcdef":
        with_key = [index for index in taken if key in ordering_keys[index]]
        assert with_key == sorted(with_key)


@given(ordering_keys=ORDERING_KEYS, never_finished=st.sets(st.integers(0, 29)))
def test_unfinished_index_blocks_only_later_indexes_with_its_keys(
    ordering_keys: Sequence[Sequence[str]], never_finished: set[int]
) -> None:
    schedule = Schedule(ordering_keys)
    taken: set[int] = set()

    while chunk := schedule.take(25):
        taken.update(chunk)
        for index in set(chunk) - never_finished:
            schedule.finish(index)

    blocked: set[int] = set()
    for index, keys in enumerate(ordering_keys):
        earlier = (each for each in range(index) if set(ordering_keys[each]) & set(keys))
        if any(each in never_finished or each in blocked for each in earlier):
            blocked.add(index)
    assert taken == set(range(len(ordering_keys))) - blocked
