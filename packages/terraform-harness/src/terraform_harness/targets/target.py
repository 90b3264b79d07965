"""Where a run deploys to: an embedded LocalStack, one that answers at AWS_ENDPOINT_URL, or AWS."""

import json
import os
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import boto3
import localstack_client.session

from embedded_localstack import LocalStack, client_environment
from terraform_harness.errors import TargetGoneError
from terraform_harness.processes import noop

type TargetName = Literal["localstack", "aws"]
# boto3's clients have a type for each service, made at run time; the name says which one it is.
type Client = Any

REGION = "us-east-1"
LOCALSTACK = "localstack"
_HEALTH, _INFO = "/_localstack/health", "/_localstack/info"
_ANSWER_SECONDS = 2.0
# What terraform needs of the shell it is started from; credentials and profiles of the developer are not among it.
_PASSED_ON = ("PATH", "HOME", "TMPDIR", "LANG", "TF_PLUGIN_CACHE_DIR", "TF_PROVIDER_MIRROR", "SSL_CERT_FILE")
# Where a run on AWS may deploy to: account ids, separated by commas.
ACCOUNTS = "HARNESS_AWS_ACCOUNTS"


def _nobody(_: int | None) -> int:
    """A target that is not ours needs no keeper."""
    return os.getpid()


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What terraform and boto3 need to know of the place that a run deploys to.

    Args:
        name: What tests are marked with.
        environment: The environment for terraform: the same JSON goes to every target.
        account: The AWS account that its credentials lead to; None on LocalStack.
        stated_regions: The Regions of the provider configurations, that of the default one first.
        session: The id of a LocalStack, which is another one after a restart; None if it has none.
        is_own: Whether the run started it: then nothing else was ever deployed to it.
        check: Raises if the target is gone.
        log_file: The emulator's log, where there is one.
        hand_over: Lets an embedded LocalStack outlive this process, until the process with the given id ends, if one
            is given; returns the id of the process that keeps it.
    """

    name: TargetName
    environment: Mapping[str, str]
    account: str | None = None
    stated_regions: tuple[str, ...] = ()
    session: str | None = None
    is_own: bool = False
    check: Callable[[], None] = noop
    log_file: Path | None = None
    hand_over: Callable[[int | None], int] = _nobody
    _clients: dict[tuple[str, str], Client] = field(default_factory=dict, repr=False, compare=False)

    @property
    def endpoint(self) -> str | None:
        """The one URL of all services, or None on AWS."""
        return self.environment.get("AWS_ENDPOINT_URL")

    @property
    def place(self) -> str:
        """Which one of its kind it is, in words."""
        return self.endpoint or f"AWS account {self.account} in {self.environment['AWS_REGION']}"

    def budget(self, *, localstack: float, aws: float) -> float:
        """The seconds that a wait may take here: AWS publishes metrics and settles changes minutes later."""
        return aws if self.endpoint is None else localstack

    @property
    def regions(self) -> tuple[str, ...]:
        """The Regions that a deployment reaches; the first is the default of `client`."""
        return self.stated_regions or (self.environment.get("AWS_REGION", REGION),)

    @property
    def provider_settings(self) -> Mapping[str, Any]:
        """What keeps the AWS provider on this target, whatever its configuration says.

        On AWS the provider refuses another account, whichever credentials it uses. On LocalStack it has no endpoints
        of its own, which would outweigh AWS_ENDPOINT_URL.
        """
        return {"endpoints": [{}]} if self.account is None else {"allowed_account_ids": [self.account]}

    @property
    def allowed_accounts(self) -> frozenset[str]:
        """The AWS accounts that may be deployed to."""
        return allowed_accounts(self.environment)

    def in_regions(self, regions: Sequence[str]) -> "Target":
        """The same target, with the Regions of a deployment."""
        return replace(self, stated_regions=tuple(regions))

    def client(self, service: str, region: str | None = None) -> Client:
        """The boto3 client of a service for this target, whatever the shell's own credentials say.

        Args:
            service: As boto3 names it.
            region: By default that of the deployment's default provider configuration.
        """
        region = region or self.regions[0]
        # Making a client takes longer than most calls, and one serves all threads.
        if (service, region) not in self._clients:
            self._clients[service, region] = self._session(region).client(service)
        return self._clients[service, region]

    def _session(self, region: str) -> Client:
        if self.name == "aws":
            return boto3.Session(region_name=region)
        return localstack_client.session.Session(
            aws_access_key_id="test",
            aws_secret_access_key="test",  # noqa: S106 - what LocalStack expects
            aws_session_token=None,
            region_name=region,
        )


def allowed_accounts(environment: Mapping[str, str]) -> frozenset[str]:
    """The account ids in HARNESS_AWS_ACCOUNTS."""
    return frozenset(account.strip() for account in environment.get(ACCOUNTS, "").split(",") if account.strip())


def answers(endpoint: str) -> bool:
    """Whether a LocalStack answers at a URL."""
    try:
        with urllib.request.urlopen(f"{endpoint}{_HEALTH}", timeout=_ANSWER_SECONDS) as answer:  # noqa: S310 - the user's own URL
            return bool(answer.status == 200)  # noqa: PLR2004 - HTTP's OK
    except (OSError, urllib.error.URLError, ValueError):
        return False


def session_of(endpoint: str) -> str | None:
    """The id that a LocalStack has from its start to its end; None if it does not tell one."""
    try:
        with urllib.request.urlopen(f"{endpoint}{_INFO}", timeout=_ANSWER_SECONDS) as answer:  # noqa: S310 - the user's own URL
            told = json.load(answer).get("session_id")
    except (OSError, ValueError):
        return None
    return str(told) if told else None


def localstack_environment(endpoint: str, shell: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The environment that sends terraform and boto3 to a LocalStack, with none of the developer's credentials."""
    passed_on = {name: shell[name] for name in _PASSED_ON if name in shell}
    return {**passed_on, **client_environment(endpoint)}


