"""IAM policy documents, and roles for AWS services."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import cdktf
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from constructs import Construct

type Conditions = Mapping[str, Mapping[str, str | Sequence[str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement. Only a resource-based policy has a `principal`."""

    sid: str
    actions: Sequence[str]
    resources: Sequence[str] = ("*",)
    principal: str | Mapping[str, str | Sequence[str]] | None = None
    conditions: Conditions = field(default_factory=dict)
    effect: Literal["Allow", "Deny"] = "Allow"

    def as_json(self) -> dict[str, object]:
        """Return the statement with the keys of the IAM policy grammar."""
        body: dict[str, object] = {"Sid": self.sid, "Effect": self.effect}
        if self.principal is not None:
            body["Principal"] = self.principal
        body |= {"Action": list(self.actions), "Resource": list(self.resources)}
        if self.conditions:
            body["Condition"] = self.conditions
        return body


def document(*statements: Statement) -> str:
    """Return a policy document as JSON text."""
    return json.dumps({"Version": "2012-10-17", "Statement": [statement.as_json() for statement in statements]})


def deny_without_tls(actions: str, resources: Sequence[str]) -> Statement:
    """Return the statement that denies every request without TLS.

    AWS removes aws:SecureTransport from requests of its services. A missing key does not fulfil `Bool`, so they pass:
    docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html
    """
    return Statement(
        sid="OnlyOverTls",
        effect="Deny",
        principal="*",
        actions=[actions],
        resources=resources,
        conditions={"Bool": {"aws:SecureTransport": "false"}},
    )


def allow_key(sid: str, actions: Sequence[str], *, key_arn: str, service: str, region: str) -> Statement:
    """Return the statement that allows a key, but only in requests that a service makes for the role."""
    return Statement(
        sid=sid,
        actions=actions,
        resources=[key_arn],
        conditions={"StringEquals": {"kms:ViaService": f"{service}.{region}.amazonaws.com"}},
    )


def allow_key_for_logs(*, key_arn: str, region: str) -> Statement:
    """Return the statement that a role needs to write to an encrypted log group.

    docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html recommends it for every role that calls
    CloudWatch Logs. The actions are those of the AWS managed policy CloudWatchLogsAPIKeyAccess.
    """
    actions = ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"]
    return allow_key("UseTheKeyForLogs", actions, key_arn=key_arn, service="logs", region=region)


def add_role(
    scope: Construct,
    *,
    name: str,
    policy_name: str,
    description: str,
    service: str,
    source: Conditions | None,
    boundary_arn: str | None,
    statements: Sequence[Statement],
) -> tuple[IamRole, IamRolePolicy]:
    """Add a role that one service can assume, and its policy.

    The policy is a separate resource, so that other resources can wait for it. `source` is the condition of the trust
    policy, if the service's page shows one.
    """
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": service}}
    if source is not None:
        trust["Condition"] = source
    role = IamRole(
        scope,
        "role",
        name=name,
        description=description,
        assume_role_policy=json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
        permissions_boundary=boundary_arn,
    )
    policy = IamRolePolicy(
        scope,
        "policy",
        name=policy_name,
        role=role.name,
        policy=document(*statements),
        # A new name replaces the policy. The role keeps the old one until it has the new one.
        lifecycle=cdktf.TerraformResourceLifecycle(create_before_destroy=True),
    )
    return role, policy
