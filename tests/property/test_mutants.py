"""Each mutation of the pipeline's JSON is found by the expected rule and no other rule.

The mutations change the JSON after synthesis. `main.py` would reject most of them.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from terraform_guardrails import check
from terraform_guardrails.data.singletons import singletons
from terraform_harness.synthesis import Synthesis
from tests.property.mutations import (
    Mutant,
    Stack,
    adding,
    is_called,
    misspelling,
    mutant,
    only,
    policy_with,
    policy_without,
    removing,
    renaming,
    updating,
    without_action,
)

ALARM, COMPOSITE = "aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm"
EGRESS, INGRESS = "aws_vpc_security_group_egress_rule", "aws_vpc_security_group_ingress_rule"
NAMES = ("alarm_name", "bucket", "dashboard_name", "function_name", "name")
NAMED_WITHIN_ANOTHER = {"aws_iam_role_policy", "aws_lambda_alias"}
# The permissions that Lambda itself needs with the role. The JSON does not show the permissions that the code needs.
NEEDED = {
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "kinesis:DescribeStream",
    "kinesis:GetRecords",
    "kinesis:GetShardIterator",
    "kinesis:ListShards",
    "kms:Decrypt",
    "kms:GenerateDataKey",
    "logs:CreateLogStream",
    "logs:PutLogEvents",
    "s3:ListBucket",
    "s3:PutObject",
}
# AWS recommends these statements, but nothing is known to fail without them.
RECOMMENDED = {"DecryptTheEnvironment", "UseTheKeyForLogs"}


def blocked_network_paths(stack: Stack) -> Iterator[Mutant]:
    for type_ in (EGRESS, INGRESS):
        for name in stack["resource"][type_]:
            yield mutant(f"without {name}", removing(type_, name), "network-path")
    for name, endpoint in stack["resource"]["aws_vpc_endpoint"].items():
        if endpoint["vpc_endpoint_type"] == "Gateway":
            yield mutant(f"without {name}", removing("aws_vpc_endpoint", name), "network-path")
            yield mutant(f"no route to {name}", updating("aws_vpc_endpoint", name, route_table_ids=[]), "network-path")
        elif "interfaces_lambda" not in name:  # the function may not call Lambda
            closed = updating("aws_vpc_endpoint", name, private_dns_enabled=False)
            yield mutant(f"{name} without private DNS", closed, "network-path")
    for type_, name, attribute in (
        ("aws_vpc", only(stack, "aws_vpc"), "enable_dns_support"),
        ("aws_vpc", only(stack, "aws_vpc"), "enable_dns_hostnames"),
    ):
        yield mutant(f"without {attribute}", updating(type_, name, **{attribute: False}), "network-path")
    for name in stack["resource"][EGRESS]:
        opened = updating(EGRESS, name, cidr_ipv4="0.0.0.0/0", prefix_list_id=None)
        yield mutant(f"{name} to the internet", opened, "network-path")


def alarms_without_notification(stack: Stack) -> Iterator[Mutant]:
    for type_ in (ALARM, COMPOSITE):
        for name in stack["resource"][type_]:
            yield mutant(f"{name} without an action", updating(type_, name, alarm_actions=[]), "alarm-delivery")
            disabled = updating(type_, name, actions_enabled=False)
            yield mutant(f"{name} with disabled actions", disabled, "alarm-delivery")
    topic, key = only(stack, "aws_sns_topic"), only(stack, "aws_kms_key")
    managed = updating("aws_sns_topic", topic, kms_master_key_id="alias/aws/sns")
    yield mutant("a topic with an AWS managed key", managed, "alarm-delivery")
    for type_, name in (("aws_kms_key", key), ("aws_sns_topic_policy", only(stack, "aws_sns_topic_policy"))):
        without = policy_without(type_, name, lambda statement: "cloudwatch." in json.dumps(statement))
        yield mutant(f"{type_} without CloudWatch", without, "alarm-delivery")


def topics_without_a_subscription(stack: Stack) -> Iterator[Mutant]:
    subscription = "aws_sns_topic_subscription"
    name = only(stack, subscription)
    yield mutant("without the subscription", removing(subscription, name), "alarm-subscription")
    other = updating(subscription, name, topic_arn="arn:aws:sns:us-east-1:123456789012:orders")
    yield mutant("with a subscription of another topic", other, "alarm-subscription")
    yield mutant("with a subscription of any topic", updating(subscription, name, topic_arn="${var.topic}"))


def alarms_without_data(stack: Stack) -> Iterator[Mutant]:
    for name, alarm in stack["resource"][ALARM].items():
        if "metric_query" in alarm:
            yield from expressions_without_data(name, alarm)
            continue
        renamed = updating(ALARM, name, metric_name=alarm["metric_name"] + "z")
        yield mutant(f"{name} on a misspelt metric", renamed, "alarm-metric")
        more = updating(ALARM, name, dimensions={**(alarm.get("dimensions") or {}), "Table": "x"})
        yield mutant(f"{name} with one more dimension", more, "alarm-metric")
        if (
            alarm.get("dimensions") and alarm["namespace"] != "AWS/Lambda"
        ):  # AWS/Lambda also publishes its metrics without dimensions
            yield mutant(f"{name} without dimensions", updating(ALARM, name, dimensions={}), "alarm-metric")
    for name in stack["resource"][COMPOSITE]:
        yield mutant(f"{name} with a broken rule", updating(COMPOSITE, name, alarm_rule="ALARM("), "alarm-metric")


def expressions_without_data(name: str, alarm: Stack) -> Iterator[Mutant]:
    for position, query in enumerate(alarm["metric_query"]):
        others = [other for other in alarm["metric_query"] if other is not query]
        without = updating(ALARM, name, metric_query=others)
        yield mutant(f"{name} without {query['id']}", without, "alarm-metric")
        for what, value in (("metric_name", "Misspelt"), ("dimensions", {"Table": "x"})) if "metric" in query else ():
            changed = {**query, "metric": {**query["metric"], what: value}}
            queries = [*alarm["metric_query"][:position], changed, *alarm["metric_query"][position + 1 :]]
            yield mutant(f"{name}, {query['id']}, {what}", updating(ALARM, name, metric_query=queries), "alarm-metric")


def missing_permissions(stack: Stack) -> Iterator[Mutant]:
    (name,) = (name for name, policy in stack["resource"]["aws_iam_role_policy"].items() if "kinesis:" in str(policy))
    statements = json.loads(stack["resource"]["aws_iam_role_policy"][name]["policy"])["Statement"]
    allowed = {action for statement in statements if statement["Effect"] == "Allow" for action in statement["Action"]}
    for action in sorted(allowed):
        yield mutant(f"without {action}", without_action(name, action), *["role-permissions"][: action in NEEDED])
        yield mutant(f"misspelt {action}", misspelling(name, action), "role-permissions")
    for statement in statements:
        sid = statement["Sid"]
        if statement["Effect"] == "Allow":
            without = policy_without("aws_iam_role_policy", name, is_called(sid))
            yield mutant(f"without {sid}", without, *["role-permissions"][: sid not in RECOMMENDED])
    wide = {"Sid": "Wide", "Effect": "Allow", "Action": ["sqs:*"], "Resource": ["*"]}
    yield mutant("with every queue", policy_with("aws_iam_role_policy", name, wide), "role-permissions", "network-path")


def names_without_the_suffix(stack: Stack) -> Iterator[Mutant]:
    for type_, named in stack["resource"].items():
        for resource in named.values():
            for attribute in NAMES:
                name = resource.get(attribute)
                if type_ in NAMED_WITHIN_ANOTHER or not isinstance(name, str) or "-dev" not in name:
                    continue
                # The policies allow alarms by the suffix of their names.
                also = ["alarm-delivery"] if type_ in {ALARM, COMPOSITE} else []
                yield mutant(f"{type_} {name}", renaming(name), "resource-name", *also)


def shared_resources(_: Stack) -> Iterator[Mutant]:
    for type_ in singletons():
        body = {"ingress": [{"self": True}]} if type_ == "aws_default_security_group" else {}
        yield mutant(type_, adding(type_, body), "account-singleton")


def protected_resources(stack: Stack) -> Iterator[Mutant]:
    rule = "ephemeral-protection"
    for type_, named in stack["resource"].items():
        for name in named:
            protected = updating(type_, name, lifecycle={"prevent_destroy": True})
            yield mutant(f"{type_}.{name} protected", protected, rule)
    for type_, attribute, value in (
        ("aws_dynamodb_table", "deletion_protection_enabled", True),
        ("aws_s3_bucket", "force_destroy", False),
        ("aws_kms_key", "deletion_window_in_days", 30),
    ):
        yield mutant(f"{type_} with {attribute}", updating(type_, only(stack, type_), **{attribute: value}), rule)


def named_principals(stack: Stack) -> Iterator[Mutant]:
    key = only(stack, "aws_kms_key")
    for name, role in stack["resource"]["aws_iam_role"].items():
        for principal in (f"${{aws_iam_role.{name}.arn}}", f"arn:aws:iam::123456789012:role/{role['name']}"):
            statement = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "kms:*", "Resource": "*"}
            yield mutant(principal, policy_with("aws_kms_key", key, statement), "key-policy-principal")


def dependency_cycles(stack: Stack) -> Iterator[Mutant]:
    for type_, named in stack["resource"].items():
        for name, body in named.items():
            for target in sorted(set(re.findall(r"\$\{(aws_\w+\.[\w-]+)\.", json.dumps(body)))):
                target_type, target_name = target.split(".")
                back = updating(target_type, target_name, depends_on=[f"{type_}.{name}"])
                yield mutant(f"{target} after {type_}.{name}", back, "dependency-cycle")


@pytest.mark.parametrize(
    ("family", "combination", "fewest"),
    [
        (blocked_network_paths, "default", 15),
        (alarms_without_notification, "default", 30),
        (topics_without_a_subscription, "default", 3),
        (alarms_without_data, "default", 35),
        (missing_permissions, "default", 40),
        (names_without_the_suffix, "default", 25),
        (shared_resources, "default", 100),
        (protected_resources, "ephemeral", 50),
        (named_principals, "default", 4),
        (dependency_cycles, "default", 60),
    ],
    ids=lambda value: value.__name__.replace("_", " ") if callable(value) else "",
)
def test_each_mutant_is_found_by_the_expected_rules_only(
    syntheses: Mapping[str, Synthesis],
    tmp_path: Path,
    family: Callable[[Stack], Iterator[Mutant]],
    combination: str,
    fewest: int,
) -> None:
    stack = syntheses[combination].terraform()
    mutants = list(family(stack))

    found = {each.name: rules_that_find(each, stack, tmp_path) for each in mutants}

    assert found == {each.name: each.rules for each in mutants}
    assert len(mutants) >= fewest


def rules_that_find(mutant: Mutant, stack: Stack, folder: Path) -> frozenset[str]:
    broken = json.loads(json.dumps(stack))  # faster than copy.deepcopy
    mutant.mutate(broken)
    (folder / "cdk.tf.json").write_text(json.dumps(broken))
    return frozenset(finding.rule for finding in check([folder]).findings)
