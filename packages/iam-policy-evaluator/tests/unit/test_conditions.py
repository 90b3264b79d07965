"""Condition operators, each with the AWS page that defines it."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pytest

from iam_policy_evaluator import Request, evaluate, parse_policy

# Pages below https://docs.aws.amazon.com/IAM/latest/UserGuide/.
OPERATORS = "reference_policies_elements_condition_operators.html"
MULTIVALUED = "reference_policies_condition-single-vs-multi-valued-context-keys.html"
LOGIC = "reference_policies_condition-logic-multiple-context-keys-or-values.html"
VARIABLES = "reference_policies_variables.html#policy-vars-no-value"

ATTRIBUTES = {"ForAllValues:StringEquals": {"dynamodb:Attributes": ["ID", "Message", "Tags"]}}
SECRET = {"ForAnyValue:StringEquals": {"dynamodb:Attributes": ["ID", "PostDateTime"]}}
NOT_SECRET = {"ForAnyValue:StringNotEquals": {"dynamodb:Attributes": ["ID"]}}
NONE_SECRET = {"ForAllValues:StringNotEquals": {"dynamodb:Attributes": ["ID"]}}
TOPIC = "arn:aws:sns:us-east-1:111122223333:alarms"
EARLY, LATE = "2020-01-01T00:00:00Z", "2020-06-01T00:00:00Z"
DAY = 24 * 60 * 60


@dataclass(frozen=True, kw_only=True)
class Case:
    """One row: a Condition element, the context of a request, and whether the condition is true."""

    condition: Mapping[str, object]
    holds: bool
    page: str = OPERATORS
    context: Mapping[str, str | list[str]] = field(default_factory=dict)


def one(operator: str, wanted: object, found: str | None, *, holds: bool, page: str = OPERATORS) -> Case:
    """Build a row with one condition on one key."""
    context = {} if found is None else {"k:key": found}
    return Case(condition={operator: {"k:key": wanted}}, context=context, holds=holds, page=page)


def attributes(condition: Mapping[str, object], *found: str, holds: bool) -> Case:
    context: dict[str, str | list[str]] = {"dynamodb:Attributes": list(found)} if found else {}
    return Case(condition=condition, context=context, holds=holds, page=MULTIVALUED)


CASES: dict[str, Case] = {
    "StringEquals compares the whole text": one("StringEquals", "john", "john", holds=True),
    "StringEquals has case": one("StringEquals", "john", "John", holds=False),
    "StringEquals has no wildcards": one("StringEquals", "jo*", "john", holds=False),
    "StringEquals of several values is an or": one("StringEquals", ["a", "john"], "john", holds=True, page=LOGIC),
    "StringNotEquals of several values is an and": one(
        "StringNotEquals", ["a", "john"], "john", holds=False, page=LOGIC
    ),
    "StringNotEquals of another value": one("StringNotEquals", ["a", "b"], "john", holds=True),
    "StringEqualsIgnoreCase ignores case": one("StringEqualsIgnoreCase", "JOHN", "John", holds=True),
    "StringNotEqualsIgnoreCase ignores case": one("StringNotEqualsIgnoreCase", "JOHN", "John", holds=False),
    "StringLike has wildcards": one("StringLike", "j?h*", "john", holds=True),
    "StringLike has case": one("StringLike", "J*", "john", holds=False),
    "StringLike of an empty value": one("StringLike", ["", "home/"], "", holds=True),
    "StringNotLike has wildcards": one("StringNotLike", "j*", "john", holds=False),
    "an absent key does not equal": one("StringEquals", "john", None, holds=False),
    "an absent key is not like": one("StringNotLike", "j*", None, holds=True),
    "an absent key is not equal": one("StringNotEquals", "john", None, holds=True),
    "an absent key is not in a range": one("NotIpAddress", "203.0.113.0/24", None, holds=True),
    "IfExists is true of an absent key": one("StringLikeIfExists", "t-*", None, holds=True),
    "IfExists compares a key that is there": one("StringLikeIfExists", "t-*", "prod", holds=False),
    "a negated IfExists is true of an absent key": one("StringNotEqualsIfExists", "john", None, holds=True),
    "Null true needs an absent key": one("Null", "true", None, holds=True),
    "Null true is false of a key that is there": one("Null", "true", "john", holds=False),
    "Null false needs a key": one("Null", "false", "john", holds=True),
    "Null false is false of an absent key": one("Null", "false", None, holds=False),
    "Null of a JSON boolean": one("Null", True, None, holds=True),  # noqa: FBT003 - a JSON value
    "Bool compares": one("Bool", "true", "true", holds=True),
    "Bool of a JSON boolean": one("Bool", False, "false", holds=True),  # noqa: FBT003 - a JSON value
    "Bool of the other value": one("Bool", "true", "false", holds=False),
    "Bool of an absent key": one("Bool", "false", None, holds=False),
    "NumericEquals compares numbers": one("NumericEquals", "10", "10.0", holds=True),
    "NumericNotEquals compares numbers": one("NumericNotEquals", 10, "10.0", holds=False),
    "NumericLessThan": one("NumericLessThan", "10", "9", holds=True),
    "NumericLessThan is strict": one("NumericLessThan", "10", "10", holds=False),
    "NumericLessThanEquals": one("NumericLessThanEquals", "10", "10", holds=True),
    "NumericGreaterThan is strict": one("NumericGreaterThan", "10", "10", holds=False),
    "NumericGreaterThanEquals": one("NumericGreaterThanEquals", "10", "10", holds=True),
    "a number is not compared as text": one("NumericGreaterThan", "9", "10", holds=True),
    "a text is not a number": one("NumericLessThan", "10", "ten", holds=False),
    "DateGreaterThan": one("DateGreaterThan", EARLY, LATE, holds=True),
    "DateGreaterThanEquals": one("DateGreaterThanEquals", EARLY, EARLY, holds=True),
    "DateLessThan": one("DateLessThan", EARLY, LATE, holds=False),
    "DateLessThanEquals": one("DateLessThanEquals", LATE, LATE, holds=True),
    "DateEquals compares across time zones": one("DateEquals", EARLY, "2020-01-01T01:00:00+01:00", holds=True),
    "DateEquals of epoch seconds": one("DateEquals", "1577836800", EARLY, holds=True),
    "DateNotEquals": one("DateNotEquals", EARLY, LATE, holds=True),
    "a date without time is midnight": one("DateEquals", "2020-01-01", str(50 * 365 * DAY + 12 * DAY), holds=True),
    "a month is its first day": one("DateEquals", "2020-01", EARLY, holds=True),
    "a text is not a date": one("DateLessThan", LATE, "yesterday", holds=False),
    "IpAddress of a range": one("IpAddress", "203.0.113.0/24", "203.0.113.9", holds=True),
    "IpAddress of another range": one("IpAddress", "203.0.113.0/24", "203.0.114.9", holds=False),
    "IpAddress of a range written with a host address": one("IpAddress", "203.0.113.5/24", "203.0.113.9", holds=True),
    "IpAddress of one address": one("IpAddress", "203.0.113.9", "203.0.113.9", holds=True),
    "IpAddress of version 6": one("IpAddress", "2001:DB8:1234:5678::/64", "2001:db8:1234:5678::1", holds=True),
    "IpAddress of both versions": one("IpAddress", ["2001:db8::/32", "203.0.113.0/24"], "203.0.113.9", holds=True),
    "IpAddress through a VPC endpoint": one("IpAddress", "203.0.113.0/24", None, holds=False),
    "NotIpAddress": one("NotIpAddress", "203.0.113.0/24", "203.0.113.9", holds=False),
    "a text is not an address": one("IpAddress", "0.0.0.0/0", "here", holds=False),
    "BinaryEquals compares Base64 text": one("BinaryEquals", "QmluYXJ5", "QmluYXJ5", holds=True),
    "BinaryEquals of another value": one("BinaryEquals", "QmluYXJ5", "qmluYXJ5", holds=False),
    "ArnEquals has wildcards": one("ArnEquals", "arn:aws:sns:*:111122223333:*", TOPIC, holds=True),
    "ArnLike compares the account": one("ArnLike", "arn:aws:sns:*:444455556666:*", TOPIC, holds=False),
    "ArnNotEquals": one("ArnNotEquals", TOPIC, TOPIC, holds=False),
    "ArnNotLike": one("ArnNotLike", "arn:aws:sqs:*:*:*", TOPIC, holds=True),
    "a variable without a value does not equal": one("StringEquals", "${aws:x}", "a", holds=False, page=VARIABLES),
    "a variable without a value is not equal": one("StringNotEquals", "${aws:x}", "a", holds=True, page=VARIABLES),
    "a variable compares two keys": Case(
        condition={"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}},
        context={"aws:ResourceTag/team": "red*", "aws:PrincipalTag/team": "red*"},
        holds=True,
        page=VARIABLES,
    ),
    "a variable in StringLike has no wildcards": Case(
        condition={"StringLike": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}},
        context={"aws:ResourceTag/team": "red", "aws:PrincipalTag/team": "*"},
        holds=False,
        page=VARIABLES,
    ),
    "a key's name ignores case": Case(
        condition={"StringEquals": {"AWS:SourceIP": "x"}}, context={"aws:SourceIp": "x"}, holds=True
    ),
    "operators are an and": Case(
        condition={"StringEquals": {"k:a": "1"}, "StringLike": {"k:b": "2"}},
        context={"k:a": "1", "k:b": "3"},
        holds=False,
        page=LOGIC,
    ),
    "keys are an and": Case(
        condition={"StringEquals": {"k:a": "1", "k:b": "2"}}, context={"k:a": "1"}, holds=False, page=LOGIC
    ),
    "keys that all match": Case(
        condition={"StringEquals": {"k:a": "1", "k:b": "2"}}, context={"k:a": "1", "k:b": "2"}, holds=True, page=LOGIC
    ),
    "ForAllValues of a subset": attributes(ATTRIBUTES, "Message", "Tags", holds=True),
    "ForAllValues with one value too many": attributes(ATTRIBUTES, "Message", "UserName", holds=False),
    "ForAllValues of an absent key": attributes(ATTRIBUTES, holds=True),
    "ForAllValues of an empty value": attributes(ATTRIBUTES, "", holds=True),
    "ForAllValues negated with no value named": attributes(NONE_SECRET, "Tags", "Message", holds=True),
    "ForAllValues negated with one value named": attributes(NONE_SECRET, "ID", "Message", holds=False),
    "ForAnyValue with one value named": attributes(SECRET, "PostDateTime", "Message", holds=True),
    "ForAnyValue with no value named": attributes(SECRET, "UserName", holds=False),
    "ForAnyValue of an absent key": attributes(SECRET, holds=False),
    "ForAnyValue of an empty value": attributes(SECRET, "", holds=False),
    "ForAnyValue negated with another value": attributes(NOT_SECRET, "ID", "Message", holds=True),
    "ForAnyValue negated with no other value": attributes(NOT_SECRET, "ID", holds=False),
    "ForAllValues with wildcards": attributes(
        {"ForAllValues:StringLike": {"dynamodb:Attributes": "M*"}}, "Message", "Me", holds=True
    ),
    "ForAnyValue of ARNs": attributes(
        {"ForAnyValue:ArnLike": {"dynamodb:Attributes": "arn:aws:sns:*:*:*"}}, "x", TOPIC, holds=True
    ),
    "ForAnyValue with IfExists of an absent key": attributes(
        {"ForAnyValue:StringEqualsIfExists": {"dynamodb:Attributes": "ID"}}, holds=True
    ),
}


@pytest.fixture(autouse=True)
def time_zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A local time zone other than UTC, which decisions must not depend on."""
    with monkeypatch.context() as patched:
        patched.setenv("TZ", "Asia/Tokyo")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_condition_is_true_as_documented(case: Case) -> None:
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": case.condition}
    policy = parse_policy({"Version": "2012-10-17", "Statement": statement})

    decision = evaluate(Request(action="k:Do", context=case.context), identity=[policy])

    assert decision.allowed is case.holds, case.page
