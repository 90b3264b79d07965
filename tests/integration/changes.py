"""Temporary changes to the deployment; each one is undone."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from zipfile import ZipFile

from modules.naming import Names
from terraform_harness import Deployment, eventually
from terraform_harness.probes import EventSource
from tests.integration.budgets import Budgets


@contextmanager
def failing_function(deployment: Deployment, budgets: Budgets) -> Iterator[None]:
    """Deploy a version that crashes, as Terraform does, so that the event source mapping invokes it."""
    functions, name = deployment.target.client("lambda"), deployment.output("lambda_function_name")
    alias = Names(suffix=deployment.run.suffix, account_id="").function_alias

    def upload(bundle: bytes, *, publish: bool) -> str:
        version = functions.update_function_code(FunctionName=name, ZipFile=bundle, Publish=publish)["Version"]
        eventually(
            lambda: functions.get_function_configuration(FunctionName=name, Qualifier=version),
            until=lambda function: (function["State"], function.get("LastUpdateStatus")) == ("Active", "Successful"),
            what=f"version {version} of the function can be invoked",
            within=budgets.change,
        )
        return version

    def point_to(version: str) -> None:
        functions.update_alias(FunctionName=name, Name=alias, FunctionVersion=version)

    live = functions.get_alias(FunctionName=name, Name=alias)["FunctionVersion"]
    crashing = upload(crashing_bundle(), publish=True)
    try:
        point_to(crashing)
        yield
    finally:
        # The version must not remain: the next deployment would move the alias to it.
        point_to(live)
        (deployed,) = deployment.terraform.folder.rglob("function.zip")
        upload(deployed.read_bytes(), publish=False)
        functions.delete_function(FunctionName=name, Qualifier=crashing)


def crashing_bundle() -> bytes:
    """Return a bundle of the function that fails when it is imported."""
    bundle = BytesIO()
    with ZipFile(bundle, "w") as archive:
        archive.writestr("transaction_processor/__init__.py", "")
        archive.writestr("transaction_processor/handler.py", 'raise RuntimeError("This version crashes.")')
    return bundle.getvalue()


@contextmanager
def patient_mapping(deployment: Deployment, budgets: Budgets) -> Iterator[None]:
    """Let the event source mapping retry a batch until its records are too old.

    The retries of the deployment on LocalStack end before the alarm goes to ALARM.
    """
    mapping = mapping_of(deployment)
    retries = mapping.client.get_event_source_mapping(UUID=mapping.uuid)["MaximumRetryAttempts"]

    def retry(attempts: int) -> None:
        mapping.client.update_event_source_mapping(UUID=mapping.uuid, MaximumRetryAttempts=attempts)
        eventually(
            mapping.state,
            until=lambda state: state == "Enabled",
            what=f"the mapping retries {attempts} times",
            within=budgets.change,
        )

    retry(-1)
    try:
        yield
    finally:
        retry(retries)


@contextmanager
def changed_outside_terraform(deployment: Deployment) -> Iterator[None]:
    """Change two resources and delete three without Terraform, and restore them afterwards."""
    target, suffix = deployment.target, deployment.run.suffix
    logs, s3, kms, iam = target.client("logs"), target.client("s3"), target.client("kms"), target.client("iam")
    group, bucket = deployment.output("cloudwatch_log_group_name"), deployment.output("quarantine_bucket_name")
    alias = f"alias/transaction-key-{suffix}"
    role, policy_name = f"transaction-flow-logs-role-{suffix}", f"transaction-flow-logs-policy-{suffix}"
    closed = s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    policy = iam.get_role_policy(RoleName=role, PolicyName=policy_name)["PolicyDocument"]
    logs.put_retention_policy(logGroupName=group, retentionInDays=1)
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})
    s3.delete_public_access_block(Bucket=bucket)
    kms.delete_alias(AliasName=alias)
    iam.delete_role_policy(RoleName=role, PolicyName=policy_name)
    try:
        yield
    finally:
        logs.put_retention_policy(logGroupName=group, retentionInDays=90)
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
        s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=closed)
        with suppress(kms.exceptions.AlreadyExistsException):
            kms.create_alias(AliasName=alias, TargetKeyId=deployment.output("kms_key_id"))
        iam.put_role_policy(RoleName=role, PolicyName=policy_name, PolicyDocument=json.dumps(policy))


def mapping_of(deployment: Deployment) -> EventSource:
    """Return the event source mapping of the stream."""
    client = deployment.target.client("lambda")
    (found,) = client.list_event_source_mappings(EventSourceArn=deployment.output("kinesis_stream_arn"))[
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
