"""Lists what exists on the target, by the target's own APIs: Terraform's state is not the only witness.

An interrupted apply can create a resource that the provider has not yet written into the state.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from itertools import product

from terraform_harness.deployments.created import Key
from terraform_harness.deployments.run import Run
from terraform_harness.targets.target import Client, Target

type Tags = Mapping[str, str]

# AWS lists a deleted endpoint for a while.
_GONE = ("deleting", "deleted")
_AT_ONCE = 8
# Every Region lists the same ones.
_GLOBAL = frozenset({"bucket", "role"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """Something that exists on the target.

    Args:
        kind: One of `KINDS`.
        name: Its name as people know it, without the Region and the account.
        identifier: What its delete call takes.
        region: Where it is; for a global resource, the Region that was asked.
        tags: As the list call returned them; None if that call returns no tags.
    """

    kind: str
    name: str
    identifier: str
    region: str
    tags: Tags | None = field(default=None, compare=False)

    @property
    def key(self) -> Key:
        """What tells it from every other resource of the account."""
        return key_of(self.kind, self.name, self.region)

    def __str__(self) -> str:
        """The kind and the name."""
        return f"{self.kind} {self.name}"


def key_of(kind: str, name: str, region: str) -> Key:
    """Kind, name and Region; a global resource has no Region."""
    return (kind, name, "" if kind in _GLOBAL else region)


type Lister = Callable[[Target, str], Iterator[tuple[str, str, Tags | None]]]


def _paginated(client: Client, operation: str, arguments: Mapping[str, object]) -> Iterator[Mapping[str, Client]]:
    """The pages of an operation, also of one that has no paginator."""
    if client.can_paginate(operation):
        yield from client.get_paginator(operation).paginate(**arguments)
    else:
        yield getattr(client, operation)(**arguments)


def _named(  # noqa: PLR0913 - where a service keeps its names takes that many words
    target: Target,
    region: str,
    *,
    service: str,
    operation: str,
    items: str,
    name: str | None = None,
    identifier: str | None = None,
    after: str = "",
    arguments: Mapping[str, object] | None = None,
) -> Iterator[tuple[str, str, Tags | None]]:
    """The resources of a kind that has names; `after` is the character before the name in a URL or an ARN."""
    for page in _paginated(target.client(service, region), operation, arguments or {}):
        for item in page.get(items, []):
            called = item if name is None else item[name]
            short = called.rpartition(after)[2] if after else called
            yield short, called if identifier is None else item[identifier], None


def _in_ec2(
    target: Target, region: str, *, operation: str, items: str, name: str
) -> Iterator[tuple[str, str, Tags | None]]:
    """The resources of a kind that EC2 knows by an id."""
    for page in _paginated(target.client("ec2", region), operation, {}):
        for item in page.get(items, []):
            if str(item.get("State")).lower() not in _GONE:
                yield item[name], item[name], {tag["Key"]: tag["Value"] for tag in item.get("Tags", [])}


_VPCS = partial(_in_ec2, operation="describe_vpcs", items="Vpcs", name="VpcId")


def _interfaces(target: Target, region: str) -> Iterator[tuple[str, str, Tags | None]]:
    """The network interfaces; those that Lambda made have no tags and go by those of their VPC."""
    vpcs = {vpc: tags for vpc, _, tags in _VPCS(target, region)}
    for page in _paginated(target.client("ec2", region), "describe_network_interfaces", {}):
        for interface in page["NetworkInterfaces"]:
            own = {tag["Key"]: tag["Value"] for tag in interface.get("TagSet", [])}
            inherited = vpcs.get(interface.get("VpcId")) if interface.get("InterfaceType") == "lambda" else None
            yield interface["NetworkInterfaceId"], interface["NetworkInterfaceId"], inherited or own


def _keys(target: Target, region: str) -> Iterator[tuple[str, str, Tags | None]]:
    """The customer-managed keys that are not scheduled for deletion."""
    kms = target.client("kms", region)
    for page in _paginated(kms, "list_keys", {}):
        for key in (entry["KeyId"] for entry in page["Keys"]):
            about = kms.describe_key(KeyId=key)["KeyMetadata"]
            if about["KeyManager"] == "CUSTOMER" and about["KeyState"] != "PendingDeletion":
                yield key, key, {tag["TagKey"]: tag["TagValue"] for tag in kms.list_resource_tags(KeyId=key)["Tags"]}


_ALARMS = partial(_named, service="cloudwatch", operation="describe_alarms", name="AlarmName")
_FUNCTIONS = partial(_named, service="lambda")

# In the order in which they can be deleted: what uses another comes first.
KINDS: Mapping[str, Lister] = {
    "composite alarm": partial(_ALARMS, items="CompositeAlarms", arguments={"AlarmTypes": ["CompositeAlarm"]}),
    "alarm": partial(_ALARMS, items="MetricAlarms"),
    "dashboard": partial(
        _named, service="cloudwatch", operation="list_dashboards", items="DashboardEntries", name="DashboardName"
    ),
    "event source mapping": partial(
        _FUNCTIONS,
        operation="list_event_source_mappings",
        items="EventSourceMappings",
        name="FunctionArn",
        identifier="UUID",
        after=":",
    ),
    "function": partial(_FUNCTIONS, operation="list_functions", items="Functions", name="FunctionName"),
    "rule": partial(_named, service="events", operation="list_rules", items="Rules", name="Name"),
    "topic": partial(_named, service="sns", operation="list_topics", items="Topics", name="TopicArn", after=":"),
    # Without MaxResults, SQS lists the first 1,000 queues only.
    "queue": partial(
        _named, service="sqs", operation="list_queues", items="QueueUrls", after="/", arguments={"MaxResults": 1000}
    ),
    "bucket": partial(_named, service="s3", operation="list_buckets", items="Buckets", name="Name"),
    "stream": partial(_named, service="kinesis", operation="list_streams", items="StreamNames"),
    "table": partial(_named, service="dynamodb", operation="list_tables", items="TableNames"),
    "log group": partial(
        _named, service="logs", operation="describe_log_groups", items="logGroups", name="logGroupName"
    ),
    "network interface": _interfaces,
    "role": partial(_named, service="iam", operation="list_roles", items="Roles", name="RoleName"),
    "key alias": partial(_named, service="kms", operation="list_aliases", items="Aliases", name="AliasName"),
    "key": _keys,
    "endpoint": partial(_in_ec2, operation="describe_vpc_endpoints", items="VpcEndpoints", name="VpcEndpointId"),
    "security group": partial(_in_ec2, operation="describe_security_groups", items="SecurityGroups", name="GroupId"),
    "subnet": partial(_in_ec2, operation="describe_subnets", items="Subnets", name="SubnetId"),
    "route table": partial(_in_ec2, operation="describe_route_tables", items="RouteTables", name="RouteTableId"),
    "VPC": _VPCS,
}


def existing(target: Target, kinds: Collection[str] = KINDS.keys()) -> Sequence[Resource]:
    """What exists of these kinds in the Regions of the target, in the order of deletion."""

    def listed(kind: str, region: str) -> Sequence[Resource]:
        found = KINDS[kind](target, region)
        return [
            Resource(kind=kind, name=name, identifier=identifier, region=region, tags=tags)
            for name, identifier, tags in found
        ]

    wanted = [
        (kind, region)
        for kind, region in product(KINDS, target.regions)
        if kind in kinds and (region == target.regions[0] or kind not in _GLOBAL)
    ]
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        return [resource for found in pool.map(lambda each: listed(*each), wanted) for resource in found]


def left_of(run: Run, target: Target, kinds: Collection[str] = KINDS.keys()) -> Sequence[Resource]:
    """What still exists of a run, of these kinds, in the order of deletion.

    That is what its state or its plans named, what carries the tag of the run, and what ends in its suffix if no other
    run can have that suffix. What existed before the run is not part of it.
    """
    created = run.created
    return [
        resource
        for resource in existing(target.in_regions(created.regions or target.regions), kinds)
        if resource.key not in created.existed
        and (
            resource.key in created.names
            or (resource.tags or {}).get("RunId") == run.run_id
            or run.owns_name(resource.name)
        )
    ]
