"""ephemeral-protection: what stands in the way of destroying an ephemeral stack, and what production lacks."""

from collections.abc import Iterator

from terraform_guardrails.finding import Finding, Severity
from terraform_guardrails.rule import Rule
from terraform_guardrails.terraform.stack import Resource, Stack

type Said = tuple[Severity, str, str]

NAME = "ephemeral-protection"
_SHORTEST_WINDOW = 7
_DEFAULT_WINDOW = 30
# Attributes with which AWS, or the provider, refuses to delete a resource, and the value that protects.
_PROTECTIONS: dict[str, tuple[str, object]] = {
    "aws_alb": ("enable_deletion_protection", True),
    "aws_cognito_user_pool": ("deletion_protection", "ACTIVE"),
    "aws_db_instance": ("deletion_protection", True),
    "aws_docdb_cluster": ("deletion_protection", True),
    "aws_dynamodb_table": ("deletion_protection_enabled", True),
    "aws_instance": ("disable_api_termination", True),
    "aws_lb": ("enable_deletion_protection", True),
    "aws_neptune_cluster": ("deletion_protection", True),
    "aws_networkfirewall_firewall": ("delete_protection", True),
    "aws_rds_cluster": ("deletion_protection", True),
    "aws_rds_global_cluster": ("deletion_protection", True),
}
# What production is expected to protect: data that is lost with the resource.
_HOLDS_DATA = {
    "aws_cognito_user_pool",
    "aws_db_instance",
    "aws_docdb_cluster",
    "aws_dynamodb_table",
    "aws_neptune_cluster",
    "aws_rds_cluster",
}
# Attributes without which a resource that holds something cannot be deleted.
_FORCES = {
    "aws_athena_workgroup": "force_destroy",
    "aws_backup_vault": "force_destroy",
    "aws_ecr_repository": "force_delete",
    "aws_s3_bucket": "force_destroy",
}
_FINAL_SNAPSHOTS = {"aws_db_instance", "aws_docdb_cluster", "aws_neptune_cluster", "aws_rds_cluster"}


def check(resource: Resource, stack: Stack) -> Iterator[Finding]:
    """Find protection that an ephemeral stack must not have, or that a production stack lacks."""
    said = {"ephemeral": _in_the_way, "production": _lacking}.get(stack.lifetime or "")
    for severity, problem, remedy in said(resource) if said else ():
        yield Finding(
            rule=NAME,
            severity=severity,
            address=resource.address,
            problem=f"The stack is {stack.lifetime}, and {problem}.",
            remedy=remedy,
        )


def _in_the_way(resource: Resource) -> Iterator[Said]:
    if any(block.flag("prevent_destroy", default=False) for block in resource.blocks("lifecycle")):
        yield ("error", "lifecycle.prevent_destroy stops the destroy", "Remove prevent_destroy.")
    attribute, protected = _PROTECTIONS.get(resource.type, ("", None))
    if protected is not None and _is(resource, attribute, protected):
        yield ("error", f"{attribute} makes AWS refuse to delete it", f"Switch {attribute} off.")
    force = _FORCES.get(resource.type)
    if force and not resource.flag(force, default=False):
        problem = f"without {force} the destroy fails as soon as it holds something"
        yield ("error", problem, f"Set {force} = true.")
    if resource.type in _FINAL_SNAPSHOTS and not resource.flag("skip_final_snapshot", default=False):
        problem = "without skip_final_snapshot the destroy leaves a snapshot behind, or fails for want of its name"
        yield ("error", problem, "Set skip_final_snapshot = true.")
    if resource.type == "aws_secretsmanager_secret" and resource.number("recovery_window_in_days") != 0:
        problem = "its name stays taken for the recovery window after the destroy"
        yield ("error", problem, "Set recovery_window_in_days = 0.")
    if resource.type == "aws_kms_key":
        window = resource.number("deletion_window_in_days") or _DEFAULT_WINDOW
        if window > _SHORTEST_WINDOW:
            problem = f"the key stays, and is paid for, {window:.0f} days after the destroy"
            yield ("warning", problem, f"Set deletion_window_in_days = {_SHORTEST_WINDOW}.")


def _lacking(resource: Resource) -> Iterator[Said]:
    attribute, protected = _PROTECTIONS.get(resource.type, ("", None))
    if resource.type in _HOLDS_DATA and not _is(resource, attribute, protected):
        yield ("warning", f"nothing keeps its data: {attribute} is off", f"Switch {attribute} on.")
    force = _FORCES.get(resource.type)
    if force and resource.flag(force, default=False):
        problem = f"{force} deletes what it holds together with it"
        yield ("warning", problem, f"Remove {force}.")
    if resource.type in _FINAL_SNAPSHOTS and resource.flag("skip_final_snapshot", default=False):
        problem = "skip_final_snapshot deletes it without a last copy"
        yield ("warning", problem, "Remove skip_final_snapshot.")


def _is(resource: Resource, attribute: str, protected: object) -> bool:
    if isinstance(protected, bool):
        return resource.flag(attribute, default=False) is protected
    return resource.text(attribute) == protected


RULE = Rule(name=NAME, check=check)
