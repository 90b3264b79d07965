"""Waits until AWS services respond to one harmless API call each, which also loads them."""

import time
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from embedded_localstack.errors import NotReadyError, UnknownServiceError

if TYPE_CHECKING:
    from boto3 import Session

_CALLS = {
    "cloudwatch": "describe_alarms",
    "dynamodb": "list_tables",
    "ec2": "describe_vpcs",
    "events": "list_rules",
    "iam": "list_roles",
    "kinesis": "list_streams",
    "kms": "list_keys",
    "lambda": "list_functions",
    "logs": "describe_log_groups",
    "s3": "list_buckets",
    "sns": "list_topics",
    "sqs": "list_queues",
    "sts": "get_caller_identity",
}
_SECONDS_BETWEEN_TRIES = 0.05


def assert_supported(services: Collection[str]) -> None:
    """Raise UnknownServiceError if the readiness check has no call for a service."""
    for service in services:
        if service not in _CALLS:
            raise UnknownServiceError(service=service, supported=_CALLS)


def wait_until_ready(
    services: Collection[str],
    *,
    session: "Session",
    seconds: float,
    check: Callable[[], None],
    log_file: Path,
) -> None:
    """Call each service until it responds; ``check`` runs between tries and raises if LocalStack has stopped."""
    # These imports are late because the supervisor imports this package too, and LocalStack waits for it.
    from botocore.config import Config  # noqa: PLC0415
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

    deadline = time.monotonic() + seconds
    config = Config(connect_timeout=1, read_timeout=seconds, retries={"max_attempts": 0})
    # A session creates one client at a time.
    clients = {
        service: session.client(service, config=config)  # type: ignore[call-overload]  # the stubs take literals only
        for service in {"sts", *services}
    }

    def wait_for(service: str) -> None:
        while True:
            try:
                getattr(clients[service], _CALLS[service])()
            except (BotoCoreError, ClientError) as error:
                check()
                if time.monotonic() > deadline:
                    raise NotReadyError(
                        service=service, seconds=seconds, problem=str(error), log_file=log_file
                    ) from error
                time.sleep(_SECONDS_BETWEEN_TRIES)
            else:
                return

    wait_for("sts")
    with ThreadPoolExecutor(max_workers=len(_CALLS)) as pool:
        list(pool.map(wait_for, services))
