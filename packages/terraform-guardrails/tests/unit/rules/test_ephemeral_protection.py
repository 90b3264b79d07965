"""Protection in an ephemeral stack, and missing protection in a production stack."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from terraform_guardrails import Finding, check

type Found = Callable[[str, dict[str, Any]], list[Finding]]

NAME = "ephemeral-protection"

INVALID: dict[str, tuple[str, dict[str, Any], str]] = {
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
    "a bucket with force_destroy = false": ("aws_s3_bucket", {"force_destroy": False}, "error"),
    "a repository that must be empty": ("aws_ecr_repository", {}, "error"),
    "a secret with a recovery window": ("aws_secretsmanager_secret", {}, "error"),
    "a key with the default window of 30 days": ("aws_kms_key", {}, "warning"),
    "a key with a window of 14 days": ("aws_kms_key", {"deletion_window_in_days": 14}, "warning"),
}

VALID: dict[str, tuple[str, dict[str, Any]]] = {
    "a table": ("aws_dynamodb_table", {}),
    "an unprotected table": ("aws_dynamodb_table", {"deletion_protection_enabled": False}),
    "prevent_destroy = false": ("aws_vpc", {"lifecycle": {"prevent_destroy": False}}),
    "another lifecycle argument": ("aws_vpc", {"lifecycle": {"create_before_destroy": True}}),
    "a bucket with force_destroy": ("aws_s3_bucket", {"force_destroy": True}),
    "a repository with force_delete": ("aws_ecr_repository", {"force_delete": True}),
    "a database without a final snapshot": ("aws_db_instance", {"skip_final_snapshot": True}),
    "a secret without a recovery window": ("aws_secretsmanager_secret", {"recovery_window_in_days": 0}),
    "a key with a window of 7 days": ("aws_kms_key", {"deletion_window_in_days": 7}),
    "an unprotected user pool": ("aws_cognito_user_pool", {"deletion_protection": "INACTIVE"}),
}

PRODUCTION: dict[str, tuple[str, dict[str, Any], int]] = {
    "a table": ("aws_dynamodb_table", {}, 1),
    "a protected table": ("aws_dynamodb_table", {"deletion_protection_enabled": True}, 0),
    "a database": ("aws_db_instance", {}, 1),
    "a protected database": ("aws_db_instance", {"deletion_protection": True}, 0),
    "a database without a final snapshot": (
        "aws_db_instance",
        {"deletion_protection": True, "skip_final_snapshot": True},
        1,
    ),
    "a user pool": ("aws_cognito_user_pool", {}, 1),
    "a protected user pool": ("aws_cognito_user_pool", {"deletion_protection": "ACTIVE"}, 0),
    "a bucket": ("aws_s3_bucket", {}, 0),
    "a bucket with force_destroy": ("aws_s3_bucket", {"force_destroy": True}, 1),
    "a key with a window of 30 days": ("aws_kms_key", {"deletion_window_in_days": 30}, 0),
    "prevent_destroy": ("aws_vpc", {"lifecycle": {"prevent_destroy": True}}, 0),
}


def tagged(type_: str, body: dict[str, Any], ephemeral: str = "true") -> dict[str, Any]:
    return {
        "provider": {"aws": [{"default_tags": [{"tags": {"Ephemeral": ephemeral}}]}]},
        "resource": {type_: {"one": body}},
    }


@pytest.mark.parametrize(("type_", "body", "severity"), INVALID.values(), ids=INVALID)
def test_protection_in_an_ephemeral_stack_is_found(
    found: Found, type_: str, body: dict[str, Any], severity: str
) -> None:
    findings = found(NAME, tagged(type_, body))

    assert [(finding.severity, finding.address) for finding in findings] == [(severity, f"{type_}.one")]


@pytest.mark.parametrize(("type_", "body"), VALID.values(), ids=VALID)
def test_an_unprotected_ephemeral_stack_is_not_a_finding(found: Found, type_: str, body: dict[str, Any]) -> None:
    assert found(NAME, tagged(type_, body)) == []


@pytest.mark.parametrize(("type_", "body"), [each[:2] for each in INVALID.values()], ids=INVALID)
def test_protection_in_another_stack_is_not_a_finding(found: Found, type_: str, body: dict[str, Any]) -> None:
    assert found(NAME, tagged(type_, body, ephemeral="false")) == []


@pytest.mark.parametrize(("type_", "body", "warnings"), PRODUCTION.values(), ids=PRODUCTION)
def test_missing_protection_in_production_is_a_warning(
    tmp_path: Path, type_: str, body: dict[str, Any], warnings: int
) -> None:
    (tmp_path / "cdk.tf.json").write_text(json.dumps(tagged(type_, body, ephemeral="false")))

    report = check([tmp_path], lifetime="production")

    found = [finding for finding in report.findings if finding.rule == NAME]
    assert [(finding.severity, finding.address) for finding in found] == [("warning", f"{type_}.one")] * warnings


def test_the_lifetime_argument_replaces_the_tag(tmp_path: Path) -> None:
    (tmp_path / "cdk.tf.json").write_text(json.dumps({"resource": {"aws_s3_bucket": {"b": {}}}}))

    report = check([tmp_path], lifetime="ephemeral")

    assert report.findings == (
        Finding(
            rule=NAME,
            severity="error",
            address="aws_s3_bucket.b",
            problem="The stack is ephemeral, and "
            "without force_destroy, terraform destroy fails if the resource is not empty.",
            remedy="Set force_destroy = true.",
        ),
    )


def test_an_unknown_protection_makes_the_check_inconclusive(
    inconclusive: Callable[[str, dict[str, Any]], list[tuple[str, str]]],
) -> None:
    configuration = tagged("aws_dynamodb_table", {"deletion_protection_enabled": "${var.protected}"})

    reasons = inconclusive(NAME, configuration)

    assert reasons == [("aws_dynamodb_table.one", "deletion_protection_enabled is not known before apply")]
