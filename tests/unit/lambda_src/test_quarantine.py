import json

import pytest

from lambda_src.transaction_processor.errors import RejectedError, ServiceError, UnavailableError
from lambda_src.transaction_processor.quarantine import Quarantine
from lambda_src.transaction_processor.records import Record, read_batch
from tests.unit.lambda_src.fakes import FakeS3, client_error, kinesis_entry

REJECTION = RejectedError("not-json", "the text is not JSON")


class Bucket:
    """Remembers what it was asked, and answers with an error if it is given one."""

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


def test_a_record_is_written_to_the_accounts_own_bucket_under_a_key_of_its_own(record: Record) -> None:
    bucket = Bucket()

    is_new = quarantine_in(bucket).keep(record, REJECTION)

    assert is_new is True
    assert bucket.requests == [
        {
            "Bucket": "quarantine",
            "Key": "rejected/shardId-000000000000/4.json",
            "Body": json.dumps(
                {"code": "not-json", "reason": "the text is not JSON", "record": record.source}
            ).encode(),
            "ContentType": "application/json",
            "ExpectedBucketOwner": "123456789012",
            "IfNoneMatch": "*",
        }
    ]


def test_a_record_that_is_there_is_left_as_it_is(record: Record) -> None:
    bucket = FakeS3()
    quarantine = quarantine_in(bucket)
    quarantine.keep(record, REJECTION)
    before = dict(bucket.objects)

    is_new = quarantine.keep(record, RejectedError("conflict", "another reason"))

    assert (is_new, bucket.objects) == (False, before)


@pytest.mark.parametrize("code", ["SlowDown", "InternalError", "ConditionalRequestConflict"])
def test_a_bucket_that_is_busy_is_unavailable(code: str, record: Record) -> None:
    with pytest.raises(UnavailableError) as raised:
        quarantine_in(Bucket(client_error(code, "PutObject"))).keep(record, REJECTION)

    assert raised.value.code == code


def test_a_bucket_that_may_not_be_written_is_an_error_for_the_operator(record: Record) -> None:
    with pytest.raises(ServiceError) as raised:
        quarantine_in(Bucket(client_error("AccessDenied", "PutObject", status=403))).keep(record, REJECTION)

    assert str(raised.value) == (
        "S3 refused the function's call with AccessDenied. Check the function's role, its environment "
        "and the resource; the batch will be delivered again."
    )
