"""Brings a deployment to another configuration, unless that would delete stateful resources."""

from collections.abc import Collection
from pathlib import Path

from terraform_harness.deployments.deployment import Deployment, attached, copy_configuration, terraform_of
from terraform_harness.deployments.errors import ReplacementError

# No apply restores the data of these.
STATEFUL = frozenset(
    {
        "aws_cloudwatch_log_group",
        "aws_db_instance",
        "aws_dynamodb_table",
        "aws_ebs_volume",
        "aws_efs_file_system",
        "aws_kinesis_stream",
        "aws_kms_key",
        "aws_rds_cluster",
        "aws_s3_bucket",
        "aws_secretsmanager_secret",
        "aws_sqs_queue",
    }
)


def upgraded(deployment: Deployment, configuration: Path, *, stateful: Collection[str] = STATEFUL) -> Deployment:
    """Apply another configuration to a deployment, unless its plan deletes or replaces a stateful resource.

    Args:
        deployment: Deployed by an earlier version of the configuration.
        configuration: A folder with `*.tf.json`; it replaces the files of the earlier version.
        stateful: The resource types that hold data.

    Raises:
        ReplacementError: The plan would delete one; nothing was applied.
    """
    # A leftover file of the earlier version would keep its resources and hide the deletions of the upgrade.
    copy_configuration(configuration, deployment.run)
    terraform = terraform_of(deployment.run, deployment.target, deployment.terraform.on_progress)
    terraform.init(upgrade=True)
    lost = [change for change in terraform.plan().changes if "delete" in change.actions and change.type in stateful]
    if lost:
        raise ReplacementError(lost=[f"{'/'.join(change.actions)} {change.address}" for change in lost])
    terraform.apply()
    return attached(deployment.run, deployment.target, terraform)
