"""The plugin deploys to AWS only with an account, a region, an end and within a ceiling: a LocalStack stands for it."""

import pytest

from harness_support.sessions import buckets_of, errors_of, runs_of
from terraform_harness.targets.target import Target

pytestmark = pytest.mark.localstack("its sessions go to one LocalStack")

ACCOUNT = "000000000000"
MINUTES_NEEDED = (
    "ERROR: --target aws needs HARNESS_LIFETIME_MINUTES in the environment: "
    "after so many minutes a sweep may end what is left"
)
ACCOUNTS_NEEDED = (
    "terraform_harness.errors.TargetSettingError: --target aws needs HARNESS_AWS_ACCOUNTS in the environment: "
    "a comma-separated list of the account ids to deploy to."
)
ACCOUNT_REFUSED = (
    f"terraform_harness.errors.AccountError: These credentials lead to account {ACCOUNT}, "
    "and HARNESS_AWS_ACCOUNTS allows 111111111111 only."
)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (
            {},
            f"{MINUTES_NEEDED}.",
        ),
        (
            {"HARNESS_LIFETIME_MINUTES": "soon"},
            f"{MINUTES_NEEDED}, not 'soon'.",
        ),
    ],
    ids=["no end", "no number"],
)
def test_aws_is_refused_without_an_end(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, given: dict[str, str], sentence: str
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)

    result = project.runpytest_subprocess("--target", "aws")

    assert (result.ret, [line for line in result.errlines if line]) == (pytest.ExitCode.USAGE_ERROR, [sentence])


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, ACCOUNTS_NEEDED),
        ({"HARNESS_AWS_ACCOUNTS": "111111111111"}, ACCOUNT_REFUSED),
    ],
    ids=["no list", "another account"],
)
def test_aws_is_refused_without_an_account_on_the_list(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, given: dict[str, str], sentence: str
) -> None:
    at_aws = {"HARNESS_LIFETIME_MINUTES": "60", "AWS_REGION": "us-east-1", **given}
    for name, value in {**at_aws, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}.items():
        monkeypatch.setenv(name, value)

    result = project.runpytest_subprocess("--target", "aws")

    result.assert_outcomes(errors=2)
    assert errors_of(result) == {sentence}


@pytest.fixture
def at_aws(project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """The project, in a shell that leads to an allowed account: the LocalStack stands for AWS."""
    shell = {
        "HARNESS_AWS_ACCOUNTS": ACCOUNT,
        "HARNESS_LIFETIME_MINUTES": "60",
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }
    for name, value in shell.items():
        monkeypatch.setenv(name, value)
    return project


def test_the_path_to_aws_is_the_one_that_is_run_here(at_aws: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARNESS_MAX_MINUTES", "10")

    result = at_aws.runpytest_subprocess("--target", "aws")

    result.assert_outcomes(passed=2)
    assert runs_of(at_aws) == []


@pytest.mark.slow
def test_the_end_of_the_time_ends_a_run_in_order(
    at_aws: pytest.Pytester, target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HARNESS_MAX_MINUTES", "0.5")
    at_aws.makepyfile(
        test_endless="""
        import signal

        def test_waits_for_ever(deployment):
            signal.pause()
        """
    )

    result = at_aws.runpytest_subprocess("test_endless.py", "--target", "aws")

    assert result.ret == pytest.ExitCode.INTERRUPTED
    assert "the run's time of 0:00:30 is over" in result.stdout.str()
    assert (runs_of(at_aws), buckets_of(at_aws, target)) == ([], [])


def test_a_ceiling_of_cost_is_refused_where_nobody_told_the_cost(
    at_aws: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HARNESS_MAX_DOLLARS", "1")

    result = at_aws.runpytest_subprocess("--target", "aws")

    result.assert_outcomes(errors=2)
    assert errors_of(result) == {
        (
            "terraform_harness.errors.UnknownCostError: HARNESS_MAX_DOLLARS is set, and what the stack costs is not "
            "known: override the session fixture 'hourly_dollars', or unset HARNESS_MAX_DOLLARS."
        )
    }


def test_a_stack_that_could_cost_more_than_the_ceiling_is_not_deployed(
    at_aws: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HARNESS_MAX_DOLLARS", "1")
    at_aws.makepyfile(
        test_dear="""
        import pytest

        @pytest.fixture(scope="session")
        def hourly_dollars():
            return 1.5

        def test_is_not_reached(deployment):
            pass
        """
    )

    result = at_aws.runpytest_subprocess("test_dear.py", "--target", "aws")

    result.assert_outcomes(errors=1)
    assert errors_of(result) == {
        (
            "terraform_harness.errors.CostCeilingError: The stack could cost $1.50 in the 1 hours that the run may "
            "last, and HARNESS_MAX_DOLLARS is 1.00. Raise it, or shorten HARNESS_LIFETIME_MINUTES."
        )
    }


# LocalStack takes an access key of 12 digits for the id of an account.
OTHER_ACCOUNT = "222222222222"


def test_provider_that_leads_to_another_account_is_refused(at_aws: pytest.Pytester, target: Target) -> None:
    set_of_provider(at_aws, {"access_key": OTHER_ACCOUNT, "secret_key": "test"})

    result = at_aws.runpytest_subprocess("--target", "aws")

    result.assert_outcomes(errors=2)
    assert f"AWS account ID not allowed: {OTHER_ACCOUNT}" in errors_of(result)
    assert (runs_of(at_aws), buckets_of(at_aws, target)) == ([], [])


def test_provider_that_allows_more_accounts_is_refused(at_aws: pytest.Pytester, target: Target) -> None:
    accounts = [ACCOUNT, OTHER_ACCOUNT]
    set_of_provider(at_aws, {"access_key": "test", "secret_key": "test", "allowed_account_ids": accounts})

    result = at_aws.runpytest_subprocess("--target", "aws")

    result.assert_outcomes(errors=2)
    assert errors_of(result) == {
        (
            "terraform_harness.errors.AccountUnprovenError: The provider configuration aws sets access_key, so it may "
            "lead to another account than the shell's credentials do. Nothing was changed. Remove that, or set its "
            "allowed_account_ids to accounts in HARNESS_AWS_ACCOUNTS."
        )
    }
    assert (runs_of(at_aws), buckets_of(at_aws, target)) == ([], [])


@pytest.mark.slow
def test_credentials_of_a_provider_may_lead_to_the_allowed_account(at_aws: pytest.Pytester) -> None:
    set_of_provider(at_aws, {"access_key": "test", "secret_key": "test"})

    result = at_aws.runpytest_subprocess("--target", "aws")

    result.assert_outcomes(passed=2)


def set_of_provider(project: pytest.Pytester, settings: dict[str, object]) -> None:
    """Give the provider of the project more settings."""
    conftest = project.path / "conftest.py"
    more = "".join(f'"{name}": {value!r}, ' for name, value in settings.items())
    conftest.write_text(conftest.read_text().replace('{"region": "us-east-1", ', f'{{"region": "us-east-1", {more}'))
