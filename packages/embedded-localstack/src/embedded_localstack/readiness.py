"""One harmless real call for each AWS service, to know that it works and to have it loaded."""

import time
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from embedded_localstack.errors import NotReadyError

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


def wait_until_ready(
    services: Collection[str],
    *,
    environment: Mapping[str, str],
    seconds: float,
    check: Callable[[], None],
    log_file: Path,
) -> None:
    """Call each service until it answers; ``check`` is asked between tries and raises if waiting is useless."""
    # Imported late: the guardian loads this package too, and LocalStack waits for the guardian.
    import boto3  # noqa: PLC0415
    from botocore.config import Config  # noqa: PLC0415
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

    deadline = time.monotonic() + seconds

    def wait_for(service: str) -> None:
        client = boto3.client(  # type: ignore[call-overload]  # the stubs know literal names only
            service,
            endpoint_url=environment["AWS_ENDPOINT_URL"],
            aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
            region_name=environment["AWS_REGION"],
            config=Config(connect_timeout=1, read_timeout=seconds, retries={"max_attempts": 0}, proxies={}),
        )
        while True:
            try:
                getattr(client, _CALLS[service])()
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
