"""The real LocalStack, Lambda and DynamoDB included, with neither Docker nor a token."""

from harness.localstack.errors import (
    LocalStackDiedError,
    LocalStackError,
    MissingProgramError,
    NotReadyError,
    PortBusyError,
)
from harness.localstack.server import LocalStack

__all__ = [
    "LocalStack",
    "LocalStackDiedError",
    "LocalStackError",
    "MissingProgramError",
    "NotReadyError",
    "PortBusyError",
]
