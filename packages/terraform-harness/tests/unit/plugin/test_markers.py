"""A test runs where it is marked to be proven."""

from collections.abc import Mapping, Sequence
from typing import cast

import pytest

from terraform_harness.plugin.markers import skip_what_is_not_proven_here

LOCALSTACK, AWS = pytest.mark.localstack, pytest.mark.aws
ON_AWS_ONLY = "proven on aws only: LocalStack publishes no such metric"
ON_LOCALSTACK_ONLY = "proven on localstack only: AWS cannot be told to fail"

UNMARKED_TEST = """
import pytest

@pytest.fixture
def run():
    return None

@pytest.fixture
def target(run):
    raise AssertionError

def test_unmarked(target):
    pass
"""


class Marked:
    """A test with marks, of which only these are known."""

    def __init__(self, *marks: pytest.MarkDecorator) -> None:
        self.marks = {mark.name: mark.mark for mark in marks}

    def get_closest_marker(self, name: str) -> pytest.Mark | None:
        return self.marks.get(name)

    def add_marker(self, marker: pytest.MarkDecorator) -> None:
        self.marks[marker.name] = marker.mark


class Options:
    """pytest's configuration, of which only the target is chosen."""

    def __init__(self, target: str) -> None:
        self.target = target

    def getoption(self, name: str) -> str | None:
        return self.target if name == "--target" else None


def reasons(target: str) -> Mapping[str, str]:
    """The tests that are skipped, each with the reason."""
    tests = {
        "unmarked": Marked(),
        "both": Marked(LOCALSTACK, AWS),
        "localstack": Marked(LOCALSTACK("AWS cannot be told to fail")),
        "aws": Marked(AWS("LocalStack publishes no such metric")),
        "aws, for no reason": Marked(AWS),
    }
    items = cast("Sequence[pytest.Item]", list(tests.values()))
    skip_what_is_not_proven_here(cast("pytest.Config", Options(target)), items)
    return {name: test.marks["skip"].kwargs["reason"] for name, test in tests.items() if "skip" in test.marks}


def test_on_localstack_what_is_proven_on_aws_only_is_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")

    assert reasons("localstack") == {"aws": ON_AWS_ONLY, "aws, for no reason": "proven on aws only"}


def test_on_aws_what_is_proven_on_localstack_only_is_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)

    assert reasons("aws") == {"localstack": ON_LOCALSTACK_ONLY}


def test_where_a_localstack_stands_for_aws_only_what_is_proven_on_both_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")

    assert reasons("aws") == {
        "localstack": ON_LOCALSTACK_ONLY,
        "aws": ON_AWS_ONLY,
        "aws, for no reason": "proven on aws only",
    }


def test_where_marks_are_required_a_test_without_one_fails_before_it_is_set_up(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(UNMARKED_TEST)
    pytester.makeini("[pytest]\nharness_marks_required = true")

    result = pytester.runpytest_inprocess("-p", "no:cacheprovider")

    result.assert_outcomes(errors=1)
    assert (
        "It does not say where it is proven: mark it with @pytest.mark.localstack, @pytest.mark.aws, or both."
        in result.outlines
    )
