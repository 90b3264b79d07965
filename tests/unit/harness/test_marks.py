"""A test runs where it is marked to be proven."""

import pytest

TESTS = """
import pytest

@pytest.fixture
def run():
    return None

@pytest.fixture
def target(run):
    return None

def test_unmarked(target): pass

@pytest.mark.localstack
@pytest.mark.aws
def test_on_both(target): pass

@pytest.mark.localstack("AWS cannot be told to fail")
def test_on_localstack(target): pass

@pytest.mark.aws("LocalStack publishes no such metric")
def test_on_aws(target): pass
"""
ON_AWS_ONLY = "proven on aws only: LocalStack publishes no such metric"
ON_LOCALSTACK_ONLY = "proven on localstack only: AWS cannot be told to fail"
AT_AWS = {"HARNESS_LIFETIME_MINUTES": "60"}


@pytest.fixture
def session(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A project with a test of each kind, in a shell that leads nowhere."""
    pytester.makepyfile(TESTS)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.setenv("HARNESS_LIFETIME_MINUTES", "60")
    return pytester


def outcomes(session: pytest.Pytester, *options: str) -> dict[str, str]:
    """Each test's outcome, or the reason for which it was skipped."""
    recorded = session.inline_run("-p", "harness.plugin", *options)
    reports = [*recorded.getreports("pytest_runtest_logreport")]
    ended = [report for report in reports if report.skipped or report.when == "call"]
    return {
        report.nodeid.rpartition("_")[-1]: report.longrepr[2].removeprefix("Skipped: ") if report.skipped else "passed"  # type: ignore[index]
        for report in ended
    }


def test_on_localstack_what_is_proven_on_aws_only_is_skipped(session: pytest.Pytester) -> None:
    assert outcomes(session) == {"unmarked": "passed", "both": "passed", "localstack": "passed", "aws": ON_AWS_ONLY}


def test_on_aws_what_is_proven_on_localstack_only_is_skipped(session: pytest.Pytester) -> None:
    assert outcomes(session, "--target", "aws") == {
        "unmarked": "passed",
        "both": "passed",
        "localstack": ON_LOCALSTACK_ONLY,
        "aws": "passed",
    }


def test_where_a_localstack_stands_for_aws_only_what_is_proven_on_both_runs(
    session: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")

    assert outcomes(session, "--target", "aws") == {
        "unmarked": "passed",
        "both": "passed",
        "localstack": ON_LOCALSTACK_ONLY,
        "aws": ON_AWS_ONLY,
    }


def test_where_marks_are_required_a_test_without_one_fails_before_it_is_set_up(session: pytest.Pytester) -> None:
    session.makeini("[pytest]\nharness_marks_required = true")

    result = session.runpytest_inprocess("-p", "harness.plugin", "-p", "no:cacheprovider")

    result.assert_outcomes(passed=2, skipped=1, errors=1)
    assert (
        "It does not say where it is proven: mark it with @pytest.mark.localstack, @pytest.mark.aws, or both."
        in result.outlines
    )
