"""Deletes by API call what a run created and Terraform does not know of."""

import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from botocore.exceptions import BotoCoreError, ClientError

from terraform_harness.deployments.inventory import Resource, left_of
from terraform_harness.deployments.ownership import reason_to_keep
from terraform_harness.deployments.run import Run
from terraform_harness.errors import EventuallyError, LeftoverError
from terraform_harness.polling import eventually
from terraform_harness.targets.target import Client, Target

type ClientOf = Callable[[str], Client]
type Delete = Callable[[ClientOf, str], object]

_KEY_DELETION_DAYS = 7
_SECONDS = 60.0
# The network interfaces of a function take up to 45 minutes to go.
# https://github.com/hashicorp/terraform-provider-aws/issues/10329
_SECONDS_ON_AWS = 50 * 60.0
_PAUSE_SECONDS, _PAUSE_SECONDS_ON_AWS = 1.0, 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """What a sweep found.

    Args:
        deleted: What was deleted.
        kept: What was left alone, because the run did not provably create it, each with the reason.
    """

    deleted: Sequence[Resource]
    kept: Mapping[Resource, str]


def sweep(run: Run, target: Target) -> Swept:
    """Delete what is left of a run, again and again until nothing is or the time is over.

    Only what the run provably created is deleted (see `terraform_harness.deployments.ownership`).

    Args:
        run: Whose resources.
        target: Where they are.

    Raises:
        LeftoverError: Something stays; each resource with what its delete call answered.
    """
    # Decided once for each: the tags of what is being deleted cannot be read any more.
    reasons_to_keep: dict[Resource, str | None] = {}
    answers: dict[Resource, str] = {}

    def remaining() -> Sequence[Resource]:
        left = left_of(run, target)
        for one in left:
            if one not in reasons_to_keep:
                reasons_to_keep[one] = reason_to_keep(one, run, target)
        return [one for one in left if reasons_to_keep[one] is None]

    found = remaining()

    def delete_once() -> Sequence[Resource]:
        left = remaining()
        # Lambda gives a function's network interfaces back with the function's role; without it, it never does.
        # https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
        held = {"role"} if any(resource.kind == "network interface" for resource in left) else set()
        answers.update({one: _delete(one, target) for one in left if one.kind not in held})
        return remaining()

    if found:
        try:
            eventually(
                delete_once,
                until=lambda left: not left,
                what="everything is swept",
                within=target.budget(localstack=_SECONDS, aws=_SECONDS_ON_AWS),
                longest_pause=target.budget(localstack=_PAUSE_SECONDS, aws=_PAUSE_SECONDS_ON_AWS),
                # A list that is refused for once must not cost the rest of the time.
                transient=(BotoCoreError, ClientError),
            )
        except EventuallyError:
            left = [
                f"{resource} ({answers.get(resource, 'something that uses it is left')})" for resource in remaining()
            ]
            raise LeftoverError(resources=left, command=destroy_command(run, target)) from None
    return Swept(deleted=found, kept={one: reason for one, reason in reasons_to_keep.items() if reason is not None})


def destroy_command(run: Run, target: Target) -> str:
    """The command that ends what is left of a run: this machine's own runs by their id, others by their tags."""
    return (
        f"terraform-harness destroy {run.run_id}"
        if run.is_left
        else f"terraform-harness sweep --target {target.name} --yes"
    )


def _delete(resource: Resource, target: Target) -> str:
    """Delete one resource; return why it stays, for one that is still in use is for the next look."""
    try:
        _DELETES[resource.kind](partial(target.client, region=resource.region), resource.identifier)
    except ClientError as error:
        return str(error)
    return "deleted, but still listed"


def _delete_rule(client: ClientOf, name: str) -> None:
    events = client("events")
    targets = [one["Id"] for one in events.list_targets_by_rule(Rule=name)["Targets"]]
    if targets:
        events.remove_targets(Rule=name, Ids=targets)
    events.delete_rule(Name=name)


