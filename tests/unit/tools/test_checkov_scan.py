"""The checkov scan: findings, suppressions and files that were not parsed."""

from typing import Any

import pytest

from tools.checkov_scan import judge

PASSED = {"resource": "aws_kms_key.key", "check_id": "CKV_AWS_7", "check_name": "Keys rotate"}
FAILED = {"resource": "resource.bucket", "check_id": "CKV_AWS_18", "check_name": "Buckets log accesses"}


def artifact(suppressed: dict[str, str]) -> dict[str, Any]:
    return {
        "resource": {"aws_s3_bucket": {"bucket": {"//": {"checkov": suppressed}}}, "aws_kms_key": {"key": {"//": {}}}}
    }


@pytest.mark.parametrize(
    ("suppressed", "failed", "problems"),
    [
        pytest.param({}, [], [], id="every check passes"),
        pytest.param({"CKV_AWS_18": "No."}, [FAILED], [], id="the finding is suppressed"),
        pytest.param(
            {},
            [FAILED],
            ["default: CKV_AWS_18 fails for bucket: Buckets log accesses."],
            id="the finding is not suppressed",
        ),
        pytest.param(
            {"CKV_AWS_18": "No."},
            [],
            ["CKV_AWS_18 is suppressed for bucket, but does not fail there: remove the suppression."],
            id="the suppression is not needed",
        ),
    ],
)
def test_every_finding_needs_a_suppression_and_the_reverse(
    suppressed: dict[str, str], failed: list[Any], problems: list[str]
) -> None:
    found = judge({"default": artifact(suppressed)}, {"default": {"passed_checks": [PASSED], "failed_checks": failed}})

    assert list(found) == problems


def test_suppression_must_be_needed_by_one_combination() -> None:
    artifacts = {"default": artifact({"CKV_AWS_18": "No."}), "production": artifact({"CKV_AWS_18": "No."})}

    found = judge(
        artifacts,
        {
            "default": {"passed_checks": [PASSED], "failed_checks": []},
            "production": {"passed_checks": [PASSED], "failed_checks": [FAILED]},
        },
    )

    assert list(found) == []


def test_file_without_any_check_is_a_problem() -> None:
    found = judge({"default": artifact({})}, {"default": {"passed_checks": [], "failed_checks": []}})

    assert list(found) == ["default: checkov ran no check, because it could not parse the file."]
