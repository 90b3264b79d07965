"""Asks the target's own APIs what exists of a run: terraform's state is not taken at its word."""

from collections.abc import Iterator, Sequence
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
_EC2_KINDS = ("vpc", "subnet", "security-group", "vpc-endpoint", "network-interface")


def left_of(run: Run, target: Target) -> Sequence[str]:
    """What still exists with the run's suffix in its name, or the run's id in its tags."""
    with ThreadPoolExecutor(max_workers=8) as pool:
        named = pool.map(lambda listing: list(_named(listing, run, target)), LISTINGS)
        tagged = list(_tagged(run, target))
    return sorted({*(name for names in named for name in names), *tagged})


def _named(listing: Listing, run: Run, target: Target) -> Iterator[str]:
    """The resources of one kind whose name carries the suffix as its last part, or before the account id."""
    client = target.client(listing.service)
    pages = (
        client.get_paginator(listing.operation).paginate(**listing.arguments)
        if client.can_paginate(listing.operation)
        else [getattr(client, listing.operation)(**listing.arguments)]
    )
    for page in pages:
        for item in page.get(listing.items, []):
            name = item if listing.name is None else item[listing.name]
            if _ends_with_suffix(name, run.suffix):
                yield f"{listing.kind} {name}"


def _ends_with_suffix(name: str, suffix: str) -> bool:
    """Whether a name ends in `-SUFFIX`, or in `-SUFFIX-` and an account id as bucket names do."""
    stem, _, last = name.rpartition("-")
    return name.endswith(f"-{suffix}") or (last.isdigit() and stem.endswith(f"-{suffix}"))


def _tagged(run: Run, target: Target) -> Iterator[str]:
    """What EC2 and KMS have under the run's tag: these have no names."""
    ec2 = target.client("ec2")
    tags = ec2.get_paginator("describe_tags").paginate(
        Filters=[{"Name": "key", "Values": ["RunId"]}, {"Name": "value", "Values": [run.run_id]}]
    )
    for page in tags:
        for tag in page["Tags"]:
            if tag["ResourceType"] in _EC2_KINDS:
                yield f"{tag['ResourceType']} {tag['ResourceId']}"
