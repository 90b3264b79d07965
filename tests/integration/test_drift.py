"""The next plan repairs each change that was made outside Terraform, and changes nothing else."""

from collections.abc import Sequence

import pytest

from terraform_harness import Deployment, KnownDrift, eventually
from terraform_harness.terraform.known_drift import without_known_drift
from terraform_harness.terraform.plan import Plan
from tests.integration.budgets import Budgets
from tests.integration.changes import changed_outside_terraform

pytestmark = [pytest.mark.localstack, pytest.mark.aws, pytest.mark.usefixtures("alone")]

CHANGES = {
    "aws_cloudwatch_log_group": ["retention_in_days: 1 -> 90"],
    "aws_iam_role_policy": ["created"],
    "aws_kms_alias": ["created"],
    "aws_s3_bucket_public_access_block": ["created"],
    "aws_s3_bucket_versioning": ['versioning_configuration[0].status: "Suspended" -> "Enabled"'],
}


def test_plan_repairs_the_changes_and_nothing_else(
    deployment: Deployment, terraform_known_drift: Sequence[KnownDrift], budgets: Budgets
) -> None:
    with changed_outside_terraform(deployment):
        plan = planned(deployment, terraform_known_drift, budgets)

    assert changes(plan) == CHANGES


@pytest.mark.slow  # Terraform runs twice more, and its provider takes seconds to start
def test_no_changes_remain_after_the_repair(
    deployment: Deployment, terraform_known_drift: Sequence[KnownDrift], budgets: Budgets
) -> None:
    terraform = deployment.terraform
    with changed_outside_terraform(deployment):
        plan = planned(deployment, terraform_known_drift, budgets)

        terraform.apply(targets=plan.addresses)

        eventually(
            lambda: str(without_known_drift(terraform.plan(targets=plan.addresses), terraform_known_drift)),
            until=lambda repaired: repaired == "no changes",
            what="no changes remain",
            within=budgets.change,
        )


def planned(deployment: Deployment, terraform_known_drift: Sequence[KnownDrift], budgets: Budgets) -> Plan:
    """Return a plan that has at least the changed types: IAM and S3 are eventually consistent."""
    return eventually(
        lambda: without_known_drift(deployment.terraform.plan(), terraform_known_drift),
        until=lambda plan: changes(plan).keys() >= CHANGES.keys(),
        what=f"the plan has changes of {', '.join(CHANGES)}",
        within=budgets.change,
        describe=changes,
    )


def changes(plan: Plan) -> dict[str, list[str]]:
    """Return the changed attributes of a plan by resource type, or "created" for a missing resource."""
    return {
        change.type: ["created"]
        if change.actions == ("create",)
        else [str(difference) for difference in change.attributes]
        for change in plan.changes
    }
