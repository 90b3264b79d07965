from embedded_localstack.faults.fault import Fault, Kind
from embedded_localstack.faults.plan import Plan

_HALF = Fault(kind=Kind.ERROR, service="dynamodb", operation="Put*", probability=0.5)


def _fates(plan: Plan, operation: str, calls: int) -> list[bool]:
    return [plan.draw("dynamodb", operation) is not None for _ in range(calls)]


def test_the_same_seed_gives_the_same_fates_and_another_seed_others() -> None:
    first, again, other = (_fates(Plan([_HALF], seed), "PutItem", 64) for seed in (1, 1, 2))

    assert first == again
    assert first != other
    assert 16 < sum(first) < 48


def test_a_fault_concerns_only_the_operations_it_names() -> None:
    plan = Plan([Fault(kind=Kind.ERROR, service="dynamodb", operation="Put*")])

    assert plan.draw("dynamodb", "GetItem") is None
    assert plan.draw("kinesis", "PutRecord") is None
    assert plan.draw("dynamodb", "PutItem") is not None


def test_after_its_times_a_fault_is_over_and_the_next_one_has_its_turn() -> None:
    once = Fault(kind=Kind.THROTTLE, service="dynamodb", times=1)
    always = Fault(kind=Kind.ERROR, service="dynamodb")
    plan = Plan([once, always])

    drawn = [plan.draw("dynamodb", "PutItem") for _ in range(3)]

    assert drawn == [once, always, always]
    assert plan.injected == [1, 2]


def test_a_limit_changes_nothing_about_the_calls_before_it() -> None:
    unlimited = _fates(Plan([_HALF]), "PutItem", 64)
    limited = _fates(
        Plan([Fault(kind=Kind.ERROR, service="dynamodb", operation="Put*", probability=0.5, times=5)]), "PutItem", 64
    )

    last = [number for number, failed in enumerate(limited) if failed][-1]
    assert sum(limited) == 5
    assert limited[: last + 1] == unlimited[: last + 1]


def test_a_fault_survives_its_journey_as_json() -> None:
    assert Fault.from_json(_HALF.to_json()) == _HALF
