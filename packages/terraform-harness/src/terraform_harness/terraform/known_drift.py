"""The named, dated differences that a second plan may show on an emulator, and nothing else may."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from fnmatch import fnmatchcase

from terraform_harness.errors import DriftError
from terraform_harness.terraform.cli import Terraform
from terraform_harness.terraform.plan import Change, Difference, Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownDrift:
    """An attribute that the emulator does not give back as it was set.

    Args:
        type: A shell pattern for the resource type.
        path: A shell pattern for the attribute's path in the plan.
        reason: What the emulator does.
        seen: When it was last looked at.
    """

    type: str
    path: str
    reason: str
    seen: date

    def covers(self, change: Change, difference: Difference) -> bool:
        """Whether a difference of a plan is this gap."""
        return fnmatchcase(change.type, self.type) and fnmatchcase(difference.path, self.path)


LOCALSTACK_DRIFT = (
    KnownDrift(
        type="aws_lambda_function",
        path="kms_key_arn",
        reason="LocalStack takes the key of a function's environment and does not return it.",
        seen=date(2026, 11, 23),
    ),
    KnownDrift(
        type="aws_cloudwatch_*_alarm",
        path="tags*",
        reason="LocalStack does not return the tags that an alarm was created with.",
        seen=date(2026, 11, 23),
    ),
    KnownDrift(
        type="aws_cloudwatch_metric_alarm",
        path="metric_query*.period",
        reason="When an alarm's tags differ, the provider plans 0 for each period of its queries that is not set.",
        seen=date(2026, 11, 24),
    ),
    KnownDrift(
        type="aws_kinesis_stream",
        path="tags*",
        reason="LocalStack does not return the tags that a stream was created with.",
        seen=date(2026, 11, 23),
    ),
    KnownDrift(
        type="aws_vpc_endpoint",
        path="policy",
        reason="LocalStack returns an endpoint policy without its Version.",
        seen=date(2026, 11, 23),
    ),
    KnownDrift(
        type="aws_vpc_security_group_*_rule",
        path="description",
        reason="LocalStack does not return the description of a single security group rule.",
        seen=date(2026, 11, 23),
    ),
)


def without_known_drift(plan: Plan, gaps: Sequence[KnownDrift]) -> Plan:
    """The plan without the differences that the gaps explain; only updates in place can be explained."""
    remaining = []
    for change in plan.changes:
        unexplained = tuple(
            difference
            for difference in change.differences
            if change.actions != ("update",) or not any(gap.covers(change, difference) for gap in gaps)
        )
        if unexplained or not change.differences:
            remaining.append(replace(change, differences=unexplained))
    return Plan(changes=tuple(remaining))


def assert_no_drift(terraform: Terraform, gaps: Sequence[KnownDrift]) -> Sequence[KnownDrift]:
    """Plan twice after an apply: neither configuration and state nor state and target may differ.

    One plan asks nobody, the other asks the target. An apply that a plan does not agree with would be undone or done
    again by the next one.

    Returns:
        The gaps that a plan showed.

    Raises:
        DriftError: A plan shows a change that no gap explains.
    """
    with ThreadPoolExecutor() as side_by_side:
        running = {refresh: side_by_side.submit(terraform.plan, refresh=refresh) for refresh in (False, True)}
    plans = {refresh: plan.result() for refresh, plan in running.items()}
    for refresh, plan in plans.items():
        unexplained = without_known_drift(plan, gaps)
        if not unexplained.empty:
            raise DriftError(folder=terraform.folder, refresh=refresh, plan=str(unexplained))
    changes = [change for plan in plans.values() for change in plan.changes]
    return [gap for gap in gaps if any(gap.covers(change, one) for change in changes for one in change.differences)]
