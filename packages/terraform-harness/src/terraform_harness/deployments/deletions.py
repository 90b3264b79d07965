"""Deletes the resources that take more than one call, or more than one argument, to delete."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from botocore.exceptions import ClientError

# Returns the boto3 client of a service in one Region.
type ClientOf = Callable[[str], Any]

_KEY_DELETION_DAYS = 7


def delete_key(client: ClientOf, key: str) -> None:
    """Schedule the deletion of a key; AWS deletes no key at once."""
    client("kms").schedule_key_deletion(KeyId=key, PendingWindowInDays=_KEY_DELETION_DAYS)


def delete_stream(client: ClientOf, name: str) -> None:
    """Delete a stream with its consumers."""
    client("kinesis").delete_stream(StreamName=name, EnforceConsumerDeletion=True)


def delete_rule(client: ClientOf, name: str) -> None:
    """Delete an EventBridge rule with its targets."""
    events = client("events")
    if targets := [one["Id"] for one in events.list_targets_by_rule(Rule=name)["Targets"]]:
        events.remove_targets(Rule=name, Ids=targets)
    events.delete_rule(Name=name)


def delete_bucket(client: ClientOf, name: str) -> None:
    """Delete a bucket with every version of its objects."""
    s3 = client("s3")
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=name):
        if versions := [*page.get("Versions", []), *page.get("DeleteMarkers", [])]:
            objects = [{"Key": one["Key"], "VersionId": one["VersionId"]} for one in versions]
            s3.delete_objects(Bucket=name, Delete={"Objects": objects})
    s3.delete_bucket(Bucket=name)


def delete_role(client: ClientOf, name: str) -> None:
    """Delete a role with its policies."""
    iam = client("iam")
    for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
        iam.delete_role_policy(RoleName=name, PolicyName=policy)
    for attached in iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]:
        iam.detach_role_policy(RoleName=name, PolicyArn=attached["PolicyArn"])
    iam.delete_role(RoleName=name)


def delete_security_group(client: ClientOf, group: str) -> None:
    """Delete a security group with its rules."""
    ec2 = client("ec2")
    (about,) = ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"]
    # Two groups cannot be deleted while their rules refer to each other. A rule may refer to a deleted group.
    with suppress(ClientError):
        ec2.revoke_security_group_ingress(GroupId=group, IpPermissions=about["IpPermissions"])
    with suppress(ClientError):
        ec2.revoke_security_group_egress(GroupId=group, IpPermissions=about["IpPermissionsEgress"])
    # The default group of a VPC is deleted with the VPC.
    if about["GroupName"] != "default":
        ec2.delete_security_group(GroupId=group)


def delete_endpoint(client: ClientOf, endpoint: str) -> None:
    """Delete a VPC endpoint."""
    ec2 = client("ec2")
    (about,) = ec2.describe_vpc_endpoints(VpcEndpointIds=[endpoint])["VpcEndpoints"]
    if tables := about.get("RouteTableIds"):
        # LocalStack does not delete an endpoint if one of its route tables is gone.
        with suppress(ClientError):
            ec2.modify_vpc_endpoint(VpcEndpointId=endpoint, RemoveRouteTableIds=tables)
    ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint])


def delete_route_table(client: ClientOf, table: str) -> None:
    """Delete a route table with its associations."""
    ec2 = client("ec2")
    (about,) = ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"]
    for association in about["Associations"]:
        # The main table of a VPC is deleted with the VPC.
        if not association["Main"]:
            ec2.disassociate_route_table(AssociationId=association["RouteTableAssociationId"])
    if not any(association["Main"] for association in about["Associations"]):
        ec2.delete_route_table(RouteTableId=table)
