"""The bucket of records that could not be stored."""

import pytest

from iam_policy_evaluator import Principal, Request, Verdict, evaluate
from terraform_harness.template import Template, attribute
from tests.unit.modules.decisions import ACCOUNT, BUCKET, policy_of


def test_bucket_name_ends_in_suffix_and_account(pipeline: Template) -> None:
    account = pipeline.only("data.aws_caller_identity").address

    assert pipeline.only("aws_s3_bucket")["bucket"] == f"transaction-quarantine-dev-${{{account}.account_id}}"


def test_only_an_ephemeral_bucket_is_emptied_on_destroy(ephemeral: Template, pipeline: Template) -> None:
    ephemeral.has("aws_s3_bucket", {"force_destroy": True})
    pipeline.has("aws_s3_bucket", {"force_destroy": False})


def test_bucket_keeps_versions(any_pipeline: Template) -> None:
    any_pipeline.has("aws_s3_bucket_versioning", {"versioning_configuration": {"status": "Enabled"}})


@pytest.mark.parametrize(
    "block", ["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"]
)
def test_bucket_blocks_public_access(any_pipeline: Template, block: str) -> None:
    any_pipeline.has("aws_s3_bucket_public_access_block", {block: True, "bucket": attribute("aws_s3_bucket", "id")})


@pytest.mark.parametrize(("action", "resource"), [("s3:GetObject", f"{BUCKET}/rejected/1"), ("s3:ListBucket", BUCKET)])
@pytest.mark.parametrize(
    ("tls", "verdict"), [("false", Verdict.DENIED_EXPLICITLY), ("true", Verdict.DENIED_IMPLICITLY)]
)
def test_bucket_policy_denies_requests_without_tls(
    pipeline: Template, action: str, resource: str, tls: str, verdict: Verdict
) -> None:
    """With TLS the policy neither denies nor allows: the caller needs a permission of its own."""
    request = Request(
        action=action,
        resource=resource,
        principal=Principal("AWS", f"arn:aws:iam::{ACCOUNT}:user/operator"),
        context={"aws:SecureTransport": tls},
    )

    decision = evaluate(request, resource=policy_of(pipeline, pipeline.only("aws_s3_bucket_policy")))

    assert decision.verdict is verdict


def test_bucket_notifies_eventbridge_and_no_queue(pipeline: Template) -> None:
    notification = pipeline.only("aws_s3_bucket_notification")

    assert notification["eventbridge"] is True
    assert {"queue", "topic", "lambda_function"}.isdisjoint(notification.properties)


OLD_VERSIONS = {
    "id": "forget-old-versions",
    "status": "Enabled",
    "filter": [{"prefix": ""}],
    "noncurrent_version_expiration": [{"noncurrent_days": 90}],
    "abort_incomplete_multipart_upload": [{"days_after_initiation": 1}],
}


def test_lasting_bucket_expires_old_versions_but_no_object(pipeline: Template) -> None:
    assert pipeline.only("aws_s3_bucket_lifecycle_configuration")["rule"] == [OLD_VERSIONS]


def test_retention_also_expires_objects(production: Template) -> None:
    rule = OLD_VERSIONS | {"expiration": [{"days": 2555}]}

    assert production.only("aws_s3_bucket_lifecycle_configuration")["rule"] == [rule]


def test_ephemeral_bucket_has_no_lifecycle(ephemeral: Template) -> None:
    ephemeral.lacks("aws_s3_bucket_lifecycle_configuration")


def test_ephemeral_bucket_has_no_lifecycle_despite_a_retention(in_test_run: Template) -> None:
    """The test run sets QUARANTINE_RETENTION_DAYS."""
    in_test_run.lacks("aws_s3_bucket_lifecycle_configuration")


@pytest.mark.parametrize("template", ["pipeline", "ephemeral", "in_test_run", "production"])
def test_bucket_has_no_object_lock_by_default(request: pytest.FixtureRequest, template: str) -> None:
    request.getfixturevalue(template).lacks("aws_s3_bucket_object_lock_configuration")


def test_lock_is_in_governance_mode_and_waits_for_versioning(locked: Template) -> None:
    lock = locked.only("aws_s3_bucket_object_lock_configuration")

    assert lock["rule"] == {"default_retention": {"mode": "GOVERNANCE", "days": 365}}
    assert lock["depends_on"] == [locked.only("aws_s3_bucket_versioning").address]


def test_bucket_resources_refer_to_the_one_bucket(any_pipeline: Template) -> None:
    any_pipeline.every("aws_s3_bucket_*", {"bucket": attribute("aws_s3_bucket", "id")})
