"""AWS is a target only with an allowed account, a Region, a lifetime, and a cost below the limit."""

import os
from datetime import timedelta

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError

from terraform_harness.targets.aws import Limits, aws_limits, aws_target
from terraform_harness.targets.errors import (
    AccountError,
    CostCeilingError,
    CredentialsError,
    TargetSettingError,
    UnknownCostError,
)

ACCOUNT = "123456789012"
SHELL = {"HARNESS_AWS_ACCOUNTS": f"111111111111, {ACCOUNT}", "AWS_REGION": "eu-central-1", "PATH": "/bin"}


def test_target_has_the_region_for_terraform_and_for_boto3() -> None:
    target = aws_target(SHELL, account_of=lambda _: ACCOUNT)

    assert (target.name, target.endpoint, target.place) == ("aws", None, f"AWS account {ACCOUNT} in eu-central-1")
    assert target.environment == {**SHELL, "AWS_DEFAULT_REGION": "eu-central-1"}
    assert target.account == ACCOUNT


@pytest.mark.parametrize(
    ("missing", "meaning"),
    [
        ("HARNESS_AWS_ACCOUNTS", "a comma-separated list of the account ids to deploy to"),
        ("AWS_REGION", "the Region to deploy to"),
    ],
)
def test_missing_setting_is_named(missing: str, meaning: str) -> None:
    shell = {name: value for name, value in SHELL.items() if name != missing}

    with pytest.raises(TargetSettingError) as refused:
        aws_target(shell, account_of=lambda _: ACCOUNT)

    assert str(refused.value) == f"The target aws needs {missing} in the environment: {meaning}."


def test_account_that_is_not_allowed_is_refused() -> None:
    with pytest.raises(AccountError) as refused:
        aws_target(SHELL, account_of=lambda _: "999999999999")

    assert str(refused.value) == (
        "The credentials belong to account 999999999999, and HARNESS_AWS_ACCOUNTS allows only 111111111111, "
        f"{ACCOUNT}. Use other credentials, or add the account."
    )


def test_session_may_last_as_long_as_the_run_unless_limited() -> None:
    assert aws_limits({"HARNESS_LIFETIME_MINUTES": "60"}) == Limits(
        lifetime=timedelta(hours=1), wall_clock=timedelta(hours=1), dollars=None
    )
    assert aws_limits(
        {"HARNESS_LIFETIME_MINUTES": "60", "HARNESS_MAX_MINUTES": "30", "HARNESS_MAX_DOLLARS": "0.5"}
    ) == Limits(lifetime=timedelta(hours=1), wall_clock=timedelta(minutes=30), dollars=0.5)


def test_lifetime_is_required() -> None:
    with pytest.raises(TargetSettingError) as refused:
        aws_limits({})

    assert str(refused.value) == (
        "The target aws needs HARNESS_LIFETIME_MINUTES in the environment: "
        "minutes until a sweep may delete the resources of the run."
    )


@pytest.mark.parametrize("given", ["soon", "", "0", "-5", "nan", "inf"])
def test_limit_must_be_a_positive_number(given: str) -> None:
    with pytest.raises(TargetSettingError) as refused:
        aws_limits({"HARNESS_LIFETIME_MINUTES": "60", "HARNESS_MAX_MINUTES": given})

    assert str(refused.value) == (
        "The target aws needs HARNESS_MAX_MINUTES in the environment: "
        f"minutes until the session is interrupted, not '{given}'."
    )


def test_deployment_that_could_cost_more_than_the_limit_is_refused() -> None:
    limits = aws_limits({"HARNESS_LIFETIME_MINUTES": "180", "HARNESS_MAX_DOLLARS": "2"})

    limits.check_cost(0.6)
    with pytest.raises(CostCeilingError) as refused:
        limits.check_cost(0.7)

    assert str(refused.value) == (
        "The deployment could cost $2.10 in the 3 hours of its lifetime, but HARNESS_MAX_DOLLARS is 2.00. "
        "Raise it, or shorten HARNESS_LIFETIME_MINUTES."
    )


def test_unknown_cost_is_refused_if_there_is_a_limit() -> None:
    limits = aws_limits({"HARNESS_LIFETIME_MINUTES": "180", "HARNESS_MAX_DOLLARS": "2"})

    with pytest.raises(UnknownCostError) as refused:
        limits.check_cost(None)

    assert str(refused.value) == (
        "HARNESS_MAX_DOLLARS is set, but the cost of the deployment is unknown. "
        "Override the session fixture 'terraform_hourly_dollars', or unset HARNESS_MAX_DOLLARS."
    )


def test_unknown_cost_is_accepted_without_a_limit() -> None:
    aws_limits({"HARNESS_LIFETIME_MINUTES": "180"}).check_cost(None)


def test_missing_credentials_are_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)

    with pytest.raises(CredentialsError) as refused:
        aws_target(SHELL)

    assert str(refused.value) == (
        "No AWS credentials found. Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
    )


class Sts:
    """Fails each call."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def get_caller_identity(self) -> None:
        raise self.error


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (
            NoCredentialsError(),
            "No AWS credentials found. Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
        ),
        (
            ClientError({"Error": {"Code": "ExpiredToken", "Message": "The token has expired."}}, "GetCallerIdentity"),
            (
                "AWS did not return the account of the credentials: An error occurred (ExpiredToken) when calling the "
                "GetCallerIdentity operation: The token has expired. Check them, and the connection to AWS."
            ),
        ),
        (
            EndpointConnectionError(endpoint_url="https://sts.example"),
            (
                "AWS did not return the account of the credentials: Could not connect to the endpoint URL: "
                '"https://sts.example". Check them, and the connection to AWS.'
            ),
        ),
    ],
    ids=["none", "expired", "no network"],
)
def test_account_must_be_known(monkeypatch: pytest.MonkeyPatch, error: Exception, text: str) -> None:
    monkeypatch.setattr(boto3.Session, "client", lambda *_: Sts(error))

    with pytest.raises(CredentialsError) as refused:
        aws_target(SHELL)

    assert str(refused.value) == text
