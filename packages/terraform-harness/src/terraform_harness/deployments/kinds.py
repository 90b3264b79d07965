"""The kinds of AWS resources that the harness finds and deletes: one table, in the order of deletion."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from terraform_harness.deployments import deletions
from terraform_harness.deployments.deletions import ClientOf

type Tags = Mapping[str, str]
# Name, identifier and tags; the tags are None if the list call returns none.
type Found = tuple[str, str, Tags | None]
type Delete = Callable[[ClientOf, str], object]

# AWS lists a deleted endpoint for a while.
_GONE = ("deleting", "deleted")
_TAG_FIELDS = ("Tags", "tags", "TagSet")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of resource.

    Args:
        find: Lists the resources of a Region.
        delete: Deletes the resource with an identifier.
        tags: Reads the tags of the resource with an identifier in a Region; None if `find` does, or if AWS has none.
    """

    find: Callable[[ClientOf], Iterator[Found]]
    delete: Delete
    tags: Callable[[ClientOf, str, str], Tags] | None = None


def _items(client: Any, operation: str, field: str, **arguments: object) -> Iterator[Any]:  # noqa: ANN401 - of any service
    """Yield the items of all pages, also of an operation without a paginator."""
    if client.can_paginate(operation):
        for page in client.get_paginator(operation).paginate(**arguments):
            yield from page.get(field, [])
    else:
        yield from getattr(client, operation)(**arguments).get(field, [])


def _pairs(tags: Any) -> Tags:  # noqa: ANN401 - a list of pairs or a mapping
    return tags if isinstance(tags, Mapping) else {tag["Key"]: tag["Value"] for tag in tags}


def _delete(service: str, call: str) -> Delete:
    """Return the deletion by one call; `[]` after its parameter stands for a list."""
    operation, parameter = call.split()
    name = parameter.removesuffix("[]")
    return lambda client, identifier: getattr(client(service), operation)(
        **{name: identifier if name == parameter else [identifier]}
    )


def _named(  # noqa: PLR0913 - the columns of the table
    service: str,
    listing: str,
    delete: str | Delete,
    tags: str | None = None,
    *,
    after: str = "",
    identifier: str | None = None,
    **arguments: object,
) -> Kind:
    """Build a kind of resources with names.

    Args:
        service: Of boto3.
        listing: The list call, the field with the items, and the field of an item with the name if it is not a text.
        delete: The delete call and its parameter.
        tags: The call that returns the tags, its parameter and, if that takes an ARN, the text before the identifier.
        after: The character before the name in a URL or an ARN.
        identifier: The field with the identifier, if that is not the name, URL or ARN.
        arguments: Of the list call.
    """
    operation, field, *fields = listing.split()

    def find(client: ClientOf) -> Iterator[Found]:
        for item in _items(client(service), operation, field, **arguments):
            name = item[fields[0]] if fields else item
            yield name.rpartition(after)[2] if after else name, item[identifier] if identifier else name, None

    def read(client: ClientOf, identifier: str, region: str) -> Tags:
        operation, parameter, *parts = str(tags).split()
        if parts:
            caller = client("sts").get_caller_identity()
            partition = caller["Arn"].split(":")[1]
            identifier = f"arn:{partition}:{service}:{region}:{caller['Account']}:{parts[0]}{identifier}"
        answer = getattr(client(service), operation)(**{parameter: identifier})
        return _pairs(next((answer[name] for name in _TAG_FIELDS if name in answer), {}))

    return Kind(
        find=find,
        delete=_delete(service, delete) if isinstance(delete, str) else delete,
        tags=None if tags is None else read,
    )


def _in_ec2(listing: str, delete: str | Delete) -> Kind:
    """Build a kind of EC2 resources with ids; the list call returns their tags."""
    operation, field, identifier = listing.split()

    def find(client: ClientOf) -> Iterator[Found]:
        for item in _items(client("ec2"), operation, field):
            if str(item.get("State")).lower() not in _GONE:
                yield item[identifier], item[identifier], _pairs(item.get("Tags", []))

    return Kind(find=find, delete=_delete("ec2", delete) if isinstance(delete, str) else delete)


