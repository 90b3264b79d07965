"""What the scan of the artifacts lets pass."""

from typing import Any

import pytest

from tools.checkov_scan import judge

PASSED = {"resource": "aws_kms_key.key", "check_id": "CKV_AWS_7", "check_name": "Keys rotate"}
FAILED = {"resource": "resource.bucket", "check_id": "CKV_AWS_18", "check_name": "Buckets log accesses"}


def artifact(accepted: dict[str, str]) -> dict[str, Any]:
    return {
        "resource": {"aws_s3_bucket": {"bucket": {"//": {"checkov": accepted}}}, "aws_kms_key": {"key": {"//": {}}}}
    }


@pytest.mark.parametrize(
    ("accepted", "failed", "problems"),
    [
        pytest.param({}, [], [], id="nothing fails"),
        pytest.param({"CKV_AWS_18": "No."}, [FAILED], [], id="a failure is accepted"),
        pytest.param(
            {},
            [FAILED],
            ["default: CKV_AWS_18 fails for bucket: Buckets log accesses."],
            id="a failure is not accepted",
        ),
        pytest.param(
            {"CKV_AWS_18": "No."},
            [],
            ["CKV_AWS_18 is accepted for bucket, but never fails: remove the acceptance."],
            id="an acceptance is not needed",
        ),
    ],
)
def test_a_scan_is_clean_if_every_failure_is_accepted(
    accepted: dict[str, str], failed: list[Any], problems: list[str]
) -> None:
    found = judge({"default": artifact(accepted)}, {"default": {"passed_checks": [PASSED], "failed_checks": failed}})

    assert list(found) == problems


def test_an_acceptance_that_one_combination_needs_may_stand_in_all() -> None:
    artifacts = {"default": artifact({"CKV_AWS_18": "No."}), "production": artifact({"CKV_AWS_18": "No."})}

    found = judge(
        artifacts,
        {
            "default": {"passed_checks": [PASSED], "failed_checks": []},
            "production": {"passed_checks": [PASSED], "failed_checks": [FAILED]},
        },
    )

    assert list(found) == []


def test_a_file_in_which_nothing_was_checked_is_no_clean_one() -> None:
    found = judge({"default": artifact({})}, {"default": {"passed_checks": [], "failed_checks": []}})

    assert list(found) == ["default: checkov checked nothing, it could not read the file."]
