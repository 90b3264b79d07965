"""Asks the target's own APIs what exists of a run: terraform's state is not taken at its word.

An interrupted apply can leave a resource that the provider had asked for but not yet written into the state.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from harness.runs import Run
from harness.targets import Client, Target

# AWS lists a deleted endpoint for a while.
_GONE = ("deleting", "deleted")
_AT_ONCE = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """Something that exists on the target; `identifier` is what its delete call takes."""

    kind: str
    name: str
    identifier: str

    def __str__(self) -> str:
        """The kind and the name."""
        return f"{self.kind} {self.name}"


type Find = Callable[[Run, Target], Iterator[tuple[str, str]]]


def _paginated(client: Client, operation: str, arguments: Mapping[str, object]) -> Iterator[Mapping[str, Client]]:
    """The pages of an operation, also of one that has no paginator."""
    if client.can_paginate(operation):
        yield from client.get_paginator(operation).paginate(**arguments)
    else:
        yield getattr(client, operation)(**arguments)


def _named(  # noqa: PLR0913 - where a service keeps its names takes that many words
    run: Run,
    target: Target,
    *,
    service: str,
    operation: str,
    items: str,
    name: str | None = None,
    identifier: str | None = None,
    arguments: Mapping[str, object] | None = None,
) -> Iterator[tuple[str, str]]:
    """What carries the run's suffix as the last part of its name, or before the account id as bucket names do."""
    for page in _paginated(target.client(service), operation, arguments or {}):
        for item in page.get(items, []):
            called = item if name is None else item[name]
            stem, _, last = called.rpartition("-")
            ending = f"-{run.suffix}"
            if called.endswith(ending) or (last.isdigit() and stem.endswith(ending)):
                yield called, called if identifier is None else item[identifier]


def _tagged(run: Run, target: Target, *, operation: str, items: str, name: str) -> Iterator[tuple[str, str]]:
    """What EC2 has under the run's tag. Tags alone are no evidence: they may outlive their resource for a while."""
    by_tag = {"Filters": [{"Name": "tag:RunId", "Values": [run.run_id]}]}
    for page in _paginated(target.client("ec2"), operation, by_tag):
        for item in page.get(items, []):
            if str(item.get("State")).lower() not in _GONE:
                yield item[name], item[name]


_VPCS = partial(_tagged, operation="describe_vpcs", items="Vpcs", name="VpcId")


def _interfaces(run: Run, target: Target) -> Iterator[tuple[str, str]]:
    """The network interfaces under the run's tag, and those that Lambda made in the run's VPC, which have no tag."""
    yield from _tagged(
        run,
        target,
        operation="describe_network_interfaces",
        items="NetworkInterfaces",
        name="NetworkInterfaceId",
    )
    vpcs = [vpc for vpc, _ in _VPCS(run, target)]
    if vpcs:
        in_vpcs = {"Filters": [{"Name": "vpc-id", "Values": vpcs}]}
        for page in _paginated(target.client("ec2"), "describe_network_interfaces", in_vpcs):
            for interface in page["NetworkInterfaces"]:
                if interface.get("InterfaceType") == "lambda":
                    yield interface["NetworkInterfaceId"], interface["NetworkInterfaceId"]


def _keys(run: Run, target: Target) -> Iterator[tuple[str, str]]:
    """The keys under the run's tag that nobody has scheduled for deletion."""
    kms = target.client("kms")
    for page in _paginated(kms, "list_keys", {}):
        for key in (entry["KeyId"] for entry in page["Keys"]):
            about = kms.describe_key(KeyId=key)["KeyMetadata"]
            if about["KeyManager"] == "CUSTOMER" and about["KeyState"] != "PendingDeletion":
                tags = {tag["TagKey"]: tag["TagValue"] for tag in kms.list_resource_tags(KeyId=key)["Tags"]}
                if tags.get("RunId") == run.run_id:
                    yield key, key


_ALARMS = partial(_named, service="cloudwatch", operation="describe_alarms", name="AlarmName")
_FUNCTIONS = partial(_named, service="lambda")

# In the order in which they can be deleted: what uses another comes first.
KINDS: Mapping[str, Find] = {
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
    ),
    "function": partial(_FUNCTIONS, operation="list_functions", items="Functions", name="FunctionName"),
    "rule": partial(_named, service="events", operation="list_rules", items="Rules", name="Name"),
    "topic": partial(_named, service="sns", operation="list_topics", items="Topics", name="TopicArn"),
    "queue": partial(_named, service="sqs", operation="list_queues", items="QueueUrls"),
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
    "endpoint": partial(_tagged, operation="describe_vpc_endpoints", items="VpcEndpoints", name="VpcEndpointId"),
    "security group": partial(_tagged, operation="describe_security_groups", items="SecurityGroups", name="GroupId"),
    "subnet": partial(_tagged, operation="describe_subnets", items="Subnets", name="SubnetId"),
    "route table": partial(_tagged, operation="describe_route_tables", items="RouteTables", name="RouteTableId"),
    "VPC": _VPCS,
}


def left_of(run: Run, target: Target) -> Sequence[Resource]:
    """What still exists with the run's suffix in its name or the run's id in its tags, in order of deletion."""

    def find(kind: str) -> Sequence[Resource]:
        return [Resource(kind=kind, name=name, identifier=identifier) for name, identifier in KINDS[kind](run, target)]

    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        return [resource for found in pool.map(find, KINDS) for resource in found]
