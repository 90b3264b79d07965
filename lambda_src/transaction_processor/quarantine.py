"""The bucket where records wait that can never be stored, each whole and with the reason."""

import json
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from .errors import RejectedError
from .records import Record
from .services import CALL_ERRORS, call_failure, error_code

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_s3 import S3Client

PREFIX = "rejected/"

_SERVICE = "S3"


class Quarantine:
    """The part of the quarantine bucket that the function fills: `rejected/<shard>/<sequence number>.json`."""

    def __init__(self, client: "Callable[[], S3Client]", *, bucket: str, owner: str) -> None:
        self._client = client
        self._bucket = bucket
        self._owner = owner

    def keep(self, record: Record, rejection: RejectedError) -> bool:
        """Write the record unless an earlier delivery of it has; return whether it is new.

        The key belongs to the record and the write is conditional, so that a record which is delivered again adds
        neither an object nor a version.

        Raises:
            UnavailableError: S3 did not take it this time.
            ServiceError: S3 refused it in a way that no retry mends.
        """
        content = {"code": rejection.code, "reason": rejection.reason, "record": record.source}
        try:
            self._client().put_object(
                Bucket=self._bucket,
                Key=f"{PREFIX}{record.shard_id}/{record.sequence_number}.json",
                Body=json.dumps(content).encode(),
                ContentType="application/json",
                ExpectedBucketOwner=self._owner,
                IfNoneMatch="*",
            )
        except CALL_ERRORS as error:
            if isinstance(error, ClientError) and error_code(error) == "PreconditionFailed":
                return False
            raise call_failure(_SERVICE, error) from None
        return True
