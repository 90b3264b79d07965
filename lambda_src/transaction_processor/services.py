"""What it means when an AWS service does not do what it was asked: try again, or tell the operator."""

from botocore import exceptions

from .errors import ServiceError, UnavailableError

type CallError = exceptions.BotoCoreError | exceptions.ClientError

CALL_ERRORS = (exceptions.BotoCoreError, exceptions.ClientError)
"""What boto3 raises when a call fails as a whole."""

_NO_ANSWER = (exceptions.ConnectionError, exceptions.HTTPClientError, exceptions.IncompleteReadError)
_SERVER_ERROR = 500
_TRANSIENT = frozenset(
    {
        # What DynamoDB says of one statement of a batch.
        "InternalServerError",
        "ProvisionedThroughputExceeded",
        "RequestLimitExceeded",
        "ThrottlingError",
        "TransactionConflict",
        # What DynamoDB and S3 say of a call.
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


def call_failure(service: str, error: CallError) -> UnavailableError | ServiceError:
    """Return our error for a call that failed; the service's message stays behind, since it may quote a payload."""
    if isinstance(error, exceptions.ClientError):
        if error.response["ResponseMetadata"]["HTTPStatusCode"] >= _SERVER_ERROR:
            return UnavailableError(service, error_code(error))
        return failure(service, error_code(error))
    if isinstance(error, _NO_ANSWER):
        return UnavailableError(service, type(error).__name__)
    return ServiceError(service, type(error).__name__)


def failure(service: str, code: str) -> UnavailableError | ServiceError:
    """Return our error for an answer with this code."""
    return UnavailableError(service, code) if code in _TRANSIENT else ServiceError(service, code)


def error_code(error: exceptions.ClientError) -> str:
    """Return the code that the service gave."""
    return error.response["Error"]["Code"]
