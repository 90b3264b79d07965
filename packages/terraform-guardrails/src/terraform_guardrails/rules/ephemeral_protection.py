"""ephemeral-protection: deletion protection in an ephemeral stack, or missing protection in production."""

from collections.abc import Iterator

from terraform_guardrails.finding import Finding, Severity
from terraform_guardrails.rule import Rule
from terraform_guardrails.terraform.stack import Resource, Stack

type Problem = tuple[Severity, str, str]

ID = "ephemeral-protection"
_SHORTEST_WINDOW = 7
_DEFAULT_WINDOW = 30
# The attributes that make AWS or the provider refuse to delete a resource, each with the value that does so.
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
# The types with data that is lost when the resource is deleted.
_HOLDS_DATA = {
    "aws_cognito_user_pool",
    "aws_db_instance",
    "aws_docdb_cluster",
    "aws_dynamodb_table",
    "aws_neptune_cluster",
    "aws_rds_cluster",
}
# The attributes that allow the deletion of a resource that is not empty.
_FORCES = {
    "aws_athena_workgroup": "force_destroy",
    "aws_backup_vault": "force_destroy",
    "aws_ecr_repository": "force_delete",
    "aws_s3_bucket": "force_destroy",
}
_FINAL_SNAPSHOTS = {"aws_db_instance", "aws_docdb_cluster", "aws_neptune_cluster", "aws_rds_cluster"}


def check(resource: Resource, stack: Stack) -> Iterator[Finding]:
    """Find protection in an ephemeral stack, or missing protection in a production stack."""
    problems = {"ephemeral": _protected, "production": _unprotected}.get(stack.lifetime or "")
    for severity, problem, remedy in problems(resource) if problems else ():
        yield Finding(
            rule=ID,
            severity=severity,
            address=resource.address,
            problem=f"The stack is {stack.lifetime}, and {problem}.",
            remedy=remedy,
        )


def _protected(resource: Resource) -> Iterator[Problem]:
    if any(block.flag("prevent_destroy", default=False) for block in resource.blocks("lifecycle")):
        yield ("error", "lifecycle.prevent_destroy makes terraform destroy fail", "Remove prevent_destroy.")
    attribute, protected = _PROTECTIONS.get(resource.type, ("", None))
    if protected is not None and _is(resource, attribute, protected):
        yield ("error", f"{attribute} makes AWS reject its deletion", f"Disable {attribute}.")
    force = _FORCES.get(resource.type)
    if force and not resource.flag(force, default=False):
        problem = f"without {force}, terraform destroy fails if the resource is not empty"
        yield ("error", problem, f"Set {force} = true.")
    if resource.type in _FINAL_SNAPSHOTS and not resource.flag("skip_final_snapshot", default=False):
        problem = (
            "without skip_final_snapshot, terraform destroy needs the name of a final snapshot and keeps that snapshot"
        )
        yield ("error", problem, "Set skip_final_snapshot = true.")
    if resource.type == "aws_secretsmanager_secret" and resource.number("recovery_window_in_days") != 0:
        problem = "its name stays reserved for the recovery window after terraform destroy"
        yield ("error", problem, "Set recovery_window_in_days = 0.")
    if resource.type == "aws_kms_key":
        window = resource.number("deletion_window_in_days") or _DEFAULT_WINDOW
        if window > _SHORTEST_WINDOW:
            problem = f"the key exists for {window:.0f} days after terraform destroy"
            yield ("warning", problem, f"Set deletion_window_in_days = {_SHORTEST_WINDOW}.")


def _unprotected(resource: Resource) -> Iterator[Problem]:
    attribute, protected = _PROTECTIONS.get(resource.type, ("", None))
    if resource.type in _HOLDS_DATA and not _is(resource, attribute, protected):
        yield ("warning", f"its data is not protected: {attribute} is disabled", f"Enable {attribute}.")
    force = _FORCES.get(resource.type)
    if force and resource.flag(force, default=False):
        problem = f"{force} makes terraform destroy delete its contents"
        yield ("warning", problem, f"Remove {force}.")
    if resource.type in _FINAL_SNAPSHOTS and resource.flag("skip_final_snapshot", default=False):
        problem = "skip_final_snapshot makes terraform destroy delete it without a final snapshot"
        yield ("warning", problem, "Remove skip_final_snapshot.")


def _is(resource: Resource, attribute: str, protected: object) -> bool:
    if isinstance(protected, bool):
        return resource.flag(attribute, default=False) is protected
    return resource.text(attribute) == protected


RULE = Rule(
    id=ID,
    severity="error",
    summary="deletion protection in an ephemeral stack, or missing protection in production",
    source="https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle",
    example="""\
{"provider": {"aws": [{"default_tags": [{"tags": {"Ephemeral": "true"}}]}]},
 "resource": {"aws_s3_bucket": {"quarantine": {"bucket": "quarantine-pr-12"}}}}
""",
    why="""\
Protection for production makes `terraform destroy` fail in an environment that lives for an hour: `prevent_destroy`,
deletion protection, buckets that must be empty, final snapshots. Other attributes keep resources after the destroy: the
recovery window of a secret reserves its name, and a key exists for up to 30 days.

A stack is ephemeral if its default tag `Ephemeral` is `true`, or with `--lifetime ephemeral`. With
`--lifetime production` the rule warns of the opposite: data without deletion protection.
""",
    remedy="Set the attribute in the finding from a setting of the environment.",
    check=check,
)
