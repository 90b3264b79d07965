"""What an AWS service's answer means for a record: try again, or tell the operator."""

from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError

from .errors import ServiceError, UnavailableError

# Answers after which the same call may succeed; statements of a batch use the first spelling, whole calls the second.
_TRANSIENT = frozenset(
    {
        "InternalServerError",
        "ProvisionedThroughputExceeded",
        "RequestLimitExceeded",
        "ThrottlingError",
        "TransactionConflict",
        "ConditionalRequestConflict",
        "InternalError",
        "InternalFailure",
        "OperationAborted",
        "ProvisionedThroughputExceededException",
        "RequestTimeout",
        "RequestTimeoutException",
        "ServiceUnavailable",
        "SlowDown",
        "ThrottlingException",
        "TransactionConflictException",
    }
)
_SERVER_ERROR = 500


def failure(service: str, error: BotoCoreError | ClientError) -> UnavailableError | ServiceError:
    """Return our error for a call that failed as a whole.

    The service's own message stays behind: it may quote a payload.
    """
    if isinstance(error, ClientError):
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        code = error.response.get("Error", {}).get("Code", "Unknown")
        return code_failure(service, code, transient=status >= _SERVER_ERROR)
    return code_failure(service, type(error).__name__, transient=isinstance(error, HTTPClientError))


def code_failure(service: str, code: str, *, transient: bool = False) -> UnavailableError | ServiceError:
    """Return our error for an answer with this code."""
    if transient or code in _TRANSIENT:
        return UnavailableError(service, code)
    return ServiceError(service, code)
