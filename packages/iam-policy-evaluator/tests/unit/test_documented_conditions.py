"""Wildcards, conditions and variables that AWS documents with an example, each with its page.

The numbers are those of our table of examples.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from iam_policy_evaluator import Request, evaluate, parse_policy

# Pages below https://docs.aws.amazon.com/.
IAM = "IAM/latest/UserGuide/reference_policies_"
RESOURCE = IAM + "elements_resource.html"
OPERATORS = IAM + "elements_condition_operators.html"
SETS = IAM + "condition-single-vs-multi-valued-context-keys.html"
VARIABLES = IAM + "variables.html"
KEY_CONDITIONS = "kms/latest/developerguide/conditions-kms.html"

FOLDERS = "arn:aws:s3:::B/*/test/*"
FINANCE = "arn:aws:x:*:1:fin/*"
STORE = "arn:aws:x:r:9:store/abc:1:fin/d"
NOTHING: dict[str, str | list[str]] = {}
ATTRIBUTES = {"ForAllValues:StringEquals": {"dynamodb:Attributes": ["ID", "Message", "Tags"]}}
SECRET = {"ForAnyValue:StringEquals": {"dynamodb:Attributes": ["ID", "PostDateTime"]}}
LONG_TERM = {"Null": {"aws:TokenIssueTime": "true"}}
APP = {"StringEquals": {"kms:EncryptionContext:AppName": "ExampleApp"}}
APP_ONLY = {**APP, "ForAllValues:StringEquals": {"kms:EncryptionContextKeys": ["AppName"]}}
PAIR: dict[str, str | list[str]] = {
    "kms:EncryptionContext:AppName": "ExampleApp",
    "kms:EncryptionContextKeys": ["AppName"],
}
TWO_PAIRS: dict[str, str | list[str]] = {
    **PAIR,
    "kms:EncryptionContext:FilePath": "/var",
    "kms:EncryptionContextKeys": ["AppName", "FilePath"],
}
HOME = "arn:aws:s3:::homes/${aws:username}/x"
TEAM = "arn:aws:s3:::bucket-${aws:PrincipalTag/team, 'company-wide'}"


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row: an Allow statement, a request, and whether the statement applies."""

    page: str
    applies: bool
    pattern: str = "*"
    on: str = "arn:aws:s3:::bucket"
    condition: Mapping[str, object] = field(default_factory=dict)
    context: Mapping[str, str | list[str]] = field(default_factory=dict)
    version: Mapping[str, str] = field(default_factory=lambda: {"Version": "2012-10-17"})


def folder(path: str, *, applies: bool) -> Row:
    return Row(page=RESOURCE, applies=applies, pattern=FOLDERS, on=f"arn:aws:s3:::B/{path}")


def condition(page: str, wanted: Mapping[str, object], context: Mapping[str, str | list[str]], *, applies: bool) -> Row:
    return Row(page=page, applies=applies, condition=wanted, context=context)


def attributes(wanted: Mapping[str, object], *names: str, applies: bool) -> Row:
    return condition(SETS, wanted, {"dynamodb:Attributes": list(names)} if names else {}, applies=applies)


