"""Resources with a quota of one, or a few, per account, Region or organization."""

from collections.abc import Callable
from typing import Any

import pytest

from terraform_guardrails import Finding
from terraform_guardrails.data.singletons import singletons

type Found = Callable[[str, dict[str, Any]], list[Finding]]

RECORDER = "aws_config_configuration_recorder"
CHANNEL = "aws_config_delivery_channel"

INVALID: dict[str, tuple[dict[str, Any], list[tuple[str, str]]]] = {
    "a configuration recorder": ({RECORDER: {"r": {}}}, [("error", f"{RECORDER}.r")]),
    "a delivery channel": ({CHANNEL: {"c": {}}}, [("error", f"{CHANNEL}.c")]),
    "a GuardDuty detector": ({"aws_guardduty_detector": {"d": {}}}, [("error", "aws_guardduty_detector.d")]),
    "two recorders": (
        {RECORDER: {"a": {}, "b": {}}},
        [("error", f"{RECORDER}.a"), ("error", f"{RECORDER}.b")],
    ),
    "a password policy": (
        {"aws_iam_account_password_policy": {"p": {}}},
        [("error", "aws_iam_account_password_policy.p")],
    ),
    "one of ten log resource policies": (
        {"aws_cloudwatch_log_resource_policy": {"p": {}}},
        [("warning", "aws_cloudwatch_log_resource_policy.p")],
    ),
    "eleven log resource policies": (
        {"aws_cloudwatch_log_resource_policy": {"p": {"count": 11}}},
        [("error", "aws_cloudwatch_log_resource_policy.p")],
    ),
    "a trail": ({"aws_cloudtrail": {"t": {}}}, [("warning", "aws_cloudtrail.t")]),
    "the default VPC": ({"aws_default_vpc": {"v": {}}}, [("warning", "aws_default_vpc.v")]),
    "the default security group with a rule": (
        {"aws_default_security_group": {"g": {"ingress": [{"self": True}]}}},
        [("warning", "aws_default_security_group.g")],
    ),
    "a policy of the default event bus": (
        {"aws_cloudwatch_event_bus_policy": {"p": {}}},
        [("error", "aws_cloudwatch_event_bus_policy.p")],
    ),
    "an analyzer of the account": (
        {"aws_accessanalyzer_analyzer": {"a": {"analyzer_name": "a"}}},
        [("error", "aws_accessanalyzer_analyzer.a")],
    ),
    "a service-linked role": (
        {"aws_iam_service_linked_role": {"r": {"aws_service_name": "es.amazonaws.com"}}},
        [("error", "aws_iam_service_linked_role.r")],
    ),
    "a detector with for_each over two keys": (
        {"aws_guardduty_detector": {"d": {"for_each": {"a": 1, "b": 2}}}},
        [("error", "aws_guardduty_detector.d")],
    ),
}

VALID: dict[str, dict[str, Any]] = {
    "no resources": {},
    "a rule of AWS Config": {"aws_config_config_rule": {"r": {"name": "encrypted"}}},
    "a recorder with count 0": {RECORDER: {"r": {"count": 0}}},
    "a recorder with for_each over no keys": {RECORDER: {"r": {"for_each": {}}}},
    "the default security group without rules": {"aws_default_security_group": {"g": {"vpc_id": "${aws_vpc.v.id}"}}},
    "the default security group with empty rules": {"aws_default_security_group": {"g": {"ingress": [], "egress": []}}},
    "a policy of another event bus": {
        "aws_cloudwatch_event_bus_policy": {"p": {"event_bus_name": "${aws_cloudwatch_event_bus.b.name}"}}
    },
    "an analyzer of the organization": {"aws_accessanalyzer_analyzer": {"a": {"type": "ORGANIZATION"}}},
    "a service-linked role with a suffix": {
        "aws_iam_service_linked_role": {"r": {"aws_service_name": "autoscaling.amazonaws.com", "custom_suffix": "dev"}}
    },
    "a log group": {"aws_cloudwatch_log_group": {"g": {"name": "g"}}},
}


@pytest.mark.parametrize(("resources", "expected"), INVALID.values(), ids=INVALID)
def test_a_shared_resource_is_found(found: Found, resources: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    findings = found("account-singleton", {"resource": resources})

    assert [(finding.severity, finding.address) for finding in findings] == expected


@pytest.mark.parametrize("resources", VALID.values(), ids=VALID)
def test_another_resource_is_not_a_finding(found: Found, resources: dict[str, Any]) -> None:
    assert found("account-singleton", {"resource": resources}) == []


@pytest.mark.parametrize("type_", sorted(singletons()))
def test_each_type_of_the_catalogue_is_found(found: Found, type_: str) -> None:
    configuration = {"resource": {type_: {"one": {"ingress": [{"self": True}]}}}}

    (finding,) = found("account-singleton", configuration)

    assert finding.address == f"{type_}.one"


def test_the_finding_has_the_error_of_aws_and_its_source(found: Found) -> None:
    (finding,) = found("account-singleton", {"resource": {CHANNEL: {"c": {"name": "c"}}}})

    assert finding == Finding(
        rule="account-singleton",
        severity="error",
        address="aws_config_delivery_channel.c",
        problem="AWS allows 1 per account and Region: a second one fails with "
        "MaxNumberOfDeliveryChannelsExceededException (AWS Config API: PutDeliveryChannel).",
        remedy="Remove it from this stack. Create it in a stack that is deployed once per account and Region.",
    )


def test_two_in_one_stack_are_listed(found: Found) -> None:
    findings = found("account-singleton", {"resource": {"aws_guardduty_detector": {"a": {}, "b": {}}}})

    problem = (
        "AWS allows 1 per account and Region: a second one fails with BadRequestException "
        "('a detector already exists for the current account'), and destroying the first disables GuardDuty "
        "(GuardDuty API: CreateDetector). This stack has 2: aws_guardduty_detector.a, aws_guardduty_detector.b."
    )
    assert [finding.problem for finding in findings] == [problem, problem]
