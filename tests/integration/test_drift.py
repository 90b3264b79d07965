"""What was changed or deleted behind terraform's back is what the next plan repairs, and nothing else."""

from collections.abc import Sequence

import pytest

from harness.deployment import Deployment
from harness.gaps import Gap, without_gaps
from harness.plan import Plan
from harness.waiting import eventually
from tests.integration.budgets import Budgets

pytestmark = [pytest.mark.localstack, pytest.mark.aws, pytest.mark.usefixtures("alone")]

CHANGES = {
    "aws_cloudwatch_log_group": ["retention_in_days: 1 -> 90"],
    "aws_iam_role_policy": ["created"],
    "aws_kms_alias": ["created"],
    "aws_s3_bucket_public_access_block": ["created"],
    "aws_s3_bucket_versioning": ['versioning_configuration[0].status: "Suspended" -> "Enabled"'],
}


def test_what_was_changed_or_deleted_by_hand_is_put_back_and_nothing_else(
    deployment: Deployment, known_gaps: Sequence[Gap], budgets: Budgets
) -> None:
    terraform = deployment.terraform
    change_by_hand(deployment)

    # IAM and S3 show a change to whoever reads it next only after a while.
    plan = eventually(
        lambda: without_gaps(terraform.plan(), known_gaps),
        until=lambda plan: changes(plan) == CHANGES,
        what="the plan repairs what was changed by hand, and nothing else",
        within=budgets.change,
    )
    terraform.apply(targets=plan.addresses)

    eventually(
        lambda: str(without_gaps(terraform.plan(targets=plan.addresses), known_gaps)),
        until=lambda repaired: repaired == "no changes",
        what="nothing is left to repair",
        within=budgets.change,
    )


def change_by_hand(deployment: Deployment) -> None:
    """Change two things and delete three: no function is updated, which takes the provider five seconds."""
    target, suffix = deployment.target, deployment.run.suffix
    bucket, log_group = deployment.output("quarantine_bucket_name"), deployment.output("cloudwatch_log_group_name")
    target.client("logs").put_retention_policy(logGroupName=log_group, retentionInDays=1)
    target.client("s3").put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})
    target.client("s3").delete_public_access_block(Bucket=bucket)
    target.client("kms").delete_alias(AliasName=f"alias/transaction-key-{suffix}")
    iam = target.client("iam")
    role = f"transaction-flow-logs-role-{suffix}"
    (policy,) = iam.list_role_policies(RoleName=role)["PolicyNames"]
    iam.delete_role_policy(RoleName=role, PolicyName=policy)


def changes(plan: Plan) -> dict[str, list[str]]:
    """The attributes that a plan would change, by resource type; "created" for a resource that is gone."""
    return {
        change.type: ["created"]
        if change.actions == ("create",)
        else [str(difference) for difference in change.differences]
        for change in plan.changes
    }
