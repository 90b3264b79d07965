"""Classification of failed AWS calls: a retry may help, or an operator must act."""

from botocore import exceptions

from .errors import ServiceError
from .outcomes import Retry

type CallError = exceptions.BotoCoreError | exceptions.ClientError

CALL_ERRORS = (exceptions.BotoCoreError, exceptions.ClientError)
"""The exceptions that boto3 raises for a failed call."""

_NO_RESPONSE = (exceptions.ConnectionError, exceptions.HTTPClientError, exceptions.IncompleteReadError)
_SERVER_ERROR = 500
_TRANSIENT = frozenset(
    {
        # Codes of DynamoDB for one statement of a batch.
        "InternalServerError",
        "ProvisionedThroughputExceeded",
        "RequestLimitExceeded",
        "ThrottlingError",
        "TransactionConflict",
        # Codes of DynamoDB and S3 for a whole call.
        "ConditionalRequestConflict",
        "InternalError",
        "InternalFailure",
        "OperationAborted",
        "ProvisionedThroughputExceededException",
        "RequestTimeout",
        "ServiceUnavailable",
        "SlowDown",
        "ThrottlingException",
        "TransactionConflictException",
    }
)


def retry_call(service: str, error: CallError) -> Retry:
    """Return the outcome for a call that failed for the moment, without the message, which may quote a payload.

    Raises:
        ServiceError: A retry cannot help.
    """
    if isinstance(error, exceptions.ClientError):
        if error.response["ResponseMetadata"]["HTTPStatusCode"] >= _SERVER_ERROR:
            return Retry(error_code(error))
        return retry_code(service, error_code(error))
    if isinstance(error, _NO_RESPONSE):
        return Retry(type(error).__name__)
    raise ServiceError(service, type(error).__name__) from None


def retry_code(service: str, code: str) -> Retry:
    """Return the outcome for an error code that means a failure for the moment.

    Raises:
        ServiceError: A retry cannot help.
    """
    if code in _TRANSIENT:
        return Retry(code)
    raise ServiceError(service, code) from None


def error_code(error: exceptions.ClientError) -> str:
    """Return the error code of the service."""
    return error.response["Error"]["Code"]