def _find_interfaces(client: ClientOf) -> Iterator[Found]:
    """Find network interfaces; those of Lambda have no tags and inherit the tags of their VPC."""
    vpcs = {vpc: tags for vpc, _, tags in KINDS["VPC"].find(client)}
    for interface in _items(client("ec2"), "describe_network_interfaces", "NetworkInterfaces"):
        inherited = vpcs.get(interface.get("VpcId")) if interface.get("InterfaceType") == "lambda" else None
        identifier = interface["NetworkInterfaceId"]
        yield identifier, identifier, inherited or _pairs(interface.get("TagSet", []))


def _find_keys(client: ClientOf) -> Iterator[Found]:
    """Find customer-managed keys that are not scheduled for deletion."""
    kms = client("kms")
    for key in (entry["KeyId"] for entry in _items(kms, "list_keys", "Keys")):
        about = kms.describe_key(KeyId=key)["KeyMetadata"]
        if about["KeyManager"] == "CUSTOMER" and about["KeyState"] != "PendingDeletion":
            yield key, key, {tag["TagKey"]: tag["TagValue"] for tag in kms.list_resource_tags(KeyId=key)["Tags"]}


_ALARM_CALLS = ("delete_alarms AlarmNames[]", "list_tags_for_resource ResourceARN alarm:")

# A resource comes before those that it uses.
KINDS: Mapping[str, Kind] = {
    "composite alarm": _named(
        "cloudwatch", "describe_alarms CompositeAlarms AlarmName", *_ALARM_CALLS, AlarmTypes=["CompositeAlarm"]
    ),
    "alarm": _named("cloudwatch", "describe_alarms MetricAlarms AlarmName", *_ALARM_CALLS),
    "dashboard": _named(
        "cloudwatch", "list_dashboards DashboardEntries DashboardName", "delete_dashboards DashboardNames[]"
    ),
    "event source mapping": _named(
        "lambda",
        "list_event_source_mappings EventSourceMappings FunctionArn",
        "delete_event_source_mapping UUID",
        "list_tags Resource event-source-mapping:",
        after=":function:",
        identifier="UUID",
    ),
    "function": _named(
        "lambda",
        "list_functions Functions FunctionName",
        "delete_function FunctionName",
        "list_tags Resource function:",
    ),
    "rule": _named(
        "events", "list_rules Rules Name", deletions.delete_rule, "list_tags_for_resource ResourceARN rule/"
    ),
    "topic": _named(
        "sns", "list_topics Topics TopicArn", "delete_topic TopicArn", "list_tags_for_resource ResourceArn", after=":"
    ),
    # Without MaxResults, SQS lists the first 1,000 queues only.
    "queue": _named(
        "sqs",
        "list_queues QueueUrls",
        "delete_queue QueueUrl",
        "list_queue_tags QueueUrl",
        after="/",
        MaxResults=1000,
    ),
    "bucket": _named("s3", "list_buckets Buckets Name", deletions.delete_bucket, "get_bucket_tagging Bucket"),
    "stream": _named("kinesis", "list_streams StreamNames", deletions.delete_stream, "list_tags_for_stream StreamName"),
    "table": _named(
        "dynamodb", "list_tables TableNames", "delete_table TableName", "list_tags_of_resource ResourceArn table/"
    ),
    "log group": _named(
        "logs",
        "describe_log_groups logGroups logGroupName",
        "delete_log_group logGroupName",
        "list_tags_for_resource resourceArn log-group:",
    ),
    "network interface": Kind(
        find=_find_interfaces, delete=_delete("ec2", "delete_network_interface NetworkInterfaceId")
    ),
    "role": _named("iam", "list_roles Roles RoleName", deletions.delete_role, "list_role_tags RoleName"),
    "key alias": _named("kms", "list_aliases Aliases AliasName", "delete_alias AliasName"),
    "key": Kind(find=_find_keys, delete=deletions.delete_key),
    "endpoint": _in_ec2("describe_vpc_endpoints VpcEndpoints VpcEndpointId", deletions.delete_endpoint),
    "security group": _in_ec2("describe_security_groups SecurityGroups GroupId", deletions.delete_security_group),
    "subnet": _in_ec2("describe_subnets Subnets SubnetId", "delete_subnet SubnetId"),
    "route table": _in_ec2("describe_route_tables RouteTables RouteTableId", deletions.delete_route_table),
    "VPC": _in_ec2("describe_vpcs Vpcs VpcId", "delete_vpc VpcId"),
}
