"""Temporary changes to the deployment; each one is undone."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from terraform_harness import Deployment, eventually
from terraform_harness.probes import EventSource
from tests.integration.budgets import Budgets


@contextmanager
def failing_function(deployment: Deployment, budgets: Budgets) -> Iterator[None]:
    """Configure a missing handler, so that every invocation of the function fails."""
    functions = deployment.target.client("lambda")
    name = deployment.output("lambda_function_name")
    handler = functions.get_function_configuration(FunctionName=name)["Handler"]

    def use(handler: str) -> None:
        functions.update_function_configuration(FunctionName=name, Handler=handler)
        eventually(
            lambda: functions.get_function_configuration(FunctionName=name)["LastUpdateStatus"],
            until=lambda status: status == "Successful",
            what=f"the function's handler is {handler}",
            within=budgets.change,
        )

    use(f"{handler}_is_gone")
    try:
        yield
    finally:
        use(handler)


@contextmanager
def changed_outside_terraform(deployment: Deployment) -> Iterator[None]:
    """Change two resources and delete three without Terraform, and restore them afterwards."""
    target, suffix = deployment.target, deployment.run.suffix
    logs, s3, kms, iam = target.client("logs"), target.client("s3"), target.client("kms"), target.client("iam")
    group, bucket = deployment.output("cloudwatch_log_group_name"), deployment.output("quarantine_bucket_name")
    alias, role = f"alias/transaction-key-{suffix}", f"transaction-flow-logs-role-{suffix}"
    closed = s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    policy = iam.get_role_policy(RoleName=role, PolicyName="permissions")["PolicyDocument"]
    logs.put_retention_policy(logGroupName=group, retentionInDays=1)
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})
    s3.delete_public_access_block(Bucket=bucket)
    kms.delete_alias(AliasName=alias)
    iam.delete_role_policy(RoleName=role, PolicyName="permissions")
    try:
        yield
    finally:
        logs.put_retention_policy(logGroupName=group, retentionInDays=90)
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
        s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=closed)
        with suppress(kms.exceptions.AlreadyExistsException):
            kms.create_alias(AliasName=alias, TargetKeyId=deployment.output("kms_key_id"))
        iam.put_role_policy(RoleName=role, PolicyName="permissions", PolicyDocument=json.dumps(policy))


def mapping_of(deployment: Deployment) -> EventSource:
    """Return the event source mapping of the function."""
    client = deployment.target.client("lambda")
    (found,) = client.list_event_source_mappings(FunctionName=deployment.output("lambda_function_name"))[
        "EventSourceMappings"
    ]
    return EventSource(client=client, uuid=found["UUID"])


def switch(mapping: EventSource, budgets: Budgets, *, on: bool) -> None:
    """Enable or disable the event source mapping, and wait until it is."""
    mapping.client.update_event_source_mapping(UUID=mapping.uuid, Enabled=on)
    wanted = "Enabled" if on else "Disabled"
    eventually(
        mapping.state, until=lambda state: state == wanted, what=f"the mapping is {wanted}", within=budgets.change
    )
