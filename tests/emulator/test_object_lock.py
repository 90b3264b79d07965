"""A quarantine bucket with a default retention of Object Lock."""

import uuid
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

from embedded_localstack import LocalStack
from lambda_src.transaction_processor.outcomes import Redelivered, Rejected
from lambda_src.transaction_processor.quarantine import Quarantine
from lambda_src.transaction_processor.records import Record, read_batch
from operations.quarantine import QuarantineBucket
from operations.replay import Replayed, replay

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

ACCOUNT = "000000000000"


@pytest.fixture
def s3(localstack: LocalStack) -> "S3Client":
    return localstack.client("s3")


@pytest.fixture
def locked(s3: "S3Client") -> QuarantineBucket:
    """A bucket as the stack configures it with QUARANTINE_LOCK_DAYS=1."""
    name = f"locked-{uuid.uuid4().hex[:8]}"
    s3.create_bucket(Bucket=name)
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    s3.put_object_lock_configuration(
        Bucket=name,
        ObjectLockConfiguration={
            "ObjectLockEnabled": "Enabled",
            "Rule": {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 1}},
        },
    )
    return QuarantineBucket(client=s3, name=name)


@pytest.fixture
def record() -> Record:
    entry = {
        "eventSource": "aws:kinesis",
        "eventID": "shardId-000000000000:7",
        "kinesis": {"sequenceNumber": "7", "partitionKey": "ada", "data": "bm90IEpTT04="},
    }
    return read_batch({"Records": [entry]})[0]


def test_function_writes_a_locked_object_once(s3: "S3Client", locked: QuarantineBucket, record: Record) -> None:
    quarantine = Quarantine(lambda: s3, bucket=locked.name, owner=ACCOUNT)

    outcomes = [quarantine.put(record, Rejected("not-json", "it is not JSON")) for _ in range(2)]

    (key,) = locked.keys([""])
    assert outcomes == [Rejected("not-json", "it is not JSON"), Redelivered()]
    assert s3.head_object(Bucket=locked.name, Key=key)["ObjectLockMode"] == "GOVERNANCE"


def test_replay_hides_a_locked_object_and_keeps_its_version(
    s3: "S3Client", locked: QuarantineBucket, record: Record
) -> None:
    Quarantine(lambda: s3, bucket=locked.name, owner=ACCOUNT).put(record, Rejected("not-json", "it is not JSON"))
    replayed: list[Record] = []

    result = replay(locked, replayed.extend, on_progress=lambda _: None)

    (version,) = s3.list_object_versions(Bucket=locked.name)["Versions"]
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.delete_object(Bucket=locked.name, Key=version["Key"], VersionId=version["VersionId"])
    assert result == Replayed(objects=1, records=1)
    assert replayed == [record]
    assert locked.keys([""]) == []
