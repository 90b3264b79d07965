"""AWS is a target only with an account on the list, a region and an end, and within a ceiling of cost."""

import os
from datetime import timedelta

import pytest

from terraform_harness.errors import (
    AccountError,
    CostCeilingError,
    CredentialsError,
    TargetSettingError,
    UnknownCostError,
)
from terraform_harness.targets.aws import Limits, aws_limits, aws_target

ACCOUNT = "123456789012"
SHELL = {"HARNESS_AWS_ACCOUNTS": f"111111111111, {ACCOUNT}", "AWS_REGION": "eu-central-1", "PATH": "/bin"}


def test_the_target_has_the_region_for_terraform_and_for_boto3() -> None:
    target = aws_target(SHELL, account_of=lambda _: ACCOUNT)

    assert (target.name, target.endpoint, target.place) == ("aws", None, f"AWS account {ACCOUNT} in eu-central-1")
    assert target.environment == {**SHELL, "AWS_DEFAULT_REGION": "eu-central-1"}


@pytest.mark.parametrize(
    ("missing", "meaning"),
    [
        ("HARNESS_AWS_ACCOUNTS", "a comma-separated list of the account ids to deploy to"),
        ("AWS_REGION", "the region to deploy to"),
    ],
)
def test_what_is_missing_is_named(missing: str, meaning: str) -> None:
    shell = {name: value for name, value in SHELL.items() if name != missing}

    with pytest.raises(TargetSettingError) as refused:
        aws_target(shell, account_of=lambda _: ACCOUNT)

    assert str(refused.value) == f"--target aws needs {missing} in the environment: {meaning}."


def test_an_account_that_is_not_on_the_list_is_refused() -> None:
    with pytest.raises(AccountError) as refused:
        aws_target(SHELL, account_of=lambda _: "999999999999")

    assert str(refused.value) == (
        f"These credentials lead to account 999999999999, and HARNESS_AWS_ACCOUNTS allows 111111111111, {ACCOUNT} only."
    )


def test_the_run_ends_with_its_lifetime_unless_it_is_to_end_before() -> None:
    assert aws_limits({"HARNESS_LIFETIME_MINUTES": "60"}) == Limits(
        lifetime=timedelta(hours=1), wall_clock=timedelta(hours=1), dollars=None
    )
    assert aws_limits(
        {"HARNESS_LIFETIME_MINUTES": "60", "HARNESS_MAX_MINUTES": "30", "HARNESS_MAX_DOLLARS": "0.5"}
    ) == Limits(lifetime=timedelta(hours=1), wall_clock=timedelta(minutes=30), dollars=0.5)


@pytest.mark.parametrize("given", ["soon", "", "0", "-5", "nan", "inf"])
def test_an_end_that_is_no_positive_number_is_refused(given: str) -> None:
    with pytest.raises(TargetSettingError) as refused:
        aws_limits({"HARNESS_LIFETIME_MINUTES": "60", "HARNESS_MAX_MINUTES": given})

    assert str(refused.value) == (
        "--target aws needs HARNESS_MAX_MINUTES in the environment: "
        f"after so many minutes the run is ended in order, not '{given}'."
    )


def test_a_stack_that_could_cost_more_within_its_lifetime_is_refused() -> None:
    limits = aws_limits({"HARNESS_LIFETIME_MINUTES": "180", "HARNESS_MAX_DOLLARS": "2"})

    limits.check_cost(0.6)
    with pytest.raises(CostCeilingError) as refused:
        limits.check_cost(0.7)

    assert str(refused.value) == (
        "The stack could cost $2.10 in the 3 hours that the run may last, and HARNESS_MAX_DOLLARS is 2.00. "
        "Raise it, or shorten HARNESS_LIFETIME_MINUTES."
    )


def test_a_ceiling_of_cost_is_worth_nothing_where_nobody_told_the_cost() -> None:
    limits = aws_limits({"HARNESS_LIFETIME_MINUTES": "180", "HARNESS_MAX_DOLLARS": "2"})

    with pytest.raises(UnknownCostError) as refused:
        limits.check_cost(None)

    assert str(refused.value) == (
        "HARNESS_MAX_DOLLARS is set, and what the stack costs is not known: "
        "override the session fixture 'hourly_dollars', or unset HARNESS_MAX_DOLLARS."
    )


def test_without_a_ceiling_nobody_has_to_tell_the_cost() -> None:
    aws_limits({"HARNESS_LIFETIME_MINUTES": "180"}).check_cost(None)


def test_a_shell_without_credentials_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)

    with pytest.raises(CredentialsError) as refused:
        aws_target(SHELL)

    assert str(refused.value) == "AWS does not tell whose credentials these are: Unable to locate credentials"
