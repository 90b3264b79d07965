"""Asks the target's own APIs what exists of a run: terraform's state is not taken at its word."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from harness.runs import Run
from harness.targets import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """How to list one kind of resource.

    Args:
        kind: The word for it.
        service: boto3's name of the service.
        operation: boto3's name of the paginated operation.
        items: Where the list stands in a page.
        name: The key of an item that holds its name; None if the item is the name.
        arguments: Of the operation.
    """

    kind: str
    service: str
    operation: str
    items: str
    name: str | None = None
    arguments: dict[str, object] = field(default_factory=dict)


LISTINGS = (
    Listing(kind="stream", service="kinesis", operation="list_streams", items="StreamNames"),
    Listing(kind="table", service="dynamodb", operation="list_tables", items="TableNames"),
    Listing(kind="function", service="lambda", operation="list_functions", items="Functions", name="FunctionName"),
    Listing(
        kind="event source mapping",
        service="lambda",
        operation="list_event_source_mappings",
        items="EventSourceMappings",
        name="FunctionArn",
    ),
    Listing(kind="log group", service="logs", operation="describe_log_groups", items="logGroups", name="logGroupName"),
    Listing(kind="bucket", service="s3", operation="list_buckets", items="Buckets", name="Name"),
    Listing(kind="queue", service="sqs", operation="list_queues", items="QueueUrls"),
    Listing(kind="topic", service="sns", operation="list_topics", items="Topics", name="TopicArn"),
    Listing(kind="key alias", service="kms", operation="list_aliases", items="Aliases", name="AliasName"),
    Listing(kind="role", service="iam", operation="list_roles", items="Roles", name="RoleName"),
    Listing(kind="rule", service="events", operation="list_rules", items="Rules", name="Name"),
    Listing(kind="alarm", service="cloudwatch", operation="describe_alarms", items="MetricAlarms", name="AlarmName"),
    Listing(
        kind="composite alarm",
        service="cloudwatch",
        operation="describe_alarms",
        items="CompositeAlarms",
        name="AlarmName",
        arguments={"AlarmTypes": ["CompositeAlarm"]},
    ),
    Listing(
        kind="dashboard",
        service="cloudwatch",
        operation="list_dashboards",
        items="DashboardEntries",
        name="DashboardName",
    ),
)
# What EC2 has goes by tags. Its tags themselves are no evidence: they may outlive their resource for a while.
EC2_LISTINGS = (
    Listing(kind="VPC", service="ec2", operation="describe_vpcs", items="Vpcs", name="VpcId"),
    Listing(kind="subnet", service="ec2", operation="describe_subnets", items="Subnets", name="SubnetId"),
    Listing(
        kind="security group",
        service="ec2",
        operation="describe_security_groups",
        items="SecurityGroups",
        name="GroupId",
    ),
    Listing(
        kind="endpoint", service="ec2", operation="describe_vpc_endpoints", items="VpcEndpoints", name="VpcEndpointId"
    ),
    Listing(
        kind="network interface",
        service="ec2",
        operation="describe_network_interfaces",
        items="NetworkInterfaces",
        name="NetworkInterfaceId",
    ),
)


# AWS lists a deleted endpoint for a while.
_GONE = ("deleting", "deleted")


def left_of(run: Run, target: Target) -> Sequence[str]:
    """What still exists with the run's suffix in its name, or the run's id in its tags."""
    by_tag = {"Filters": [{"Name": "tag:RunId", "Values": [run.run_id]}]}
    with ThreadPoolExecutor(max_workers=8) as pool:
        named = pool.map(
            lambda listing: [
                f"{listing.kind} {name}"
                for name in _names(listing, target, listing.arguments)
                if _ends_with_suffix(name, run.suffix)
            ],
            LISTINGS,
        )
        tagged = pool.map(
            lambda listing: [f"{listing.kind} {name}" for name in _names(listing, target, by_tag)], EC2_LISTINGS
        )
        return sorted(resource for found in (*named, *tagged) for resource in found)


def _names(listing: Listing, target: Target, arguments: Mapping[str, object]) -> Iterator[str]:
    """The names of all resources of one kind."""
    client = target.client(listing.service)
    pages = (
        client.get_paginator(listing.operation).paginate(**arguments)
        if client.can_paginate(listing.operation)
        else [getattr(client, listing.operation)(**arguments)]
    )
    for page in pages:
        for item in page.get(listing.items, []):
            if listing.name is None:
                yield item
            elif str(item.get("State")).lower() not in _GONE:
                yield item[listing.name]


def _ends_with_suffix(name: str, suffix: str) -> bool:
    """Whether a name ends in `-SUFFIX`, or in `-SUFFIX-` and an account id as bucket names do."""
    stem, _, last = name.rpartition("-")
    return name.endswith(f"-{suffix}") or (last.isdigit() and stem.endswith(f"-{suffix}"))
