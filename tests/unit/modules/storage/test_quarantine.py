"""The bucket of records that could not be stored."""

import pytest

from terraform_harness.template import Template, attribute


def test_the_buckets_name_ends_in_suffix_and_account(pipeline: Template) -> None:
    account = pipeline.only("data.aws_caller_identity").address

    assert pipeline.only("aws_s3_bucket")["bucket"] == f"transaction-quarantine-dev-${{{account}.account_id}}"


def test_an_ephemeral_bucket_is_emptied_on_destroy_and_a_lasting_one_is_not(
    pipeline: Template, production: Template
) -> None:
    pipeline.has("aws_s3_bucket", {"force_destroy": True})
    production.has("aws_s3_bucket", {"force_destroy": False})


def test_the_bucket_keeps_versions(any_pipeline: Template) -> None:
    any_pipeline.has("aws_s3_bucket_versioning", {"versioning_configuration": {"status": "Enabled"}})


@pytest.mark.parametrize(
    "way", ["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"]
)
def test_the_bucket_is_closed_to_the_public(any_pipeline: Template, way: str) -> None:
    any_pipeline.has("aws_s3_bucket_public_access_block", {way: True, "bucket": attribute("aws_s3_bucket", "id")})


def test_the_bucket_refuses_everybody_who_comes_without_tls(pipeline: Template) -> None:
    arn = f"${{{pipeline.only('aws_s3_bucket').address}.arn}}"

    assert pipeline.only("aws_s3_bucket_policy").statements() == {
        "OnlyOverTls": {
            "Sid": "OnlyOverTls",
            "Effect": "Deny",
            "Principal": "*",
            "Action": ["s3:*"],
            "Resource": [arn, f"{arn}/*"],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
    }


def test_the_bucket_tells_eventbridge_and_not_a_queue(pipeline: Template) -> None:
    notification = pipeline.only("aws_s3_bucket_notification")

    assert notification["eventbridge"] is True
    assert {"queue", "topic", "lambda_function"}.isdisjoint(notification.properties)


def test_a_lasting_bucket_forgets_old_versions_and_never_a_record(production: Template) -> None:
    (rule,) = production.only("aws_s3_bucket_lifecycle_configuration")["rule"]

    assert rule["noncurrent_version_expiration"] == [{"noncurrent_days": 90}]
    assert rule["abort_incomplete_multipart_upload"] == [{"days_after_initiation": 1}]
    assert "expiration" not in rule


def test_an_ephemeral_bucket_does_not_wait_for_a_lifecycle(pipeline: Template) -> None:
    pipeline.lacks("aws_s3_bucket_lifecycle_configuration")


def test_everything_about_the_bucket_is_about_the_same_bucket(any_pipeline: Template) -> None:
    any_pipeline.every("aws_s3_bucket_*", {"bucket": attribute("aws_s3_bucket", "id")})
