"""Turns an error of boto3 into its reason and the remedy that fits it."""

from collections.abc import Collection

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,  # noqa: A004 - botocore's own class
    HTTPClientError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
)

_CREDENTIALS = "Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
_UNKNOWN = "Check the name, the Region and your permissions."
# The codes of an error response, with the remedy for them.
_REMEDIES: tuple[tuple[Collection[str], str], ...] = (
    (
        {
            "ExpiredToken",
            "ExpiredTokenException",
            "InvalidAccessKeyId",
            "InvalidClientTokenId",
            "SignatureDoesNotMatch",
            "UnrecognizedClientException",
        },
        f"AWS rejected the credentials: renew them, or choose others. {_CREDENTIALS}",
    ),
    (
        {"AccessDenied", "AccessDeniedException", "KMSAccessDeniedException"},
        "Add the permission for this call, and for the KMS key, to the policies of your user or role.",
    ),
    ({"NoSuchBucket", "ResourceNotFoundException"}, "Check the name and AWS_REGION."),
    (
        {"LimitExceededException", "ProvisionedThroughputExceededException", "SlowDown", "ThrottlingException"},
        "Wait until the load is lower, or add shards to the stream.",
    ),
)


def explain(error: BotoCoreError | ClientError) -> tuple[str, str]:
    """Return the reason of an error, without a full stop, and the remedy as a sentence."""
    match error:
        case ClientError():
            details = error.response["Error"]
            return f"{error.operation_name} failed with {details['Code']}: {details['Message'].rstrip('.')}", remedy(
                details["Code"]
            )
        case NoCredentialsError():
            return "no AWS credentials found", _CREDENTIALS
        case PartialCredentialsError():
            return "the AWS credentials are incomplete", _CREDENTIALS
        case NoRegionError():
            return "no AWS Region is set", "Set AWS_REGION."
        case ConnectionError() | HTTPClientError():
            return f"{error}".rstrip("."), "Check the network, AWS_REGION and, if it is set, AWS_ENDPOINT_URL."
        case _:
            return f"{error}".rstrip("."), "Check the AWS configuration of this shell, such as AWS_PROFILE."


def remedy(code: str) -> str:
    """Return the remedy for the code of an error response."""
    return next((text for codes, text in _REMEDIES if code in codes), _UNKNOWN)
