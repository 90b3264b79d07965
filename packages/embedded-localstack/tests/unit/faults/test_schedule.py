from dataclasses import replace

from embedded_localstack.faults.fault import Fault, Kind
from embedded_localstack.faults.schedule import FaultSchedule

_HALF = Fault(kind=Kind.ERROR, service="dynamodb", operation="Put*", probability=0.5)


def _failures(schedule: FaultSchedule, calls: int) -> list[bool]:
    return [schedule.draw("dynamodb", "PutItem") is not None for _ in range(calls)]


def test_seed_decides_which_calls_fail() -> None:
    first, again, other = (_failures(FaultSchedule([_HALF], seed), 64) for seed in (1, 1, 2))

    assert first == again
    assert first != other
    assert 16 < sum(first) < 48


def test_fault_applies_only_to_matching_operations() -> None:
    schedule = FaultSchedule([Fault(kind=Kind.ERROR, service="dynamodb", operation="Put*")])

    assert schedule.draw("dynamodb", "GetItem") is None
    assert schedule.draw("kinesis", "PutRecord") is None
    assert schedule.draw("dynamodb", "PutItem") is not None


def test_next_fault_applies_after_the_limit_of_the_first() -> None:
    once = Fault(kind=Kind.THROTTLE, service="dynamodb", times=1)
    always = Fault(kind=Kind.ERROR, service="dynamodb")
    schedule = FaultSchedule([once, always])

    drawn = [schedule.draw("dynamodb", "PutItem") for _ in range(3)]

    assert drawn == [once, always, always]
    assert schedule.injected == [1, 2]


def test_limit_does_not_change_the_calls_before_it() -> None:
    unlimited = _failures(FaultSchedule([_HALF]), 64)
    limited = _failures(FaultSchedule([replace(_HALF, times=5)]), 64)

    last = [number for number, failed in enumerate(limited) if failed][-1]
    assert sum(limited) == 5
    assert limited[: last + 1] == unlimited[: last + 1]


def test_fault_is_the_same_after_a_round_trip_through_json() -> None:
    assert Fault.from_json(_HALF.to_json()) == _HALF
