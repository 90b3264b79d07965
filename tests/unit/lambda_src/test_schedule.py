from lambda_src.transaction_processor.schedule import Schedule


def test_positions_without_a_lane_in_common_are_handed_out_together() -> None:
    assert Schedule(["a", "b", "c"]).take(25) == [0, 1, 2]


def test_no_more_are_handed_out_than_asked_for() -> None:
    schedule = Schedule(["a", "b", "c"])

    assert [schedule.take(2), schedule.take(2), schedule.take(2)] == [[0, 1], [2], []]


def test_a_position_waits_until_the_one_before_it_in_its_lane_is_finished() -> None:
    schedule = Schedule(["a", "b", "a"])
    first = schedule.take(25)
    before = schedule.take(25)

    schedule.finish(0)

    assert (first, before, schedule.take(25)) == ([0, 1], [], [2])


def test_a_position_in_two_lanes_waits_for_both() -> None:
    schedule = Schedule(["a", "b", "ab"])
    schedule.take(25)
    schedule.finish(0)
    before = schedule.take(25)

    schedule.finish(1)

    assert (before, schedule.take(25)) == ([], [2])


def test_a_position_that_was_put_back_comes_after_those_that_were_not() -> None:
    schedule = Schedule(["a", "b", "c"])
    schedule.take(1)

    schedule.put_back(0)

    assert schedule.take(25) == [1, 2, 0]


def test_the_one_with_the_longest_queue_behind_it_goes_first() -> None:
    schedule = Schedule(["a", "b", "c", "b", "c", "c"])

    assert schedule.take(3) == [2, 1, 0]