@contextmanager
def localstack_target(run: Path, *, endpoint: str | None = None, port: int | None = None) -> Iterator[Target]:
    """The LocalStack at an endpoint if one answers there, else an embedded one that ends with the block.

    Args:
        run: The run's folder; an embedded LocalStack has its folders and its log in there.
        endpoint: Usually AWS_ENDPOINT_URL.
        port: For an embedded LocalStack; by default a free one.
    """
    if endpoint is not None and answers(endpoint):
        with reached_target(endpoint) as target:
            yield target
        return
    with LocalStack(run / LOCALSTACK, port=port) as localstack, clients_to(localstack.endpoint_url):
        yield Target(
            name="localstack",
            environment=localstack_environment(localstack.endpoint_url),
            session=session_of(localstack.endpoint_url),
            is_own=True,
            check=localstack.check,
            log_file=localstack.log_file,
            hand_over=localstack.hand_over,
        )


@contextmanager
def reached_target(endpoint: str) -> Iterator[Target]:
    """A LocalStack that runs already, and belongs to somebody else."""

    def check() -> None:
        if not answers(endpoint):
            raise TargetGoneError(endpoint=endpoint)

    check()
    with clients_to(endpoint):
        yield Target(
            name="localstack",
            environment=localstack_environment(endpoint),
            session=session_of(endpoint),
            check=check,
        )


@contextmanager
def clients_to(endpoint: str | None) -> Iterator[None]:
    """Send boto3 and localstack-client to an endpoint, or to AWS: both read it from this variable."""
    before = os.environ.pop("AWS_ENDPOINT_URL", None)
    if endpoint is not None:
        os.environ["AWS_ENDPOINT_URL"] = endpoint
    try:
        yield
    finally:
        os.environ.pop("AWS_ENDPOINT_URL", None)
        if before is not None:
            os.environ["AWS_ENDPOINT_URL"] = before
