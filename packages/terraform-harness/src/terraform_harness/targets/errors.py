"""The errors of a target: AWS or LocalStack cannot be used."""

from collections.abc import Sequence

from terraform_harness.errors import HarnessError


class TargetError(HarnessError):
    """A target cannot be used."""


class TargetGoneError(TargetError):
    """A LocalStack does not answer."""

    def __init__(self, *, endpoint: str | None) -> None:
        super().__init__(f"The LocalStack at {endpoint} does not answer. Start it again, or unset AWS_ENDPOINT_URL.")


class EndpointMissingError(TargetError):
    """A command needs a LocalStack, and its address is not set."""

    def __init__(self) -> None:
        super().__init__("The address of LocalStack is not set. Set AWS_ENDPOINT_URL, or use --target aws.")


class EmbeddedMissingError(TargetError):
    """The package embedded-localstack is not installed."""

    def __init__(self) -> None:
        super().__init__(
            "The package embedded-localstack is not installed. Run pip install 'terraform-harness[localstack]', or set "
            "AWS_ENDPOINT_URL to the address of a LocalStack."
        )


class TargetSettingError(TargetError):
    """An environment variable that the target AWS needs is missing or wrong."""

    def __init__(self, *, variable: str, meaning: str) -> None:
        super().__init__(f"The target aws needs {variable} in the environment: {meaning}.")


class CredentialsError(TargetError):
    """The account of the shell's credentials is unknown; `reason` is None if there are no credentials."""

    def __init__(self, *, reason: str | None) -> None:
        super().__init__(
            "No AWS credentials found. Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
            if reason is None
            else f"AWS did not return the account of the credentials: {reason}. Check them, and the connection to AWS."
        )


class AccountError(TargetError):
    """HARNESS_AWS_ACCOUNTS does not list the account of the credentials."""

    def __init__(self, *, account: str, allowed: Sequence[str]) -> None:
        super().__init__(
            f"The credentials belong to account {account}, and HARNESS_AWS_ACCOUNTS allows only {', '.join(allowed)}. "
            "Use other credentials, or add the account."
        )


class UnknownCostError(TargetError):
    """HARNESS_MAX_DOLLARS is set, but the cost of the deployment is unknown."""

    def __init__(self) -> None:
        super().__init__(
            "HARNESS_MAX_DOLLARS is set, but the cost of the deployment is unknown. "
            "Override the session fixture 'terraform_hourly_dollars', or unset HARNESS_MAX_DOLLARS."
        )


class CostCeilingError(TargetError):
    """The deployment could cost more than HARNESS_MAX_DOLLARS."""

    def __init__(self, *, dollars: float, ceiling: float, hours: float) -> None:
        super().__init__(
            f"The deployment could cost ${dollars:.2f} in the {hours:g} hours of its lifetime, but "
            f"HARNESS_MAX_DOLLARS is {ceiling:.2f}. Raise it, or shorten HARNESS_LIFETIME_MINUTES."
        )
