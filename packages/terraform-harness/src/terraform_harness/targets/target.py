"""The target of a run: an AWS account, or a LocalStack."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from terraform_harness.processes import noop
from terraform_harness.targets.clients import ClientFactory, TargetName, client_of

REGION = "us-east-1"
# The account ids that a run on AWS may deploy to, separated by commas.
ACCOUNTS = "HARNESS_AWS_ACCOUNTS"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The target of a run, as Terraform and boto3 need it.

    Args:
        name: The marker of the tests that need it.
        environment: The environment of Terraform; the configuration is the same for every target.
        account: The AWS account of the credentials; None on LocalStack.
        stated_regions: The Regions of the provider configurations, that of the default one first.
        session: The id of a LocalStack process; None if it reports none. A restarted LocalStack has another id.
        is_own: Whether the run started the target, so that nothing else was ever deployed there.
        check: Raises an error if the target is gone.
        log_file: The log of the emulator, if there is one.
        detach: Detaches an embedded LocalStack from this process, and returns the id of the process that holds it.
            The argument is the id of a process to follow: LocalStack stops with it.
    """

    name: TargetName
    environment: Mapping[str, str]
    account: str | None = None
    stated_regions: tuple[str, ...] = ()
    session: str | None = None
    is_own: bool = False
    check: Callable[[], None] = noop
    log_file: Path | None = None
    detach: Callable[[int | None], int] = lambda _: os.getpid()
    _clients: dict[tuple[str, str], Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def endpoint(self) -> str | None:
        """The URL of all services; None on AWS."""
        return self.environment.get("AWS_ENDPOINT_URL")

    @property
    def place(self) -> str:
        """The endpoint of LocalStack, or the account and Region on AWS, as text."""
        return self.endpoint or f"AWS account {self.account} in {self.environment['AWS_REGION']}"

    def budget(self, *, localstack: float, aws: float) -> float:
        """Return the seconds that a wait may take: AWS publishes metrics and applies changes with a delay."""
        return aws if self.endpoint is None else localstack

    @property
    def regions(self) -> tuple[str, ...]:
        """The Regions of a deployment; the first is the default of `client`."""
        return self.stated_regions or (self.environment.get("AWS_REGION", REGION),)

    @property
    def provider_settings(self) -> Mapping[str, Any]:
        """The settings that keep each AWS provider on this target.

        On AWS, the provider refuses another account, whichever credentials it uses. On LocalStack, it loses its own
        endpoints, which would override AWS_ENDPOINT_URL.
        """
        return {"endpoints": [{}]} if self.account is None else {"allowed_account_ids": [self.account]}

    @property
    def allowed_accounts(self) -> frozenset[str]:
        """The AWS accounts in HARNESS_AWS_ACCOUNTS."""
        accounts = (account.strip() for account in self.environment.get(ACCOUNTS, "").split(","))
        return frozenset(filter(None, accounts))

    def in_regions(self, regions: Sequence[str]) -> "Target":
        """Return the same target with the Regions of a deployment."""
        return replace(self, stated_regions=tuple(regions))

    @property
    def client(self) -> ClientFactory:
        """Returns the boto3 client of a service and a Region, with the credentials of this target."""
        return self._client

    def _client(self, service: str, region: str | None = None) -> Any:  # noqa: ANN401 - ClientFactory has the types
        return client_of(self._clients, self.name, service, region or self.regions[0])
