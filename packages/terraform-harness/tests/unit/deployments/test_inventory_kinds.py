"""Lists the existing resources of each kind with the API of its service."""

from typing import Any

import pytest

from harness_support.inventory_clients import ARN, PAIRS, REGION, TAGS, Answers, found, stubbed, target
from terraform_harness.deployments.inventory import existing
from terraform_harness.deployments.kinds import Tags


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
        (
            "event source mapping",
            "lambda",
            [
                (
                    "list_event_source_mappings",
                    {},
                    {"EventSourceMappings": [{"UUID": "1-2", "FunctionArn": f"arn:aws:lambda:{ARN}:function:f:a"}]},
                )
            ],
            [found("f:a", "1-2")],
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
