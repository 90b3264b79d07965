"""`eventually` returns the value, raises the first fatal error, or shows the values that it observed."""

import itertools
import re
from collections.abc import Iterator

import pytest
from botocore.exceptions import ClientError

from terraform_harness.errors import EventuallyError
from terraform_harness.polling import AWS_TRANSIENT, eventually


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """A clock that only pauses move."""
    now = [1000.0]
    with monkeypatch.context() as patch:
        patch.setattr("time.monotonic", lambda: now[0])
        patch.setattr("time.sleep", lambda seconds: now.__setitem__(0, now[0] + seconds))
        yield now


def test_value_that_fulfils_the_condition_is_returned() -> None:
    numbers = itertools.count()

    value = eventually(lambda: next(numbers), until=lambda number: number == 3, what="three came", within=5)

    assert value == 3


def test_value_is_observed_once_within_zero_seconds() -> None:
    value = eventually(lambda: "there", until=lambda seen: seen == "there", what="it is there", within=0)

    assert value == "there"


def test_other_error_ends_the_wait() -> None:
    observed: list[int] = []

    def observe() -> int:
        observed.append(1)
        raise PermissionError("no")

    with pytest.raises(PermissionError, match=r"^no$"):
        eventually(observe, until=bool, what="access was given", within=5)

    assert observed == [1]


def test_transient_error_means_not_yet() -> None:
    observed = itertools.count()

    def observe() -> str:
        return {2: "there"}[next(observed)]

    value = eventually(observe, until=bool, what="it came", within=5, transient=(KeyError,))

    assert value == "there"


def test_failure_shows_the_last_different_values() -> None:
    states = itertools.chain(["CREATING", "CREATING"], itertools.repeat("UPDATING"))

    with pytest.raises(EventuallyError) as failure:
        eventually(lambda: next(states), until=lambda state: state == "ACTIVE", what="the table is active", within=0.1)

    text = re.sub(r"\d+ attempts|\d\.\d s:", lambda found: re.sub(r"\d+", "N", found[0]), str(failure.value))
    assert text == (
        "the table is active: not within 0.1 s (N attempts). Values seen:\n"
        "  after    N.N s: CREATING\n"
        "  after    N.N s: UPDATING"
    )


def test_failure_shows_a_transient_error() -> None:
    def observe() -> int:
        raise ConnectionError("refused")

    with pytest.raises(EventuallyError) as failure:
        eventually(observe, until=bool, what="it answers", within=0, transient=(ConnectionError,))

    assert str(failure.value) == (
        "it answers: not within 0 s (1 attempt). Values seen:\n  after    0.0 s: ConnectionError: refused"
    )


def test_last_observation_is_at_the_deadline(clock: list[float]) -> None:
    observed: list[float] = []

    with pytest.raises(EventuallyError) as failure:
        eventually(lambda: observed.append(clock[0] - 1000), until=lambda _: False, what="it is there", within=10)

    assert [round(moment, 9) for moment in observed if moment > 9.999] == [10]
    assert str(failure.value) == (
        f"it is there: not within 10 s ({len(observed)} attempts). Values seen:\n  after   10.0 s: None"
    )


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize(
    ("values", "hidden"),
    [
        pytest.param(12, "", id="all of them"),
        pytest.param(13, "\n  (1 earlier value not shown)", id="all but one"),
        pytest.param(15, "\n  (3 earlier values not shown)", id="all but three"),
    ],
)
def test_failure_counts_the_values_that_it_does_not_show(values: int, hidden: str) -> None:
    numbers = itertools.chain(range(values - 1), itertools.repeat(values - 1))

    with pytest.raises(EventuallyError) as failure:
        eventually(lambda: next(numbers), until=lambda _: False, what="it ends", within=60)

    head, *shown = re.sub(r"\(\d+ attempts|after +\d+\.\d s", "N", str(failure.value)).split("\n  N: ")
    assert head == f"it ends: not within 60 s N). Values seen:{hidden}"
    assert shown == [str(number) for number in range(values - 12, values)]


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize("code", ["Throttling", "RequestLimitExceeded", "ServiceUnavailable", "InternalError"])
def test_transient_error_code_of_aws_means_not_yet(code: str) -> None:
    answers = iter([ClientError({"Error": {"Code": code}}, "DescribeVpcs"), KeyError(), "there"])

    def observe() -> str:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return str(answer)

    value = eventually(observe, until=bool, what="it came", within=5, transient=(KeyError, *AWS_TRANSIENT))

    assert value == "there"


def test_other_error_code_of_aws_ends_the_wait() -> None:
    observed: list[int] = []

    def observe() -> str:
        observed.append(1)
        raise ClientError({"Error": {"Code": "AccessDenied"}}, "DescribeVpcs")

    with pytest.raises(ClientError, match="AccessDenied"):
        eventually(observe, until=bool, what="it came", within=5, transient=AWS_TRANSIENT)

    assert observed == [1]


def test_failure_shows_the_description_of_a_value() -> None:
    with pytest.raises(EventuallyError) as failure:
        eventually(lambda: list(range(1000)), until=lambda _: False, what="empty", within=0, describe=len)

    assert [value for _, value in failure.value.history] == ["1000"]
