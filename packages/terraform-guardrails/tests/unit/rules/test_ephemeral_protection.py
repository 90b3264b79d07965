"""What keeps an ephemeral stack from being destroyed, and what a production stack lacks."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from terraform_guardrails import Finding, check

type Found = Callable[[str, dict[str, Any]], list[Finding]]

NAME = "ephemeral-protection"

BROKEN: dict[str, tuple[str, dict[str, Any], str]] = {
    "prevent_destroy": ("aws_vpc", {"lifecycle": {"prevent_destroy": True}}, "error"),
    "prevent_destroy in a list": ("aws_vpc", {"lifecycle": [{"prevent_destroy": "true"}]}, "error"),
    "a protected table": ("aws_dynamodb_table", {"deletion_protection_enabled": True}, "error"),
    "a protected database": (
        "aws_db_instance",
        {"deletion_protection": True, "skip_final_snapshot": True},
        "error",
    ),
    "a protected load balancer": ("aws_lb", {"enable_deletion_protection": True}, "error"),
    "a protected user pool": ("aws_cognito_user_pool", {"deletion_protection": "ACTIVE"}, "error"),
    "a database with a final snapshot": ("aws_db_instance", {}, "error"),
    "a bucket that must be empty": ("aws_s3_bucket", {"bucket": "b"}, "error"),
    "a bucket that must be empty, in words": ("aws_s3_bucket", {"force_destroy": False}, "error"),
    "a repository that must be empty": ("aws_ecr_repository", {}, "error"),
    "a secret that is kept": ("aws_secretsmanager_secret", {}, "error"),
    "a key that is kept for 30 days by default": ("aws_kms_key", {}, "warning"),
    "a key that is kept for 14 days": ("aws_kms_key", {"deletion_window_in_days": 14}, "warning"),
}

SOUND: dict[str, tuple[str, dict[str, Any]]] = {
    "a table": ("aws_dynamodb_table", {}),
    "a table that is not protected": ("aws_dynamodb_table", {"deletion_protection_enabled": False}),
    "prevent_destroy switched off": ("aws_vpc", {"lifecycle": {"prevent_destroy": False}}),
    "another lifecycle": ("aws_vpc", {"lifecycle": {"create_before_destroy": True}}),
    "a bucket that is emptied": ("aws_s3_bucket", {"force_destroy": True}),
    "a repository that is emptied": ("aws_ecr_repository", {"force_delete": True}),
    "a database without a last copy": ("aws_db_instance", {"skip_final_snapshot": True}),
    "a secret that goes at once": ("aws_secretsmanager_secret", {"recovery_window_in_days": 0}),
    "a key for seven days": ("aws_kms_key", {"deletion_window_in_days": 7}),
    "a user pool that is not protected": ("aws_cognito_user_pool", {"deletion_protection": "INACTIVE"}),
}

PRODUCTION: dict[str, tuple[str, dict[str, Any], int]] = {
    "a table": ("aws_dynamodb_table", {}, 1),
    "a protected table": ("aws_dynamodb_table", {"deletion_protection_enabled": True}, 0),
    "a database": ("aws_db_instance", {}, 1),
    "a protected database": ("aws_db_instance", {"deletion_protection": True}, 0),
    "a database without a last copy": (
        "aws_db_instance",
        {"deletion_protection": True, "skip_final_snapshot": True},
        1,
    ),
    "a user pool": ("aws_cognito_user_pool", {}, 1),
    "a protected user pool": ("aws_cognito_user_pool", {"deletion_protection": "ACTIVE"}, 0),
    "a bucket": ("aws_s3_bucket", {}, 0),
    "a bucket that is emptied": ("aws_s3_bucket", {"force_destroy": True}, 1),
    "a key that is kept": ("aws_kms_key", {"deletion_window_in_days": 30}, 0),
    "prevent_destroy": ("aws_vpc", {"lifecycle": {"prevent_destroy": True}}, 0),
}


def tagged(type_: str, body: dict[str, Any], ephemeral: str = "true") -> dict[str, Any]:
    return {
        "provider": {"aws": [{"default_tags": [{"tags": {"Ephemeral": ephemeral}}]}]},
        "resource": {type_: {"one": body}},
    }


@pytest.mark.parametrize(("type_", "body", "severity"), BROKEN.values(), ids=BROKEN)
def test_what_outlives_an_ephemeral_stack_is_found(
    found: Found, type_: str, body: dict[str, Any], severity: str
) -> None:
    findings = found(NAME, tagged(type_, body))

    assert [(finding.severity, finding.address) for finding in findings] == [(severity, f"{type_}.one")]


@pytest.mark.parametrize(("type_", "body"), SOUND.values(), ids=SOUND)
def test_what_goes_with_an_ephemeral_stack_is_no_finding(found: Found, type_: str, body: dict[str, Any]) -> None:
    assert found(NAME, tagged(type_, body)) == []


@pytest.mark.parametrize(("type_", "body"), [each[:2] for each in BROKEN.values()], ids=BROKEN)
def test_a_stack_that_stays_may_be_protected(found: Found, type_: str, body: dict[str, Any]) -> None:
    assert found(NAME, tagged(type_, body, ephemeral="false")) == []


@pytest.mark.parametrize(("type_", "body", "warnings"), PRODUCTION.values(), ids=PRODUCTION)
def test_production_is_warned_of_what_it_lacks(tmp_path: Path, type_: str, body: dict[str, Any], warnings: int) -> None:
    (tmp_path / "cdk.tf.json").write_text(json.dumps(tagged(type_, body, ephemeral="false")))

    report = check([tmp_path], lifetime="production")

    found = [finding for finding in report.findings if finding.rule == NAME]
    assert [(finding.severity, finding.address) for finding in found] == [("warning", f"{type_}.one")] * warnings


def test_a_stack_that_is_set_as_ephemeral_needs_no_tag(tmp_path: Path) -> None:
    (tmp_path / "cdk.tf.json").write_text(json.dumps({"resource": {"aws_s3_bucket": {"b": {}}}}))

    report = check([tmp_path], lifetime="ephemeral")

    assert report.findings == (
        Finding(
            rule=NAME,
            severity="error",
            address="aws_s3_bucket.b",
            problem="The stack is ephemeral, and "
            "without force_destroy the destroy fails as soon as it holds something.",
            remedy="Set force_destroy = true.",
        ),
    )


def test_a_protection_that_is_not_known_is_not_judged(
    unjudged: Callable[[str, dict[str, Any]], list[tuple[str, str]]],
) -> None:
    configuration = tagged("aws_dynamodb_table", {"deletion_protection_enabled": "${var.protected}"})

    reasons = unjudged(NAME, configuration)

    assert reasons == [("aws_dynamodb_table.one", "deletion_protection_enabled is not known before apply")]
