import pytest
from botocore import exceptions

from lambda_src.transaction_processor.errors import ServiceError, UnavailableError
from lambda_src.transaction_processor.services import CallError, call_failure, failure
from tests.unit.lambda_src.fakes import client_error


@pytest.mark.parametrize(
    "error",
    [
        client_error("ProvisionedThroughputExceededException", "BatchExecuteStatement"),
        client_error("ThrottlingException", "BatchGetItem"),
        client_error("SlowDown", "PutObject", status=503),
        client_error("ConditionalRequestConflict", "PutObject", status=409),
        client_error("SomethingNew", "PutObject", status=500),
        exceptions.ReadTimeoutError(endpoint_url="https://dynamodb.test"),
        exceptions.ConnectTimeoutError(endpoint_url="https://dynamodb.test"),
        exceptions.EndpointConnectionError(endpoint_url="https://dynamodb.test"),
        exceptions.ConnectionClosedError(endpoint_url="https://dynamodb.test"),
        exceptions.IncompleteReadError(actual_bytes=1, expected_bytes=2),
    ],
    ids=lambda error: type(error).__name__ + getattr(error, "operation_name", ""),
)
def test_a_call_that_may_succeed_later_means_that_the_service_is_unavailable(error: CallError) -> None:
    assert type(call_failure("DynamoDB", error)) is UnavailableError


@pytest.mark.parametrize(
    "error",
    [
        client_error("AccessDeniedException", "BatchExecuteStatement"),
        client_error("ResourceNotFoundException", "BatchExecuteStatement"),
        client_error("NoSuchBucket", "PutObject", status=404),
        client_error("KMS.DisabledException", "PutObject"),
        exceptions.NoCredentialsError(),
        exceptions.ParamValidationError(report="a parameter"),
    ],
    ids=lambda error: type(error).__name__ + getattr(error, "operation_name", ""),
)
def test_a_call_that_no_retry_mends_is_for_the_operator(error: CallError) -> None:
    assert type(call_failure("DynamoDB", error)) is ServiceError


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("ThrottlingError", UnavailableError),
        ("ProvisionedThroughputExceeded", UnavailableError),
        ("RequestLimitExceeded", UnavailableError),
        ("InternalServerError", UnavailableError),
        ("TransactionConflict", UnavailableError),
        ("AccessDenied", ServiceError),
        ("ResourceNotFound", ServiceError),
    ],
)
def test_each_code_of_a_statement_is_known(code: str, kind: type[Exception]) -> None:
    assert type(failure("DynamoDB", code)) is kind


def test_an_unavailable_service_is_a_sentence() -> None:
    assert str(failure("DynamoDB", "ThrottlingError")) == (
        "DynamoDB is unavailable for the moment (ThrottlingError). The record will be tried again."
    )
