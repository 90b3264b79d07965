"""IAM policy documents, written as Python and read as JSON."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

type Conditions = Mapping[str, Mapping[str, str | Sequence[str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement; `principal` is for policies on resources only."""

    sid: str
    actions: Sequence[str]
    resources: Sequence[str] = ("*",)
    principal: str | Mapping[str, str | Sequence[str]] | None = None
    conditions: Conditions = field(default_factory=dict)
    effect: Literal["Allow", "Deny"] = "Allow"

    def as_json(self) -> dict[str, object]:
        """Return the statement with the keys of IAM's grammar."""
        body: dict[str, object] = {"Sid": self.sid, "Effect": self.effect}
        if self.principal is not None:
            body["Principal"] = self.principal
        body |= {"Action": list(self.actions), "Resource": list(self.resources)}
        if self.conditions:
            body["Condition"] = self.conditions
        return body


def only_over_tls(actions: str, resources: Sequence[str]) -> Statement:
    """Return the statement that refuses everybody who comes without TLS."""
    return Statement(
        sid="OnlyOverTls",
        effect="Deny",
        principal="*",
        actions=[actions],
        resources=resources,
        conditions={"Bool": {"aws:SecureTransport": "false"}},
    )


def key_for_logs(key_arn: str, *, region: str) -> Statement:
    """Return the statement that lets a role write to a log group that a key encrypts.

    docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html says that roles which call CloudWatch
    Logs should have it; the actions are those of AWS's own policy CloudWatchLogsAPIKeyAccess.
    """
    return Statement(
        sid="UseTheKeyForLogs",
        actions=["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"],
        resources=[key_arn],
        conditions={"StringEquals": {"kms:ViaService": f"logs.{region}.amazonaws.com"}},
    )


def document(*statements: Statement) -> str:
    """Return a policy document as the JSON text that Terraform takes."""
    return json.dumps({"Version": "2012-10-17", "Statement": [statement.as_json() for statement in statements]})


def trust(service: str, *, account: str) -> str:
    """Return the trust policy that lets one service, acting for this account, assume a role.

    Lambda sends the account when it does (docs.aws.amazon.com/lambda/latest/dg/permissions-managed-policies.html).
    """
    statement = {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"Service": service},
        "Condition": {"StringEquals": {"aws:SourceAccount": account}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
