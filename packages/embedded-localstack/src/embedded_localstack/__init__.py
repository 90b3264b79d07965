"""The real LocalStack, Lambda and DynamoDB included, with neither Docker nor a token."""

from embedded_localstack.call_log import LAMBDA, Calls, RecordedCall
from embedded_localstack.errors import (
    LocalStackDiedError,
    LocalStackError,
    MissingProgramError,
    NoSuchCallError,
    NotReadyError,
    PortBusyError,
    TooManyCallsError,
)
from embedded_localstack.faults import Fault, FaultProxy, Faults, Kind
from embedded_localstack.server import LocalStack
from embedded_localstack.settings import client_environment
from embedded_localstack.supervision.detached import end_kept

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
