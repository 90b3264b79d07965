from lambda_src.transaction_processor.schedule import Schedule


def test_indexes_without_a_common_key_are_taken_together() -> None:
    assert Schedule(["a", "b", "c"]).take(25) == [0, 1, 2]


def test_chunk_has_at_most_the_limit() -> None:
    schedule = Schedule(["a", "b", "c"])

    assert [schedule.take(2), schedule.take(2), schedule.take(2)] == [[0, 1], [2], []]


def test_index_waits_for_the_earlier_index_with_its_key() -> None:
    schedule = Schedule(["a", "b", "a"])
    first = schedule.take(25)
    before = schedule.take(25)

    schedule.finish(0)

    assert (first, before, schedule.take(25)) == ([0, 1], [], [2])


def test_index_with_two_keys_waits_for_both() -> None:
    schedule = Schedule(["a", "b", "ab"])
    schedule.take(25)
    schedule.finish(0)
    before = schedule.take(25)

    schedule.finish(1)

    assert (before, schedule.take(25)) == ([], [2])


def test_index_that_was_put_back_comes_last() -> None:
    schedule = Schedule(["a", "b", "c"])
    schedule.take(1)

    schedule.put_back(0)

    assert schedule.take(25) == [1, 2, 0]


def test_index_with_the_longest_chain_of_followers_comes_first() -> None:
    schedule = Schedule(["a", "b", "c", "b", "c", "c"])

    assert schedule.take(3) == [2, 1, 0]
