"""What was changed or deleted behind terraform's back is what the next plan repairs, and nothing else."""

from collections.abc import Sequence

import pytest

from terraform_harness.deployments.deployment import Deployment
from terraform_harness.polling import eventually
from terraform_harness.terraform.known_drift import KnownDrift, without_known_drift
from terraform_harness.terraform.plan import Plan
from tests.integration.budgets import Budgets
from tests.integration.changes import changed_by_hand

pytestmark = [pytest.mark.localstack, pytest.mark.aws, pytest.mark.usefixtures("alone")]

CHANGES = {
    "aws_cloudwatch_log_group": ["retention_in_days: 1 -> 90"],
    "aws_iam_role_policy": ["created"],
    "aws_kms_alias": ["created"],
    "aws_s3_bucket_public_access_block": ["created"],
    "aws_s3_bucket_versioning": ['versioning_configuration[0].status: "Suspended" -> "Enabled"'],
}


def test_the_next_plan_puts_back_what_was_changed_or_deleted_by_hand_and_nothing_else(
    deployment: Deployment, terraform_known_drift: Sequence[KnownDrift], budgets: Budgets
) -> None:
    with changed_by_hand(deployment):
        plan = planned(deployment, terraform_known_drift, budgets)

    assert changes(plan) == CHANGES


@pytest.mark.slow  # two more runs of terraform, whose provider takes seconds to start
def test_what_was_changed_or_deleted_by_hand_is_as_before_when_that_plan_was_applied(
    deployment: Deployment, terraform_known_drift: Sequence[KnownDrift], budgets: Budgets
) -> None:
    terraform = deployment.terraform
    with changed_by_hand(deployment):
        plan = planned(deployment, terraform_known_drift, budgets)

        terraform.apply(targets=plan.addresses)

        eventually(
            lambda: str(without_known_drift(terraform.plan(targets=plan.addresses), terraform_known_drift)),
            until=lambda repaired: repaired == "no changes",
            what="nothing is left to repair",
            within=budgets.change,
        )


def planned(deployment: Deployment, terraform_known_drift: Sequence[KnownDrift], budgets: Budgets) -> Plan:
    """The plan, as soon as it shows all: IAM and S3 show a change to whoever reads it next only after a while."""
    return eventually(
        lambda: without_known_drift(deployment.terraform.plan(), terraform_known_drift),
        until=lambda plan: changes(plan) == CHANGES,
        what="the plan repairs what was changed by hand, and nothing else",
        within=budgets.change,
    )


def changes(plan: Plan) -> dict[str, list[str]]:
    """The attributes that a plan would change, by resource type; "created" for a resource that is gone."""
    return {
        change.type: ["created"]
        if change.actions == ("create",)
        else [str(difference) for difference in change.differences]
        for change in plan.changes
    }
