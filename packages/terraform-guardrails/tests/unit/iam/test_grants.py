"""A role's statements allow an action, deny it, or are inconclusive because a value is unknown."""

import json
from pathlib import Path
from typing import Any

import pytest

from terraform_guardrails.errors import UnknownValueError
from terraform_guardrails.iam.grants import ROLE, Need, grants, is_granted
from terraform_guardrails.terraform.configuration import stack_from

ALLOW: dict[str, Any] = {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "${aws_s3_bucket.b.arn}/*"}
DENY = {**ALLOW, "Effect": "Deny"}
UNKNOWN: dict[str, Any] = {"Resource": "${var.bucket}"}
CONDITION = {"Condition": {"StringEquals": {"aws:ResourceTag/app": "orders"}}}
OTHER_ACTION = {"Action": "s3:GetObject"}
OTHER_BUCKET = {"Resource": "arn:aws:s3:::other/*"}


def decide(*statements: dict[str, Any]) -> bool:
    """Return whether a role with these statements can put an object into the bucket."""
    resources = {
        "aws_iam_role": {"r": {"name": "r"}},
        "aws_iam_role_policy": {
            "p": {"role": "${aws_iam_role.r.id}", "policy": json.dumps({"Statement": list(statements)})}
        },
        "aws_s3_bucket": {"b": {"bucket": "orders"}},
    }
    stack = stack_from({Path("a.tf.json"): {"resource": resources}}, None)
    (role,) = stack.of_type(ROLE)
    (bucket,) = stack.of_type("aws_s3_bucket")
    need = Need(action="s3:PutObject", on=bucket, why="a test", below="/key")
    return is_granted(need, grants(role, stack), stack)


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([], False),
        ([ALLOW], True),
        ([ALLOW | OTHER_ACTION], False),
        ([ALLOW | OTHER_BUCKET], False),
        ([ALLOW, DENY], False),
        ([DENY, ALLOW], False),
        ([ALLOW, DENY | OTHER_BUCKET], True),
        ([ALLOW | CONDITION], True),
        ([ALLOW, DENY | CONDITION], True),
        ([ALLOW, ALLOW | UNKNOWN], True),
        ([ALLOW | UNKNOWN, ALLOW], True),
        ([ALLOW | UNKNOWN, DENY], False),
        ([ALLOW, DENY | UNKNOWN], True),
        ([ALLOW | UNKNOWN | OTHER_ACTION], False),
        ([ALLOW | {"Resource": ["${var.bucket}", ALLOW["Resource"]]}], True),
    ],
    ids=[
        "no statement",
        "an Allow",
        "an Allow of another action",
        "an Allow of another bucket",
        "an Allow, then a Deny",
        "a Deny, then an Allow",
        "a Deny of another bucket",
        "an Allow with a condition",
        "a Deny with a condition",
        "an Allow, then an unknown Allow",
        "an unknown Allow, then an Allow",
        "an unknown Allow and a Deny",
        "an Allow and an unknown Deny",
        "an unknown Allow of another action",
        "an unknown and a known resource",
    ],
)
def test_known_statements_decide(statements: list[dict[str, Any]], *, expected: bool) -> None:
    assert decide(*statements) is expected


@pytest.mark.parametrize(
    "statements",
    [[ALLOW | UNKNOWN], [DENY | UNKNOWN], [ALLOW | OTHER_BUCKET, ALLOW | UNKNOWN]],
    ids=["an unknown Allow", "an unknown Deny", "an unknown Allow and one of another bucket"],
)
def test_unknown_statements_are_inconclusive(statements: list[dict[str, Any]]) -> None:
    with pytest.raises(UnknownValueError) as error:
        decide(*statements)

    assert str(error.value) == "var.bucket is not known before apply"
