"""The S3 objects for records that can never be stored, each with the whole record and the reason."""

import json
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from .outcomes import Conflicting, Redelivered, Rejected, Retry
from .records import Record
from .services import CALL_ERRORS, error_code, retry_call

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_s3 import S3Client

REJECTED_PREFIX = "rejected/"

_SERVICE = "S3"


class Quarantine:
    """The objects `rejected/<shard>/<sequence number>.json` of the quarantine bucket."""

    def __init__(self, client: "Callable[[], S3Client]", *, bucket: str, owner: str) -> None:
        self._client = client
        self._bucket = bucket
        self._owner = owner

    def put[T: Conflicting | Rejected](self, record: Record, rejection: T) -> T | Redelivered | Retry:
        """Try once to write the record with the reason; return its outcome.

        The key is unique to the record and the write is conditional. So a record that is delivered again adds neither
        an object nor a version.

        Raises:
            ServiceError: S3 refused the call, and a retry cannot help.
        """
        content = {"code": rejection.code, "reason": rejection.reason, "record": record.source}
        try:
            self._client().put_object(
                Bucket=self._bucket,
                Key=f"{REJECTED_PREFIX}{record.shard_id}/{record.sequence_number}.json",
                Body=json.dumps(content).encode(),
                ContentType="application/json",
                # S3 requires a checksum for an object that it locks, and boto3 before 1.36 sends none by default.
                # docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
                ChecksumAlgorithm="CRC32",
                ExpectedBucketOwner=self._owner,
                IfNoneMatch="*",
            )
        except CALL_ERRORS as error:
            if isinstance(error, ClientError) and error_code(error) == "PreconditionFailed":
                return Redelivered()
            return retry_call(_SERVICE, error)
        return rejection
