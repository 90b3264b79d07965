"""Lists existing resources of each Region in the order of deletion, and selects those of a run."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from harness import inventory
from harness.inventory import KINDS, Resource, Tags, existing, key_of, left_of
from harness.runs import Run, new_run
from harness.targets import Target

REGION = "eu-central-1"
ARN = f"{REGION}:123456789012"
TAGS, PAIRS = {"RunId": "run-1"}, [{"Key": "RunId", "Value": "run-1"}]
type Answers = list[tuple[str, dict[str, Any], dict[str, Any]]]


def target(*regions: str, clients: dict[tuple[str, str], Any] | None = None) -> Target:
    environment = {"AWS_ENDPOINT_URL": "http://127.0.0.1:4566"}
    return Target(name="localstack", environment=environment, stated_regions=regions, _clients=clients or {})


def found(name: str, identifier: str | None = None, tags: Tags | None = None) -> tuple[str, str, Tags | None]:
    return name, identifier or name, tags


@pytest.mark.parametrize(
    ("kind", "service", "answers", "resources"),
    [
        (
            "composite alarm",
            "cloudwatch",
            [("describe_alarms", {"AlarmTypes": ["CompositeAlarm"]}, {"CompositeAlarms": [{"AlarmName": "c"}]})],
            [found("c")],
        ),
        ("alarm", "cloudwatch", [("describe_alarms", {}, {"MetricAlarms": [{"AlarmName": "a"}]})], [found("a")]),
        (
            "dashboard",
            "cloudwatch",
            [("list_dashboards", {}, {"DashboardEntries": [{"DashboardName": "d"}]})],
            [found("d")],
        ),
        (
            "event source mapping",
            "lambda",
            [
                (
                    "list_event_source_mappings",
                    {},
                    {"EventSourceMappings": [{"UUID": "1-2", "FunctionArn": f"arn:aws:lambda:{ARN}:function:f"}]},
                )
            ],
            [found("f", "1-2")],
        ),
        ("function", "lambda", [("list_functions", {}, {"Functions": [{"FunctionName": "f"}]})], [found("f")]),
        ("rule", "events", [("list_rules", {}, {"Rules": [{"Name": "r"}]})], [found("r")]),
        (
            "topic",
            "sns",
            [("list_topics", {}, {"Topics": [{"TopicArn": f"arn:aws:sns:{ARN}:t"}]})],
            [found("t", f"arn:aws:sns:{ARN}:t")],
        ),
        (
            "queue",
            "sqs",
            [
                ("list_queues", {"MaxResults": 1000}, {"QueueUrls": ["https://sqs/1/one"], "NextToken": "more"}),
                ("list_queues", {"MaxResults": 1000, "NextToken": "more"}, {"QueueUrls": ["https://sqs/1/two"]}),
            ],
            [found("one", "https://sqs/1/one"), found("two", "https://sqs/1/two")],
        ),
        ("queue", "sqs", [("list_queues", {"MaxResults": 1000}, {})], []),
        ("bucket", "s3", [("list_buckets", {}, {"Buckets": [{"Name": "b"}]})], [found("b")]),
        ("stream", "kinesis", [("list_streams", {}, {"StreamNames": ["s"], "HasMoreStreams": False})], [found("s")]),
        (
            "table",
            "dynamodb",
            [
                ("list_tables", {}, {"TableNames": ["one"], "LastEvaluatedTableName": "one"}),
                ("list_tables", {"ExclusiveStartTableName": "one"}, {"TableNames": ["two"]}),
            ],
            [found("one"), found("two")],
        ),
        (
            "log group",
            "logs",
            [("describe_log_groups", {}, {"logGroups": [{"logGroupName": "/aws/lambda/f"}]})],
            [found("/aws/lambda/f")],
        ),
        (
            "role",
            "iam",
            [
                (
                    "list_roles",
                    {},
                    {"Roles": [{"RoleName": "r", "Path": "/", "RoleId": "A" * 16, "Arn": "a" * 20, "CreateDate": 1.0}]},
                )
            ],
            [found("r")],
        ),
        ("key alias", "kms", [("list_aliases", {}, {"Aliases": [{"AliasName": "alias/a"}]})], [found("alias/a")]),
        (
            "endpoint",
            "ec2",
            [
                (
                    "describe_vpc_endpoints",
                    {},
                    {
                        "VpcEndpoints": [
                            {"VpcEndpointId": "vpce-1", "State": "available", "Tags": PAIRS},
                            {"VpcEndpointId": "vpce-2", "State": "Deleting"},
                            {"VpcEndpointId": "vpce-3", "State": "deleted"},
                        ]
                    },
                )
            ],
            [found("vpce-1", tags=TAGS)],
        ),
        (
            "security group",
            "ec2",
            [("describe_security_groups", {}, {"SecurityGroups": [{"GroupId": "sg-1", "Tags": PAIRS}]})],
            [found("sg-1", tags=TAGS)],
        ),
        (
            "subnet",
            "ec2",
            [("describe_subnets", {}, {"Subnets": [{"SubnetId": "subnet-1", "State": "available"}]})],
            [found("subnet-1", tags={})],
        ),
        (
            "route table",
            "ec2",
            [("describe_route_tables", {}, {"RouteTables": [{"RouteTableId": "rtb-1"}]})],
            [found("rtb-1", tags={})],
        ),
        (
            "VPC",
            "ec2",
            [("describe_vpcs", {}, {"Vpcs": [{"VpcId": "vpc-1", "Tags": PAIRS}]})],
            [found("vpc-1", tags=TAGS)],
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_kind_is_listed_by_its_api(
    kind: str, service: str, answers: Answers, resources: list[tuple[str, str, Tags | None]]
) -> None:
    listed = existing(target(REGION, clients=stubbed((service, answers))), [kind])

    assert [(one.name, one.identifier, one.tags) for one in listed] == resources
    assert {(one.kind, one.region) for one in listed} <= {(kind, REGION)}


def stubbed(*services: tuple[str, Answers]) -> dict[tuple[str, str], Any]:
    """boto3 clients that validate each call against the API model and send nothing."""
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    clients: dict[tuple[str, str], Any] = {}
    for service, answers in services:
        stub = Stubber(boto3.client(service, region_name=REGION, **keys))  # type: ignore[call-overload]  # any service
        for operation, parameters, answer in answers:
            stub.add_response(operation, answer, parameters)
        stub.activate()
        clients[service, REGION] = stub.client
    return clients


def test_only_active_customer_managed_keys_are_listed() -> None:
    def about(key: str, manager: str, state: str) -> tuple[str, dict[str, Any], dict[str, Any]]:
        return "describe_key", {"KeyId": key}, {"KeyMetadata": {"KeyId": key, "KeyManager": manager, "KeyState": state}}

    answers: Answers = [
        ("list_keys", {}, {"Keys": [{"KeyId": "ours"}, {"KeyId": "aws"}, {"KeyId": "gone"}], "Truncated": False}),
        about("ours", "CUSTOMER", "Enabled"),
        ("list_resource_tags", {"KeyId": "ours"}, {"Tags": [{"TagKey": "RunId", "TagValue": "run-1"}]}),
        about("aws", "AWS", "Enabled"),
        about("gone", "CUSTOMER", "PendingDeletion"),
    ]

    listed = existing(target(REGION, clients=stubbed(("kms", answers))), ["key"])

    assert [(one.name, one.tags) for one in listed] == [("ours", TAGS)]


def test_lambda_interface_inherits_the_tags_of_its_vpc() -> None:
    interfaces = [
        {"NetworkInterfaceId": "eni-lambda", "InterfaceType": "lambda", "VpcId": "vpc-1"},
        {"NetworkInterfaceId": "eni-untagged", "InterfaceType": "lambda", "VpcId": "vpc-2"},
        {"NetworkInterfaceId": "eni-own", "InterfaceType": "interface", "VpcId": "vpc-1", "TagSet": []},
        {"NetworkInterfaceId": "eni-none", "InterfaceType": "lambda"},
    ]
    answers: Answers = [
        ("describe_vpcs", {}, {"Vpcs": [{"VpcId": "vpc-1", "Tags": PAIRS}, {"VpcId": "vpc-2"}]}),
        ("describe_network_interfaces", {}, {"NetworkInterfaces": interfaces}),
    ]

    listed = existing(target(REGION, clients=stubbed(("ec2", answers))), ["network interface"])

    assert {one.name: one.tags for one in listed} == {
        "eni-lambda": TAGS,
        "eni-untagged": {},
        "eni-own": {},
        "eni-none": {},
    }


@pytest.mark.parametrize(("kind", "region"), [("queue", "eu-west-1"), ("bucket", ""), ("role", "")])
def test_key_of_global_resource_has_no_region(kind: str, region: str) -> None:
    resource = Resource(kind=kind, name="it", identifier="id", region="eu-west-1")

    assert (key_of(kind, "it", "eu-west-1"), resource.key) == ((kind, "it", region), (kind, "it", region))


def test_tags_do_not_affect_equality() -> None:
    resource = Resource(kind="queue", name="q", identifier="id", region="eu-west-1")

    assert {resource, replace(resource, tags=TAGS)} == {resource}
    assert str(resource) == "queue q"


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> dict[str, Mapping[str, Tags | None]]:
    """Existing names and tags by kind, the same in each Region."""
    there: dict[str, Mapping[str, Tags | None]] = {}

    def lister(kind: str) -> object:
        def listed(_: Target, region: str) -> Iterator[tuple[str, str, Tags | None]]:
            yield from ((name, f"{name}@{region}", tags) for name, tags in there.get(kind, {}).items())

        return listed

    monkeypatch.setattr(inventory, "KINDS", {kind: lister(kind) for kind in KINDS})
    return there


def test_resources_are_in_order_of_deletion_and_global_ones_once(world: dict[str, Mapping[str, Tags | None]]) -> None:
    world.update({kind: {"x": None} for kind in KINDS})

    listed = existing(target("us-east-1", "us-west-2"))

    wanted = [
        (kind, region)
        for kind in KINDS
        for region in (["us-east-1"] if kind in {"bucket", "role"} else ["us-east-1", "us-west-2"])
    ]
    assert [(one.kind, one.region) for one in listed] == wanted
    assert existing(target("us-east-1"), []) == []


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return new_run(tmp_path / "runs", run_id="run-1", suffix="t-0123abcd")


def names(run: Run, there: Target) -> list[tuple[str, str]]:
    return [(one.name, one.region) for one in left_of(run, there)]


def test_recorded_tagged_and_suffixed_resources_belong_to_the_run(
    run: Run, world: dict[str, Mapping[str, Tags | None]]
) -> None:
    run.created.adding(names=[("queue", "recorded", "us-east-1"), ("VPC", "vpc-9", "us-east-1")]).write(run.folder)
    others = ["orders-t-ffffffff", "orders-t-0123abcd-dlq", "vpc-9", "orders"]
    world["queue"] = dict.fromkeys(["recorded", "orders-t-0123abcd", *others])
    world["VPC"] = {"vpc-1": TAGS, "vpc-2": {"RunId": "run-2"}, "vpc-3": {}}

    assert names(run, target("us-east-1")) == [
        ("recorded", "us-east-1"),
        ("orders-t-0123abcd", "us-east-1"),
        ("vpc-1", "us-east-1"),
    ]


def test_resources_that_existed_before_do_not_belong_to_the_run(
    run: Run, world: dict[str, Mapping[str, Tags | None]]
) -> None:
    """This holds even with a recorded name, the suffix or the tag of the run."""
    before = [("queue", "recorded", "us-east-1"), ("queue", "orders-t-0123abcd", "us-east-1"), ("bucket", "b", "")]
    run.created.adding(names=before, existed=before).write(run.folder)
    world["queue"] = dict.fromkeys(["recorded", "orders-t-0123abcd"])
    world["bucket"] = {"b": TAGS}

    assert names(run, target("us-east-1")) == []


def test_resource_that_existed_in_another_region_does_not_count(
    run: Run, world: dict[str, Mapping[str, Tags | None]]
) -> None:
    run.created.adding(
        names=[("queue", "orders", "us-west-2")],
        existed=[("queue", "orders", "us-east-1")],
        regions=["us-east-1", "us-west-2"],
    ).write(run.folder)
    world["queue"] = {"orders": None}

    assert names(run, target("ap-south-1")) == [("orders", "us-west-2")]


def test_regions_without_a_record_are_those_of_the_target(
    run: Run, world: dict[str, Mapping[str, Tags | None]]
) -> None:
    world["queue"] = {"orders-t-0123abcd": None}

    assert names(run, target("ap-south-1")) == [("orders-t-0123abcd", "ap-south-1")]
