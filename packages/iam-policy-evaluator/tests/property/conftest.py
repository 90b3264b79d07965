"""Generated requests with policies of every kind, as JSON values."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

import pytest

SEED, COUNT = 14, 10_000

ACCOUNT, OTHER = "111122223333", "444455556666"
USER, ROOT = f"arn:aws:iam::{ACCOUNT}:user/ann", f"arn:aws:iam::{ACCOUNT}:root"
ROLE, SESSION = f"arn:aws:iam::{ACCOUNT}:role/team/writer", f"arn:aws:sts::{ACCOUNT}:assumed-role/writer/one"
FEDERATED, STRANGER = f"arn:aws:sts::{ACCOUNT}:federated-user/ann", f"arn:aws:iam::{OTHER}:user/bob"
THEIR_SESSION, THEIR_ROOT = f"arn:aws:sts::{OTHER}:assumed-role/reader/two", f"arn:aws:iam::{OTHER}:root"
SAML = f"arn:aws:iam::{ACCOUNT}:saml-provider/login"
CALLERS = [
    *(("AWS", arn) for arn in (USER, ROOT, ROLE, SESSION, SESSION, FEDERATED, STRANGER, THEIR_SESSION, THEIR_ROOT)),
    ("Service", "sns.amazonaws.com"),
    ("Federated", SAML),
    None,
]
ENTRIES: list[tuple[str, str]] = [
    *(("AWS", arn) for arn in (USER, ROOT, ROLE, SESSION, FEDERATED, STRANGER, THEIR_SESSION, THEIR_ROOT, ACCOUNT)),
    ("AWS", "*"),
    ("AWS", f"arn:aws:iam::{OTHER}:role/reader"),
    ("AWS", f"arn:aws:iam::{ACCOUNT}:user/*"),
    ("Service", "sns.amazonaws.com"),
    ("Federated", SAML),
]
# The action and resource of a request, and patterns of the elements Action and Resource.
REQUESTS = [
    ("s3:PutObject", "arn:aws:s3:::b/home/ann/x"),
    ("s3:GetObject", "arn:aws:s3:::b/red*/12:30"),
    ("sqs:SendMessage", f"arn:aws:sqs:eu-west-1:{ACCOUNT}:q"),
    ("kms:Decrypt", f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/1"),
    ("kms:Encrypt", f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/1"),
    ("kms:DescribeKey", f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/1"),
    ("sts:AssumeRole", f"arn:aws:iam::{ACCOUNT}:role/target"),
    ("logs:PutLogEvents", f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:g:log-stream:s"),
    ("ec2:DescribeInstances", "*"),
]
ACTIONS = ["*", "*", "s3:*", "S3:put*", "s3:?etObject", "sqs:SendMessage", "kms:*", "KMS:de*", "sts:Assume*", "ec2:*"]
RESOURCES = [
    *("*", "*", "*", "arn:aws:s3:::b/*", "arn:aws:s3:::*/x", "arn:aws:s3:::b/home/${aws:username}/*"),
    *("arn:aws:s3:::b/${aws:PrincipalTag/team, 'red*'}/1?:30", "arn:aws:s3:::b/red${*}/*", "arn:aws:sqs"),
    *("arn:aws:*:12", "arn:aws:sqs:*:q", f"arn:aws:???:eu-*:{ACCOUNT}:q", f"arn:aws:kms:*:{ACCOUNT}:key/?"),
    *("arn:aws:*:log-group:*:log-stream:s", "arn:aws:l*p:*:log-stream:*", "arn:aws:l?gs:*:log-?roup:*"),
    *(f"arn:aws:*:{ACCOUNT}:role/t*", "arn:aws:i*m::*:role/*", "arn:aws:kms:eu-*-1:*:key/1"),
]
CONTEXT: dict[str, list[str]] = {
    "aws:username": ["ann", "bob", "*"],
    "aws:PrincipalTag/team": ["red*", "blue", ""],
    "aws:SecureTransport": ["true", "false"],
    "aws:SourceIp": ["10.0.0.1", "203.0.113.9", "2001:db8::1"],
    "aws:CurrentTime": ["2026-01-01T00:00:00Z", "2026-06-01T12:00:00+02:00", "1767225600"],
    "s3:max-keys": ["9", "10", "10.0", "many"],
    "aws:SourceArn": [f"arn:aws:sns:eu-west-1:{ACCOUNT}:t", "arn:aws:s3:::b", "arn:aws:s3:::b:c:d:e"],
    "aws:TagKeys": ["cost", "Team", ""],
    "kms:EncryptionContext:App": ["one", "two"],
    "kms:EncryptionContext:Env": ["one"],
}
TEXTS = [
    "ann",
    "ANN",
    "*",
    "re?*",
    "red${*}",
    "${aws:username}",
    "${aws:PrincipalTag/team, 'cost'}",
    "cost",
    "t*",
    "one",
]
# The values of the policy and the operators for each type of values.
OPERATORS: list[tuple[list[str], list[str]]] = [
    (TEXTS, ["StringEquals", "StringNotEquals", "StringLike", "StringNotLike"]),
    (TEXTS, ["StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"]),
    (["9", "10", "11"], [f"Numeric{name}" for name in ("Equals", "NotEquals", "LessThan", "GreaterThanEquals")]),
    (["2026-01-01", "2026-06-01T10:00:00Z"], ["DateEquals", "DateLessThanEquals", "DateGreaterThan", "DateNotEquals"]),
    (["true", "false"], ["Bool", "Null"]),
    (["10.0.0.0/8", "203.0.113.9", "2001:db8::/32"], ["IpAddress", "NotIpAddress"]),
    ([f"arn:aws:sns:*:{ACCOUNT}:*", "arn:aws:s3:::?", "arn:aws:s*:b:*:d:e", "arn:*"], ["ArnEquals", "ArnNotLike"]),
]


@dataclass(frozen=True, kw_only=True)
class Elements:
    """The values of the elements of statements."""

    actions: list[str]
    resources: list[str]
    principals: list[tuple[str, str]]


@pytest.fixture
def generated() -> Iterator[dict[str, Any]]:
    """Yield the cases of one seed: a request, and the keyword arguments of its evaluation."""
    random = Random(SEED)  # noqa: S311 - no secret depends on it
    return (case(random) for _ in range(COUNT))


def case(random: Random) -> dict[str, Any]:
    action, resource = random.choice(REQUESTS)
    caller = random.choice(CALLERS)
    # Half of the entries are those of the request, so that enough statements apply.
    elements = Elements(
        actions=[*ACTIONS, *[action, "*"] * 5],
        resources=[*RESOURCES, *[resource.replace("*", "?"), "*"] * 8],
        principals=[*ENTRIES, *[caller or ("AWS", "*")] * 14],
    )

    def maybe(probability: float, *, has_principals: bool = False) -> dict[str, Any] | None:
        return document(random, elements, has_principals=has_principals) if random.random() < probability else None

    return {
        "action": action,
        "resource": resource,
        "account": random.choice([None, None, ACCOUNT, OTHER]) if "s3" in resource else None,
        "caller": caller,
        "context": {
            key.upper() if random.random() < 0.1 else key: random.choice([found, found, [found, values[0]]])
            for key, values in CONTEXT.items()
            if random.random() < 0.7 and (found := random.choice(values)) is not None
        },
        "identity": [document(random, elements) for _ in range(random.choice([0, 1, 1, 2]))],
        "resource_policy": maybe(0.7, has_principals=True),
        "boundary": maybe(0.3),
        "session": maybe(0.3),
        "endpoint": maybe(0.2, has_principals=True),
        "is_gateway": random.random() < 0.5,
        "grants": [grant(random) for _ in range(random.choice([0, 0, 2]))],
    }


def document(random: Random, elements: Elements, *, has_principals: bool = False) -> dict[str, Any]:
    version = random.choice([{"Version": "2012-10-17"}] * 4 + [{"Version": "2008-10-17"}, {}])
    count = random.choice([0, 1, 2, 3, 3])
    return {**version, "Statement": [statement(random, elements, has_principals=has_principals) for _ in range(count)]}


def statement(random: Random, elements: Elements, *, has_principals: bool) -> dict[str, Any]:
    content: dict[str, Any] = {"Effect": random.choice(["Allow"] * 8 + ["Deny"])}
    content[random.choice(["Action"] * 7 + ["NotAction"])] = several(random, elements.actions)
    if random.random() < 0.95:
        content[random.choice(["Resource"] * 7 + ["NotResource"])] = several(random, elements.resources)
    if has_principals and random.random() < 0.95:
        entries: dict[str, list[str]] = {}
        for type_, entry in several(random, elements.principals):
            entries.setdefault(type_, []).append(entry)
        content[random.choice(["Principal"] * 7 + ["NotPrincipal"])] = "*" if random.random() < 0.2 else entries
    if random.random() < 0.3:
        content["Condition"] = dict(condition(random) for _ in range(random.choice([1, 1, 2])))
    return content


def condition(random: Random) -> tuple[str, dict[str, list[str]]]:
    values, operators = random.choice(OPERATORS)
    operator = random.choice(operators)
    if operator != "Null":
        operator = random.choice(["", "", "", "ForAllValues:", "ForAnyValue:"]) + operator
        operator += random.choice(["", "", "", "IfExists"])
    return operator, {random.choice(list(CONTEXT)): several(random, values)}


def grant(random: Random) -> dict[str, Any]:
    pairs = random.choice([{"App": "one"}, {"App": "two"}, {"App": "one", "Env": "one"}])
    constraints = random.choice([{}, {"EncryptionContextEquals": pairs}, {"EncryptionContextSubset": pairs}])
    grantee = random.choice([USER, ROLE, SESSION, ROOT, STRANGER, THEIR_ROOT])
    return {"GranteePrincipal": grantee, "Operations": ["Decrypt", "DescribeKey"], "Constraints": constraints}


def several(random: Random, values: list[Any]) -> list[Any]:
    return random.sample(values, random.choice([1, 1, 2, 3]) if len(values) > 2 else 1)