ROWS: Mapping[str, Row] = {
    "10 * covers two folders": folder("1/2/test/o", applies=True),
    "10 * covers an empty folder": folder("/test/o", applies=True),
    "10 * covers slashes": folder("1///test///o", applies=True),
    "10 * does not replace the slash after it": folder("1-test/o", applies=False),
    "10 * does not replace the slash before it": folder("test/o", applies=False),
    "11 StringLike crosses colons": condition(
        OPERATORS, {"StringLike": {"aws:SourceArn": FINANCE}}, {"aws:SourceArn": STORE}, applies=True
    ),
    "11 ArnLike stays between colons": condition(
        OPERATORS, {"ArnLike": {"aws:SourceArn": FINANCE}}, {"aws:SourceArn": STORE}, applies=False
    ),
    "12 an absent key is not equal to a value": condition(
        OPERATORS, {"StringEquals": {"k:key": "a"}}, NOTHING, applies=False
    ),
    "12 StringNotLike is true of an absent key": condition(
        OPERATORS, {"StringNotLike": {"k:key": "a*"}}, NOTHING, applies=True
    ),
    "13 StringNotEqualsIfExists is true of an absent key": condition(
        OPERATORS, {"StringNotEqualsIfExists": {"k:key": "a"}}, NOTHING, applies=True
    ),
    "15 Null is true of a long-term key": condition(OPERATORS, LONG_TERM, NOTHING, applies=True),
    "15 Null is false of a session": condition(
        OPERATORS, LONG_TERM, {"aws:TokenIssueTime": "2026-01-01T00:00:00Z"}, applies=False
    ),
    "16 a request through a VPC endpoint has no source IP": condition(
        OPERATORS, {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}, {"aws:VpcSourceIp": "10.0.0.1"}, applies=False
    ),
    "17 ForAllValues of allowed attributes": attributes(ATTRIBUTES, "Message", "Tags", applies=True),
    "17 ForAllValues of another attribute": attributes(ATTRIBUTES, "UserName", applies=False),
    "17 ForAllValues of no attribute": attributes(ATTRIBUTES, applies=True),
    "18 ForAnyValue of one forbidden attribute": attributes(SECRET, "PostDateTime", "Message", applies=True),
    "18 ForAnyValue of another attribute": attributes(SECRET, "UserName", applies=False),
    "18 ForAnyValue of no attribute": attributes(SECRET, applies=False),
    "19 a variable has the value of the request": Row(
        page=VARIABLES, applies=True, pattern=HOME, on="arn:aws:s3:::homes/ann/x", context={"aws:username": "ann"}
    ),
    "19 a policy without Version has no variables": Row(
        page=VARIABLES,
        applies=False,
        pattern=HOME,
        on="arn:aws:s3:::homes/ann/x",
        context={"aws:username": "ann"},
        version={},
    ),
    "19 a policy without Version has the literal text": Row(
        page=VARIABLES, applies=True, pattern=HOME, on="arn:aws:s3:::homes/${aws:username}/x", version={}
    ),
    "20 a variable without a value matches nothing": Row(
        page=VARIABLES, applies=False, pattern=HOME, on="arn:aws:s3:::homes//x"
    ),
    "20 the default replaces an absent tag": Row(
        page=VARIABLES, applies=True, pattern=TEAM, on="arn:aws:s3:::bucket-company-wide"
    ),
    "20 a tag replaces the default": Row(
        page=VARIABLES,
        applies=True,
        pattern=TEAM,
        on="arn:aws:s3:::bucket-yellow",
        context={"aws:PrincipalTag/team": "yellow"},
    ),
    "24 the pair is in the encryption context": condition(KEY_CONDITIONS, APP, TWO_PAIRS, applies=True),
    "24 there is no encryption context": condition(KEY_CONDITIONS, APP, NOTHING, applies=False),
    "25 the encryption context has only the pair": condition(KEY_CONDITIONS, APP_ONLY, PAIR, applies=True),
    "25 the encryption context has another pair": condition(KEY_CONDITIONS, APP_ONLY, TWO_PAIRS, applies=False),
    "27 the request comes through the service": condition(
        KEY_CONDITIONS,
        {"StringEquals": {"kms:ViaService": "ec2.us-west-2.amazonaws.com"}},
        {"kms:ViaService": "ec2.us-west-2.amazonaws.com"},
        applies=True,
    ),
}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_a_statement_applies_as_documented(row: Row) -> None:
    statement = {"Effect": "Allow", "Action": "*", "Resource": row.pattern, "Condition": row.condition}
    policy = parse_policy({**row.version, "Statement": statement})

    decision = evaluate(Request(action="k:Do", resource=row.on, context=row.context), identity=[policy])

    assert decision.allowed is row.applies, row.page
