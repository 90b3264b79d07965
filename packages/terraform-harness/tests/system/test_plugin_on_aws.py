"""The target aws needs an account, a Region, a lifetime and, with a ceiling, a cost. A LocalStack replaces AWS."""

import pytest

from harness_support.sessions import ENDLESS, buckets_of, errors_of, runs_of
from terraform_harness.targets.target import Target

pytestmark = pytest.mark.localstack("its sessions go to one LocalStack")

ACCOUNT = "000000000000"
MINUTES_NEEDED = (
    "ERROR: The target aws needs HARNESS_LIFETIME_MINUTES in the environment: "
    "minutes until a sweep may delete the resources of the run"
)
ACCOUNTS_NEEDED = (
    "terraform_harness.targets.errors.TargetSettingError: The target aws needs HARNESS_AWS_ACCOUNTS in the "
    "environment: a comma-separated list of the account ids to deploy to."
)
ACCOUNT_REFUSED = (
    f"terraform_harness.targets.errors.AccountError: The credentials belong to account {ACCOUNT}, "
    "and HARNESS_AWS_ACCOUNTS allows only 111111111111. Use other credentials, or add the account."
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
    ids=["no lifetime", "no number"],
)
def test_aws_needs_a_lifetime(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, given: dict[str, str], sentence: str
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)

    result = project.runpytest_subprocess("--tf-target", "aws")

    assert (result.ret, [line for line in result.errlines if line]) == (pytest.ExitCode.USAGE_ERROR, [sentence])


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, ACCOUNTS_NEEDED),
        ({"HARNESS_AWS_ACCOUNTS": "111111111111"}, ACCOUNT_REFUSED),
    ],
    ids=["no list", "another account"],
)
def test_aws_needs_an_allowed_account(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, given: dict[str, str], sentence: str
) -> None:
    at_aws = {"HARNESS_LIFETIME_MINUTES": "60", "AWS_REGION": "us-east-1", **given}
    for name, value in {**at_aws, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}.items():
        monkeypatch.setenv(name, value)

    result = project.runpytest_subprocess("--tf-target", "aws")

    result.assert_outcomes(errors=2)
    assert errors_of(result) == {sentence}


@pytest.fixture
def at_aws(project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """The project in a shell with an allowed account; the LocalStack replaces AWS."""
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


def test_example_passes_on_aws(at_aws: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARNESS_MAX_MINUTES", "10")

    result = at_aws.runpytest_subprocess("--tf-target", "aws")

    result.assert_outcomes(passed=2)
    assert runs_of(at_aws) == []


@pytest.mark.slow
def test_time_limit_stops_the_session_and_leaves_nothing(
    at_aws: pytest.Pytester, target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HARNESS_MAX_MINUTES", "0.5")
    at_aws.makepyfile(test_endless=ENDLESS)

    result = at_aws.runpytest_subprocess("test_endless.py", "--tf-target", "aws")

    assert result.ret == pytest.ExitCode.INTERRUPTED
    assert "the run exceeded its time limit of 0:00:30" in result.stdout.str()
    assert (runs_of(at_aws), buckets_of(at_aws, target)) == ([], [])


def test_cost_ceiling_needs_the_cost_of_the_deployment(
    at_aws: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HARNESS_MAX_DOLLARS", "1")

    result = at_aws.runpytest_subprocess("--tf-target", "aws")

    result.assert_outcomes(errors=2)
    assert errors_of(result) == {
        (
            "terraform_harness.targets.errors.UnknownCostError: HARNESS_MAX_DOLLARS is set, but the cost of the "
            "deployment is unknown. Override the session fixture 'terraform_hourly_dollars', or unset "
            "HARNESS_MAX_DOLLARS."
        )
    }


def test_deployment_above_the_cost_ceiling_is_refused(at_aws: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARNESS_MAX_DOLLARS", "1")
    at_aws.makepyfile(
        test_expensive="""
        import pytest

        @pytest.fixture(scope="session")
        def terraform_hourly_dollars():
            return 1.5

        def test_is_not_reached(terraform_deployment):
            pass
        """
    )

    result = at_aws.runpytest_subprocess("test_expensive.py", "--tf-target", "aws")

    result.assert_outcomes(errors=1)
    assert errors_of(result) == {
        (
            "terraform_harness.targets.errors.CostCeilingError: The deployment could cost $1.50 in the 1 hours of its "
            "lifetime, but HARNESS_MAX_DOLLARS is 1.00. Raise it, or shorten HARNESS_LIFETIME_MINUTES."
        )
    }


# An access key of 12 digits is the account id on LocalStack.
OTHER_ACCOUNT = "222222222222"


def test_provider_with_another_account_is_refused(at_aws: pytest.Pytester, target: Target) -> None:
    set_provider(at_aws, {"access_key": OTHER_ACCOUNT, "secret_key": "test"})

    result = at_aws.runpytest_subprocess("--tf-target", "aws")

    result.assert_outcomes(errors=2)
    assert f"AWS account ID not allowed: {OTHER_ACCOUNT}" in errors_of(result)
    assert (runs_of(at_aws), buckets_of(at_aws, target)) == ([], [])


def test_provider_that_allows_more_accounts_is_refused(at_aws: pytest.Pytester, target: Target) -> None:
    accounts = [ACCOUNT, OTHER_ACCOUNT]
    set_provider(at_aws, {"access_key": "test", "secret_key": "test", "allowed_account_ids": accounts})

    result = at_aws.runpytest_subprocess("--tf-target", "aws")

    result.assert_outcomes(errors=2)
    assert errors_of(result) == {
        (
            "terraform_harness.deployments.errors.AccountUnprovenError: The provider configuration aws sets "
            "access_key, so it may use another account than the shell's credentials. Nothing was changed. Remove that, "
            "or set its allowed_account_ids to accounts in HARNESS_AWS_ACCOUNTS."
        )
    }
    assert (runs_of(at_aws), buckets_of(at_aws, target)) == ([], [])


@pytest.mark.slow
def test_provider_with_credentials_of_the_account_is_accepted(at_aws: pytest.Pytester) -> None:
    set_provider(at_aws, {"access_key": "test", "secret_key": "test"})

    result = at_aws.runpytest_subprocess("--tf-target", "aws")

    result.assert_outcomes(passed=2)


def set_provider(project: pytest.Pytester, settings: dict[str, object]) -> None:
    """Add settings to the provider of the project."""
    conftest = project.path / "conftest.py"
    more = "".join(f'"{name}": {value!r}, ' for name, value in settings.items())
    conftest.write_text(conftest.read_text().replace('{"region": "us-east-1", ', f'{{"region": "us-east-1", {more}'))
