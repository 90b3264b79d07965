"""AWS as a target: refused without an allow-listed account, a region and an end."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from terraform_harness.errors import (
    AccountError,
    CostCeilingError,
    CredentialsError,
    TargetSettingError,
    UnknownCostError,
)
from terraform_harness.targets.target import ACCOUNTS, Target, allowed_accounts


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a run on AWS may take.

    Args:
        lifetime: After it, a sweep may end what is left; the tag `ExpiresAt`.
        wall_clock: After it, the run is ended in order: its finalizers run.
        dollars: What the stack may cost within its lifetime; None for no ceiling.
    """

    lifetime: timedelta
    wall_clock: timedelta
    dollars: float | None

    def check_cost(self, hourly_dollars: float | None) -> None:
        """Refuse a stack that could cost more than the run may.

        Raises:
            UnknownCostError: There is a ceiling, and nobody told what the stack costs.
            CostCeilingError: It could cost more.
        """
        if self.dollars is None:
            return
        if hourly_dollars is None:
            raise UnknownCostError
        hours = self.lifetime / timedelta(hours=1)
        if hourly_dollars * hours > self.dollars:
            raise CostCeilingError(dollars=hourly_dollars * hours, ceiling=self.dollars, hours=hours)


def aws_limits(shell: Mapping[str, str]) -> Limits:
    """Read the limits from HARNESS_LIFETIME_MINUTES, HARNESS_MAX_MINUTES and HARNESS_MAX_DOLLARS.

    Raises:
        TargetSettingError: The lifetime is missing, or a number is none that is positive.
    """
    lifetime = _number(shell, "HARNESS_LIFETIME_MINUTES", "after so many minutes a sweep may end what is left")
    if lifetime is None:
        raise TargetSettingError(
            variable="HARNESS_LIFETIME_MINUTES", meaning="after so many minutes a sweep may end what is left"
        )
    wall_clock = _number(shell, "HARNESS_MAX_MINUTES", "after so many minutes the run is ended in order")
    return Limits(
        lifetime=timedelta(minutes=lifetime),
        wall_clock=timedelta(minutes=lifetime if wall_clock is None else wall_clock),
        dollars=_number(shell, "HARNESS_MAX_DOLLARS", "what the stack may cost in its lifetime"),
    )


def aws_target(shell: Mapping[str, str], account_of: Callable[[str], str] | None = None) -> Target:
    """The AWS account that the shell's credentials lead to, if it is one to deploy to.

    Args:
        shell: The environment; all of it is the target's.
        account_of: Tells the account id in a region; by default STS does.

    Raises:
        TargetSettingError: HARNESS_AWS_ACCOUNTS or AWS_REGION is missing.
        CredentialsError: The shell has none that AWS takes.
        AccountError: The account is not on the list.
    """
    allowed = allowed_accounts(shell)
    if not allowed:
        raise TargetSettingError(variable=ACCOUNTS, meaning="a comma-separated list of the account ids to deploy to")
    if "AWS_REGION" not in shell:
        raise TargetSettingError(variable="AWS_REGION", meaning="the region to deploy to")
    account = (account_of or _account)(shell["AWS_REGION"])
    if account not in allowed:
        raise AccountError(account=account, allowed=sorted(allowed))
    # Terraform reads the one variable, boto3 the other, and a function has both.
    environment = {**shell, "AWS_DEFAULT_REGION": shell["AWS_REGION"]}
    return Target(name="aws", environment=environment, account=account)


def _account(region: str) -> str:
    try:
        return str(boto3.Session(region_name=region).client("sts").get_caller_identity()["Account"])
    except (BotoCoreError, ClientError) as error:
        raise CredentialsError(reason=str(error)) from None


def _number(shell: Mapping[str, str], variable: str, meaning: str) -> float | None:
    if variable not in shell:
        return None
    refused = TargetSettingError(variable=variable, meaning=f"{meaning}, not '{shell[variable]}'")
    try:
        number = float(shell[variable])
    except ValueError:
        raise refused from None
    if not 0 < number < math.inf:
        raise refused
    return number
