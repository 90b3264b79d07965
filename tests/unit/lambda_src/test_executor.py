import threading
from collections.abc import Callable
from threading import Barrier, Event

import pytest

from lambda_src.transaction_processor.executor import ThreadExecutor

SECONDS = 10


class RefusedError(Exception):
    """The exception of the failing calls."""


def returning(value: str) -> Callable[[], str]:
    return lambda: value


def failing(message: str) -> Callable[[], str]:
    def fail() -> str:
        raise RefusedError(message)

    return fail


def test_results_have_the_order_of_the_calls() -> None:
    """The first call ends after the second one."""
    second_ended = Event()

    def first() -> str:
        return f"first, {second_ended.wait(SECONDS)}"

    def second() -> str:
        second_ended.set()
        return "second"

    results = list(ThreadExecutor(2).run_all([first, second]))

    assert results == ["first, True", "second"]


def test_as_many_calls_as_the_limit_run_at_the_same_time() -> None:
    """Each call waits until three run. A fourth thread would break the barrier of the last three calls."""
    barrier = Barrier(3)
    running: set[int] = set()
    most: list[int] = []

    def call() -> None:
        running.add(threading.get_ident())
        barrier.wait(SECONDS)
        most.append(len(running))
        barrier.wait(SECONDS)
        running.discard(threading.get_ident())

    list(ThreadExecutor(3).run_all([call] * 6))

    assert most == [3] * 6


def test_results_come_before_the_exception() -> None:
    results: list[str] = []

    with pytest.raises(RefusedError, match="refused"):
        results.extend(ThreadExecutor(1).run_all([returning("a"), failing("refused"), returning("b")]))

    assert results == ["a"]


def test_no_call_starts_after_an_exception() -> None:
    started: list[str] = []

    def failed_call() -> None:
        started.append("failed")
        raise RefusedError

    with pytest.raises(RefusedError):
        list(ThreadExecutor(1).run_all([failed_call, *[lambda: started.append("later")] * 100]))

    assert started == ["failed"]


def test_calls_that_run_at_an_exception_come_to_their_end() -> None:
    second_started, first_failed = Event(), Event()
    results: list[str] = []

    def first() -> str:
        second_started.wait(SECONDS)
        first_failed.set()
        raise RefusedError

    def second() -> str:
        second_started.set()
        return f"second, {first_failed.wait(SECONDS)}"

    with pytest.raises(RefusedError):
        results.extend(ThreadExecutor(2).run_all([first, second]))

    assert results == ["second, True"]


def test_first_of_two_exceptions_is_raised() -> None:
    barrier = Barrier(2)

    def fail(message: str) -> None:
        barrier.wait(SECONDS)
        raise RefusedError(message)

    with pytest.raises(RefusedError, match="first"):
        list(ThreadExecutor(2).run_all([lambda: fail("first"), lambda: fail("second")]))


@pytest.mark.parametrize("last", [returning("z"), failing("refused")], ids=["success", "exception"])
def test_threads_have_ended_at_the_first_result(last: Callable[[], str]) -> None:
    before = set(threading.enumerate())

    next(ThreadExecutor(4).run_all([*[returning("a")] * 8, last]))

    assert set(threading.enumerate()) <= before


def test_no_calls_have_no_results() -> None:
    assert list(ThreadExecutor(2).run_all([])) == []
