"""Decisions on requests by the policies of a template, with values for its references to other resources."""

import json
from collections.abc import Mapping

from iam_policy_evaluator import Policy, Principal, Request, evaluate, parse_policy
from terraform_harness.template import Resource, Template

ACCOUNT = "111122223333"
ANOTHER_ACCOUNT = "444455556666"
REGION = "eu-central-1"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:transaction-alarms-dev"
BUCKET = f"arn:aws:s3:::transaction-quarantine-dev-{ACCOUNT}"
_VALUES = {
    ("data.aws_caller_identity", "account_id"): ACCOUNT,
    ("data.aws_region", "name"): REGION,
    ("data.aws_partition", "partition"): "aws",
    ("aws_kms_key", "arn"): KEY,
    ("aws_sns_topic", "arn"): TOPIC,
    ("aws_s3_bucket", "arn"): BUCKET,
}

type Context = Mapping[str, str]


def arn(service: str, resource: str) -> str:
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{resource}"


def policy_of(template: Template, resource: Resource) -> Policy:
    """Return a resource's policy, with values instead of references."""
    return policy_in(template, resource["policy"])


def policy_in(template: Template, text: str) -> Policy:
    """Return the policy in a text, with values instead of references."""
    for (type_, attribute), value in _VALUES.items():
        text = text.replace(f"${{{template.only(type_).address}.{attribute}}}", value)
    assert "${" not in text
    return parse_policy(json.loads(text))


def role_allows(policy: Policy, action: str, resource: str, context: Context) -> bool:
    return evaluate(Request(action=action, resource=resource, context=context), identity=[policy]).allowed


def service_allowed(policy: Policy, service: str, action: str, resource: str, context: Context) -> bool:
    """Return whether a resource-based policy allows the request of an AWS service."""
    principal = Principal("Service", f"{service}.amazonaws.com")
    request = Request(action=action, resource=resource, principal=principal, context=context)
    return evaluate(request, resource=policy).allowed
