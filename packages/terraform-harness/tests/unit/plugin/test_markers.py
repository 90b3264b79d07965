"""A marked test runs on its targets only."""

from collections.abc import Mapping, Sequence
from typing import cast

import pytest

from terraform_harness.plugin.markers import skip_on_other_targets

LOCALSTACK, AWS = pytest.mark.localstack, pytest.mark.aws
ON_AWS_ONLY = "runs on aws only: LocalStack publishes no such metric"
ON_LOCALSTACK_ONLY = "runs on localstack only: faults cannot be injected into AWS"

UNMARKED_TEST = """
import pytest

@pytest.fixture
def terraform_target():
    raise AssertionError

def test_unmarked(terraform_target):
    pass
"""


class Marked:
    """A test with these markers."""

    def __init__(self, *markers: pytest.MarkDecorator) -> None:
        self.markers = {marker.name: marker.mark for marker in markers}

    def get_closest_marker(self, name: str) -> pytest.Mark | None:
        return self.markers.get(name)

    def add_marker(self, marker: pytest.MarkDecorator) -> None:
        self.markers[marker.name] = marker.mark


class Configuration:
    """pytest's configuration with a target."""

    def __init__(self, target: str) -> None:
        self.target = target

    def getoption(self, name: str) -> str | None:
        return self.target if name == "--tf-target" else None


def reasons(target: str) -> Mapping[str, str]:
    """Return the skipped tests, each with the reason."""
    tests = {
        "unmarked": Marked(),
        "both": Marked(LOCALSTACK, AWS),
        "localstack": Marked(LOCALSTACK("faults cannot be injected into AWS")),
        "aws": Marked(AWS("LocalStack publishes no such metric")),
        "aws without a reason": Marked(AWS),
    }
    items = cast("Sequence[pytest.Item]", list(tests.values()))
    skip_on_other_targets(cast("pytest.Config", Configuration(target)), items)
    return {name: test.markers["skip"].kwargs["reason"] for name, test in tests.items() if "skip" in test.markers}


def test_tests_of_aws_are_skipped_on_localstack(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")

    assert reasons("localstack") == {"aws": ON_AWS_ONLY, "aws without a reason": "runs on aws only"}


def test_tests_of_localstack_are_skipped_on_aws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)

    assert reasons("aws") == {"localstack": ON_LOCALSTACK_ONLY}


def test_localstack_in_place_of_aws_runs_tests_with_both_markers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")

    assert reasons("aws") == {
        "localstack": ON_LOCALSTACK_ONLY,
        "aws": ON_AWS_ONLY,
        "aws without a reason": "runs on aws only",
    }


def test_required_marker_is_missed_before_the_setup(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(UNMARKED_TEST)
    pytester.makeini("[pytest]\nterraform_markers_required = true")

    result = pytester.runpytest_inprocess("-p", "no:cacheprovider")

    result.assert_outcomes(errors=1)
    assert "The test has no target marker: add @pytest.mark.localstack, @pytest.mark.aws, or both." in result.outlines


def test_marker_is_not_required_without_a_target(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_unmarked(): pass")
    pytester.makeini("[pytest]\nterraform_markers_required = true")

    pytester.runpytest_inprocess("-p", "no:cacheprovider").assert_outcomes(passed=1)