def _delete_bucket(client: ClientOf, name: str) -> None:
    s3 = client("s3")
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=name):
        versions = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
        if versions:
            objects = [{"Key": one["Key"], "VersionId": one["VersionId"]} for one in versions]
            s3.delete_objects(Bucket=name, Delete={"Objects": objects})
    s3.delete_bucket(Bucket=name)


def _delete_role(client: ClientOf, name: str) -> None:
    iam = client("iam")
    for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
        iam.delete_role_policy(RoleName=name, PolicyName=policy)
    for attached in iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]:
        iam.detach_role_policy(RoleName=name, PolicyArn=attached["PolicyArn"])
    iam.delete_role(RoleName=name)


def _delete_security_group(client: ClientOf, group: str) -> None:
    ec2 = client("ec2")
    (about,) = ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"]
    # Two groups whose rules name each other keep each other alive; a rule may also name a group that is gone by now.
    with contextlib.suppress(ClientError):
        ec2.revoke_security_group_ingress(GroupId=group, IpPermissions=about["IpPermissions"])
    with contextlib.suppress(ClientError):
        ec2.revoke_security_group_egress(GroupId=group, IpPermissions=about["IpPermissionsEgress"])
    # The default group of a VPC goes with the VPC.
    if about["GroupName"] != "default":
        ec2.delete_security_group(GroupId=group)


def _delete_endpoint(client: ClientOf, endpoint: str) -> None:
    ec2 = client("ec2")
    (about,) = ec2.describe_vpc_endpoints(VpcEndpointIds=[endpoint])["VpcEndpoints"]
    if tables := about.get("RouteTableIds"):
        # LocalStack does not delete an endpoint of which a route table is gone already.
        with contextlib.suppress(ClientError):
            ec2.modify_vpc_endpoint(VpcEndpointId=endpoint, RemoveRouteTableIds=tables)
    ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint])


def _delete_route_table(client: ClientOf, table: str) -> None:
    ec2 = client("ec2")
    (about,) = ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"]
    associations = about["Associations"]
    for association in associations:
        # The main table of a VPC goes with the VPC.
        if not association["Main"]:
            ec2.disassociate_route_table(AssociationId=association["RouteTableAssociationId"])
    if not any(association["Main"] for association in associations):
        ec2.delete_route_table(RouteTableId=table)


_DELETES: Mapping[str, Delete] = {
    "composite alarm": lambda client, name: client("cloudwatch").delete_alarms(AlarmNames=[name]),
    "alarm": lambda client, name: client("cloudwatch").delete_alarms(AlarmNames=[name]),
    "dashboard": lambda client, name: client("cloudwatch").delete_dashboards(DashboardNames=[name]),
    "event source mapping": lambda client, uuid: client("lambda").delete_event_source_mapping(UUID=uuid),
    "function": lambda client, name: client("lambda").delete_function(FunctionName=name),
    "rule": _delete_rule,
    "topic": lambda client, arn: client("sns").delete_topic(TopicArn=arn),
    "queue": lambda client, url: client("sqs").delete_queue(QueueUrl=url),
    "bucket": _delete_bucket,
    "stream": lambda client, name: client("kinesis").delete_stream(StreamName=name, EnforceConsumerDeletion=True),
    "table": lambda client, name: client("dynamodb").delete_table(TableName=name),
    "log group": lambda client, name: client("logs").delete_log_group(logGroupName=name),
    "network interface": lambda client, name: client("ec2").delete_network_interface(NetworkInterfaceId=name),
    "role": _delete_role,
    "key alias": lambda client, name: client("kms").delete_alias(AliasName=name),
    "key": lambda client, key: client("kms").schedule_key_deletion(KeyId=key, PendingWindowInDays=_KEY_DELETION_DAYS),
    "endpoint": _delete_endpoint,
    "security group": _delete_security_group,
    "subnet": lambda client, name: client("ec2").delete_subnet(SubnetId=name),
    "route table": _delete_route_table,
    "VPC": lambda client, name: client("ec2").delete_vpc(VpcId=name),
}
