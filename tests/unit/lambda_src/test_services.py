import pytest
from botocore import exceptions

from lambda_src.transaction_processor.errors import ServiceError
from lambda_src.transaction_processor.outcomes import Retry
from lambda_src.transaction_processor.services import CallError, retry_call, retry_code
from tests.unit.lambda_src.fakes import client_error


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (
            client_error("ProvisionedThroughputExceededException", "BatchExecuteStatement"),
            "ProvisionedThroughputExceededException",
        ),
        (client_error("ThrottlingException", "BatchGetItem"), "ThrottlingException"),
        (client_error("SlowDown", "PutObject", status=503), "SlowDown"),
        (client_error("ConditionalRequestConflict", "PutObject", status=409), "ConditionalRequestConflict"),
        (client_error("SomethingNew", "PutObject", status=500), "SomethingNew"),
        (exceptions.ReadTimeoutError(endpoint_url="https://dynamodb.test"), "ReadTimeoutError"),
        (exceptions.ConnectTimeoutError(endpoint_url="https://dynamodb.test"), "ConnectTimeoutError"),
        (exceptions.EndpointConnectionError(endpoint_url="https://dynamodb.test"), "EndpointConnectionError"),
        (exceptions.ConnectionClosedError(endpoint_url="https://dynamodb.test"), "ConnectionClosedError"),
        (exceptions.IncompleteReadError(actual_bytes=1, expected_bytes=2), "IncompleteReadError"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_call_that_may_succeed_later_is_a_retry(error: CallError, code: str) -> None:
    assert retry_call("DynamoDB", error) == Retry(code)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (client_error("AccessDeniedException", "BatchExecuteStatement"), "AccessDeniedException"),
        (client_error("ResourceNotFoundException", "BatchExecuteStatement"), "ResourceNotFoundException"),
        (client_error("NoSuchBucket", "PutObject", status=404), "NoSuchBucket"),
        (client_error("KMS.DisabledException", "PutObject"), "KMS.DisabledException"),
        (exceptions.NoCredentialsError(), "NoCredentialsError"),
        (exceptions.ParamValidationError(report="a parameter"), "ParamValidationError"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_call_that_a_retry_cannot_fix_is_an_error(error: CallError, code: str) -> None:
    with pytest.raises(ServiceError) as raised:
        retry_call("DynamoDB", error)

    assert raised.value.code == code


@pytest.mark.parametrize(
    "code",
    [
        "ThrottlingError",
        "ProvisionedThroughputExceeded",
        "RequestLimitExceeded",
        "InternalServerError",
        "TransactionConflict",
    ],
)
def test_transient_code_of_a_statement_is_a_retry(code: str) -> None:
    assert retry_code("DynamoDB", code) == Retry(code)


@pytest.mark.parametrize("code", ["AccessDenied", "ResourceNotFound"])
def test_other_code_of_a_statement_is_an_error(code: str) -> None:
    with pytest.raises(ServiceError) as raised:
        retry_code("DynamoDB", code)

    assert raised.value.code == code
