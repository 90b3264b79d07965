"""The real LocalStack, including Lambda and DynamoDB, without Docker and without a token."""

from embedded_localstack.call_log import LAMBDA, CallLog, RecordedCall
from embedded_localstack.errors import (
    InstallFailedError,
    LocalStackDiedError,
    LocalStackError,
    MissingProgramError,
    NoSuchCallError,
    NotReadyError,
    PortBusyError,
    TooManyCallsError,
    UnknownServiceError,
)
from embedded_localstack.faults import Fault, FaultProxy, Faults, Kind
from embedded_localstack.server import LocalStack
from embedded_localstack.settings import client_environment
from embedded_localstack.supervision.detached import stop_detached

__all__ = [
    "LAMBDA",
    "CallLog",
    "Fault",
    "FaultProxy",
    "Faults",
    "InstallFailedError",
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
    "UnknownServiceError",
    "client_environment",
    "stop_detached",
]
