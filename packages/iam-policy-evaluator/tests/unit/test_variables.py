"""Policy variables: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html."""

import pytest

from iam_policy_evaluator import Request, evaluate, parse_policy

HOMES = "arn:aws:s3:::homes/${aws:username}/*"
TEAMS = "arn:aws:s3:::teams/${aws:PrincipalTag/team, 'company-wide'}/*"

RESOURCES: dict[str, tuple[str, str, dict[str, str | list[str]], bool]] = {
    "a variable has the request's value": (HOMES, "homes/ann/x", {"aws:username": "ann"}, True),
    "a variable's key ignores case": (HOMES, "homes/ann/x", {"AWS:UserName": "ann"}, True),
    "another value does not match": (HOMES, "homes/bob/x", {"aws:username": "ann"}, False),
    "a variable without a value matches nothing": (HOMES, "homes/ann/x", {}, False),
    "a variable without a value is not literal": (HOMES, "homes/${aws:username}/x", {}, False),
    "a star in a value is not a wildcard": (HOMES, "homes/bob/x", {"aws:username": "*"}, False),
    "a star in a value is a star": (HOMES, "homes/*/x", {"aws:username": "*"}, True),
    "a variable in a value stays text": (HOMES, "homes/${aws:userid}/x", {"aws:username": "${aws:userid}"}, True),
    "a multivalued key is not a variable": (HOMES, "homes/ann/x", {"aws:username": ["ann", "bob"]}, False),
    "the default replaces an absent value": (TEAMS, "teams/company-wide/x", {}, True),
    "a value comes before the default": (TEAMS, "teams/red/x", {"aws:PrincipalTag/team": "red"}, True),
    "two variables": ("arn:aws:s3:::b/${a:x}-${a:y}", "b/1-2", {"a:x": "1", "a:y": "2"}, True),
}


@pytest.mark.parametrize(("pattern", "path", "context", "expected"), RESOURCES.values(), ids=RESOURCES)
def test_a_resource_with_a_variable(
    pattern: str, path: str, context: dict[str, str | list[str]], *, expected: bool
) -> None:
    policy = parse_policy(
        {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": pattern}}
    )
    request = Request(action="s3:GetObject", resource=f"arn:aws:s3:::{path}", context=context)

    assert evaluate(request, identity=[policy]).allowed is expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [("homes/ann/x", False), ("homes/${aws:username}/x", True)],
    ids=["the value does not match", "the literal text matches"],
)
@pytest.mark.parametrize("version", [{}, {"Version": "2008-10-17"}], ids=["no version", "the version of 2008"])
def test_an_old_policy_has_no_variables(version: dict[str, str], path: str, *, expected: bool) -> None:
    policy = parse_policy({**version, "Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": HOMES}})
    request = Request(action="s3:GetObject", resource=f"arn:aws:s3:::{path}", context={"aws:username": "ann"})

    assert evaluate(request, identity=[policy]).allowed is expected


def test_an_old_policy_has_no_escapes() -> None:
    policy = parse_policy(
        {"Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::a${*}"}}
    )
    request = Request(action="s3:GetObject", resource="arn:aws:s3:::a${b}")

    assert evaluate(request, identity=[policy]).allowed


def test_a_not_resource_with_an_unresolved_variable_exempts_nothing() -> None:
    policy = parse_policy(
        {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:GetObject", "NotResource": HOMES}}
    )
    request = Request(action="s3:GetObject", resource="arn:aws:s3:::homes/ann/x")

    assert evaluate(request, identity=[policy]).allowed
