"""The function's entry point, and its AWS clients."""

import os
from functools import cache
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

from .invocation import Context, Response, World, invoke
from .ledger import Ledger
from .quarantine import Quarantine
from .settings import read_settings

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# Calls are short, and the SDK repeats none: only the batch knows how much time is left and what else is waiting.
_CONFIG = Config(connect_timeout=1, read_timeout=3, retries={"total_max_attempts": 1})


def handle(event: object, context: Context) -> Response:
    """Bring each record of a Kinesis batch to its place; see `invocation.invoke`."""
    return invoke(event, context, _world())


@cache
def _world() -> World:
    """Return what the first invocation finds; the sandbox's later ones use it again, since an import has no effects."""
    settings = read_settings(os.environ)
    return World(
        ledger=Ledger(boto3.client("dynamodb", config=_CONFIG), settings.ledger_table),
        quarantine=Quarantine(_s3, bucket=settings.quarantine_bucket, owner=settings.quarantine_owner),
    )


@cache
def _s3() -> "S3Client":
    """Return a client that most sandboxes never need, because most batches have nothing to reject."""
    return boto3.client("s3", config=_CONFIG)
