import json

import pytest

from lambda_src.transaction_processor.errors import ServiceError
from lambda_src.transaction_processor.outcomes import Conflicting, Redelivered, Rejected, Retry
from lambda_src.transaction_processor.quarantine import REJECTED_PREFIX, Quarantine
from lambda_src.transaction_processor.records import Record, read_batch
from modules import naming
from tests.unit.lambda_src.fakes import FakeS3, client_error, kinesis_entry

REJECTED = Rejected("not-json", "the text is not JSON")


def test_function_and_stack_have_the_same_prefix() -> None:
    """The role of the function allows this prefix only. The function must not import the constant of the stack."""
    assert REJECTED_PREFIX == naming.REJECTED_PREFIX


class Bucket:
    """A bucket that records its requests, and fails with an error if it has one."""

    def __init__(self, error: Exception | None = None) -> None:
        self.requests: list[dict[str, object]] = []
        self._error = error

    def put_object(self, **request: object) -> None:
        self.requests.append(request)
        if self._error:
            raise self._error


@pytest.fixture
def record() -> Record:
    (only,) = read_batch({"Records": [kinesis_entry(4, b"{\xff")]})
    return only


def quarantine_in(bucket: Bucket | FakeS3) -> Quarantine:
    return Quarantine(lambda: bucket, bucket="quarantine", owner="123456789012")  # type: ignore[arg-type,return-value]  # a fake


@pytest.mark.parametrize(
    ("rejection", "content"),
    [
        (REJECTED, {"code": "not-json", "reason": "the text is not JSON"}),
        (
            Conflicting(),
            {"code": "conflict", "reason": "the ledger has another transaction with the same transactionId"},
        ),
    ],
    ids=["rejected", "conflicting"],
)
def test_record_is_written_under_its_own_key(
    rejection: Conflicting | Rejected, content: dict[str, str], record: Record
) -> None:
    """The request names the owner of the bucket, so that S3 refuses a bucket of another account."""
    bucket = Bucket()

    outcome = quarantine_in(bucket).put(record, rejection)

    assert outcome == rejection
    assert bucket.requests == [
        {
            "Bucket": "quarantine",
            "Key": "rejected/shardId-000000000000/4.json",
            "Body": json.dumps(content | {"record": record.source}).encode(),
            "ContentType": "application/json",
            "ChecksumAlgorithm": "CRC32",
            "ExpectedBucketOwner": "123456789012",
            "IfNoneMatch": "*",
        }
    ]


def test_existing_object_is_not_changed(record: Record) -> None:
    bucket = FakeS3()
    quarantine = quarantine_in(bucket)
    quarantine.put(record, REJECTED)
    before = dict(bucket.objects)

    outcome = quarantine.put(record, Conflicting())

    assert outcome == Redelivered()
    assert bucket.objects == before


@pytest.mark.parametrize("code", ["SlowDown", "InternalError", "ConditionalRequestConflict"])
def test_busy_bucket_is_a_retry(code: str, record: Record) -> None:
    quarantine = quarantine_in(Bucket(client_error(code, "PutObject")))

    outcome = quarantine.put(record, REJECTED)

    assert outcome == Retry(code)


def test_missing_permission_is_an_error(record: Record) -> None:
    quarantine = quarantine_in(Bucket(client_error("AccessDenied", "PutObject", status=403)))

    with pytest.raises(ServiceError) as raised:
        quarantine.put(record, REJECTED)

    assert str(raised.value) == (
        "S3 refused a call of the function with AccessDenied. Check the function's role, its "
        "environment variables and the table or bucket. Lambda delivers the batch again."
    )
