"""Checks for drift: a plan right after apply may show only the known drift of an emulator."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from fnmatch import fnmatchcase

from terraform_harness.terraform.cli import Terraform
from terraform_harness.terraform.errors import DriftError
from terraform_harness.terraform.plan import AttributeChange, Change, Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownDrift:
    """An attribute that the emulator does not return as it was set.

    Args:
        type: A shell pattern for the resource type.
        path: A shell pattern for the attribute's path in the plan.
        reason: The fault of the emulator.
        seen: The day of the last check.
    """

    type: str
    path: str
    reason: str
    seen: date

    def covers(self, change: Change, attribute: AttributeChange) -> bool:
        """Return whether a change of an attribute is this drift."""
        return fnmatchcase(change.type, self.type) and fnmatchcase(attribute.path, self.path)


LOCALSTACK_DRIFT = (
    KnownDrift(
        type="aws_lambda_function",
        path="kms_key_arn",
        reason="LocalStack does not return the key of a function's environment.",
        seen=date(2026, 11, 23),
    ),
    KnownDrift(
        type="aws_lambda_function",
        path="version",
        reason="When a function's key differs, the provider plans to publish a version.",
        seen=date(2026, 11, 25),
    ),
    KnownDrift(
        type="aws_lambda_function",
        path="qualified_*arn",
        reason="When a function's key differs, the provider plans the ARN of a new version.",
        seen=date(2026, 11, 25),
    ),
    KnownDrift(
        type="aws_lambda_alias",
        path="function_version",
        reason="When a function's key differs, the provider plans to move the alias to a new version.",
        seen=date(2026, 11, 25),
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


def without_known_drift(plan: Plan, known: Sequence[KnownDrift]) -> Plan:
    """Return the plan without known drift; only an update in place can be known drift."""
    remaining = []
    for change in plan.changes:
        unexplained = tuple(
            attribute
            for attribute in change.attributes
            if change.actions != ("update",) or not any(drift.covers(change, attribute) for drift in known)
        )
        if unexplained or not change.attributes:
            remaining.append(replace(change, attributes=unexplained))
    return Plan(changes=tuple(remaining))


def assert_no_drift(terraform: Terraform, known: Sequence[KnownDrift]) -> Sequence[KnownDrift]:
    """Check that neither configuration and state nor state and target differ after apply.

    The two plans run at the same time: one with refresh, one without.

    Returns:
        The known drift that a plan showed.

    Raises:
        DriftError: A plan shows a change that is not known drift.
    """
    with ThreadPoolExecutor() as pool:
        running = {refresh: pool.submit(terraform.plan, refresh=refresh) for refresh in (False, True)}
    plans = {refresh: plan.result() for refresh, plan in running.items()}
    for refresh, plan in plans.items():
        unexplained = without_known_drift(plan, known)
        if not unexplained.empty:
            raise DriftError(folder=terraform.folder, refresh=refresh, plan=str(unexplained))
    shown = [(change, one) for plan in plans.values() for change in plan.changes for one in change.attributes]
    return [drift for drift in known if any(drift.covers(change, one) for change, one in shown)]
