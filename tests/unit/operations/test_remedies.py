"""Errors of boto3: the remedy fits the cause."""

import pytest
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    EndpointConnectionError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
    ProfileNotFound,
)

from operations.remedies import explain

SET_CREDENTIALS = "Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."


@pytest.mark.parametrize(
    ("error", "reason", "remedy"),
    [
        (NoCredentialsError(), "no AWS credentials found", SET_CREDENTIALS),
        (
            PartialCredentialsError(provider="env", cred_var="AWS_SECRET_ACCESS_KEY"),
            "the AWS credentials are incomplete",
            SET_CREDENTIALS,
        ),
        (NoRegionError(), "no AWS Region is set", "Set AWS_REGION."),
        (
            EndpointConnectionError(endpoint_url="http://localhost:4566"),
            'Could not connect to the endpoint URL: "http://localhost:4566"',
            "Check the network, AWS_REGION and, if it is set, AWS_ENDPOINT_URL.",
        ),
        (
            ProfileNotFound(profile="prod"),
            "The config profile (prod) could not be found",
            "Check the AWS configuration of this shell, such as AWS_PROFILE.",
        ),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BotoCoreError) else "",
)
def test_error_of_the_client(error: BotoCoreError, reason: str, remedy: str) -> None:
    assert explain(error) == (reason, remedy)


@pytest.mark.parametrize(
    ("code", "remedy"),
    [
        ("ExpiredTokenException", f"AWS rejected the credentials: renew them, or choose others. {SET_CREDENTIALS}"),
        (
            "AccessDeniedException",
            "Add the permission for this call, and for the KMS key, to the policies of your user or role.",
        ),
        ("ResourceNotFoundException", "Check the name and AWS_REGION."),
        ("ThrottlingException", "Wait until the load is lower, or add shards to the stream."),
        ("InternalFailure", "Check the name, the Region and your permissions."),
    ],
)
def test_error_response_of_aws(code: str, remedy: str) -> None:
    error = ClientError({"Error": {"Code": code, "Message": "Not now."}}, "PutRecords")

    assert explain(error) == (f"PutRecords failed with {code}: Not now", remedy)
