"""The IAM policy that a producer of the stream needs."""

from modules.iam import Statement, document


def producer_policy(*, stream_arn: str, key_arn: str) -> str:
    """Return the policy as JSON text.

    docs.aws.amazon.com/streams/latest/dev/permissions-user-key-KMS.html has these actions and this condition: Kinesis
    encrypts with the producer's permissions, and the context is the stream's ARN.
    """
    return document(
        Statement(sid="PutRecords", actions=["kinesis:PutRecord", "kinesis:PutRecords"], resources=[stream_arn]),
        Statement(
            sid="EncryptRecords",
            actions=["kms:GenerateDataKey"],
            resources=[key_arn],
            conditions={"StringEquals": {"kms:EncryptionContext:aws:kinesis:arn": stream_arn}},
        ),
    )
