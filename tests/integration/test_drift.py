"""What was changed or deleted behind terraform's back is what the next plan repairs, and nothing else."""

from collections.abc import Iterator

import pytest

from harness.deployment import Deployment
from harness.gaps import LOCALSTACK_GAPS, without_gaps
from harness.plan import Plan


@pytest.fixture
def drifting(deployment: Deployment) -> Iterator[Deployment]:
    """The deployment, repaired after the test."""
    yield deployment
    deployment.terraform.apply()
    assert str(plan_of(deployment)) == "no changes"


def plan_of(deployment: Deployment) -> Plan:
    return without_gaps(deployment.terraform.plan(), LOCALSTACK_GAPS)


def changes(plan: Plan) -> dict[str, list[str]]:
    """The attributes that a plan would change, by resource type; "created" for a resource that is gone."""
    return {
        change.type: ["created"]
        if change.actions == ("create",)
        else [str(difference) for difference in change.differences]
        for change in plan.changes
    }


def test_what_was_changed_or_deleted_by_hand_is_put_back_and_nothing_else(drifting: Deployment) -> None:
    target, bucket = drifting.target, drifting.output("quarantine_bucket_name")
    target.client("logs").put_retention_policy(
        logGroupName=drifting.output("cloudwatch_log_group_name"), retentionInDays=1
    )
    target.client("lambda").update_function_configuration(
        FunctionName=drifting.output("lambda_function_name"), Timeout=9
    )
    target.client("s3").put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})
    target.client("s3").delete_public_access_block(Bucket=bucket)
    target.client("kms").delete_alias(AliasName=f"alias/transaction-key-{drifting.run.suffix}")

    plan = plan_of(drifting)

    assert changes(plan) == {
        "aws_cloudwatch_log_group": ["retention_in_days: 1 -> 90"],
        "aws_kms_alias": ["created"],
        "aws_lambda_function": ["timeout: 9 -> 60"],
        "aws_s3_bucket_public_access_block": ["created"],
        "aws_s3_bucket_versioning": ['versioning_configuration[0].status: "Suspended" -> "Enabled"'],
    }
