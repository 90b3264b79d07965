"""The real LocalStack, Lambda and DynamoDB included, with neither Docker nor a token."""

from harness.localstack.calls import LAMBDA, Calls, RecordedCall
from harness.localstack.errors import (
    LocalStackDiedError,
    LocalStackError,
    MissingProgramError,
    NoSuchCallError,
    NotReadyError,
    PortBusyError,
    TooManyCallsError,
)
from harness.localstack.faults import Fault, FaultProxy, Faults, Kind
from harness.localstack.keeper import end_kept
from harness.localstack.server import LocalStack
from harness.localstack.settings import client_environment

__all__ = [
    "LAMBDA",
    "Calls",
    "Fault",
    "FaultProxy",
    "Faults",
    "Kind",
    "LocalStack",
    "LocalStackDiedError",
    "LocalStackError",
    "MissingProgramError",
    "NoSuchCallError",
    "NotReadyError",
    "PortBusyError",
    "RecordedCall",
    "TooManyCallsError",
    "client_environment",
    "end_kept",
]
