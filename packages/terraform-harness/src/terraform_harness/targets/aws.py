"""AWS as a target: refused without allowed accounts, a Region and a lifetime."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from terraform_harness.targets.errors import (
    AccountError,
    CostCeilingError,
    CredentialsError,
    TargetSettingError,
    UnknownCostError,
)
from terraform_harness.targets.target import ACCOUNTS, Target

_LIFETIME = "minutes until a sweep may delete the resources of the run"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The limits of a run on AWS.

    Args:
        lifetime: After it, a sweep may delete the resources of the run; the tag `ExpiresAt`.
        wall_clock: After it, the session is interrupted: its finalizers run.
        dollars: The highest cost of the deployment within its lifetime; None for no limit.
    """

    lifetime: timedelta
    wall_clock: timedelta
    dollars: float | None

    def check_cost(self, hourly_dollars: float | None) -> None:
        """Refuse a deployment that could cost more than the limit.

        Raises:
            UnknownCostError: There is a limit, but the cost is unknown.
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
        TargetSettingError: The lifetime is missing, or a number is not positive.
    """
    lifetime = _number(shell, "HARNESS_LIFETIME_MINUTES", _LIFETIME)
    if lifetime is None:
        raise TargetSettingError(variable="HARNESS_LIFETIME_MINUTES", meaning=_LIFETIME)
    wall_clock = _number(shell, "HARNESS_MAX_MINUTES", "minutes until the session is interrupted")
    return Limits(
        lifetime=timedelta(minutes=lifetime),
        wall_clock=timedelta(minutes=lifetime if wall_clock is None else wall_clock),
        dollars=_number(shell, "HARNESS_MAX_DOLLARS", "the highest cost of the deployment in its lifetime"),
    )


def aws_target(shell: Mapping[str, str], account_of: Callable[[str], str] | None = None) -> Target:
    """Return the AWS account of the shell's credentials as a target.

    Args:
        shell: The environment of the target.
        account_of: Returns the account id in a Region; by default it calls STS.

    Raises:
        TargetSettingError: HARNESS_AWS_ACCOUNTS or AWS_REGION is missing.
        CredentialsError: The account of the credentials is unknown.
        AccountError: HARNESS_AWS_ACCOUNTS does not list the account.
    """
    # Terraform reads AWS_REGION, boto3 AWS_DEFAULT_REGION, and a function has both.
    target = Target(name="aws", environment={**shell, "AWS_DEFAULT_REGION": shell.get("AWS_REGION", "")})
    if not target.allowed_accounts:
        raise TargetSettingError(variable=ACCOUNTS, meaning="a comma-separated list of the account ids to deploy to")
    if "AWS_REGION" not in shell:
        raise TargetSettingError(variable="AWS_REGION", meaning="the Region to deploy to")
    account = (account_of or _account)(shell["AWS_REGION"])
    if account not in target.allowed_accounts:
        raise AccountError(account=account, allowed=sorted(target.allowed_accounts))
    return Target(name="aws", environment=target.environment, account=account)


def _account(region: str) -> str:
    # Importing boto3 takes a fifth of a second, which sessions without a deployment do not need.
    import boto3  # noqa: PLC0415
    from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError  # noqa: PLC0415

    try:
        return boto3.Session(region_name=region).client("sts").get_caller_identity()["Account"]
    except NoCredentialsError:
        raise CredentialsError(reason=None) from None
    except (BotoCoreError, ClientError) as error:
        raise CredentialsError(reason=str(error).rstrip(".")) from None


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
