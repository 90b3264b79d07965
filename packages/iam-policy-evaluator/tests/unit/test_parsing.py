"""Policy documents: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html."""

import json
from typing import Any

import pytest

from iam_policy_evaluator import (
    Condition,
    Effect,
    IamPolicyEvaluatorError,
    Policy,
    PolicyError,
    Principal,
    Statement,
    parse_policy,
)

STATEMENT: dict[str, Any] = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
ALL_ELEMENTS = {
    "Version": "2012-10-17",
    "Id": "example",
    "Statement": [
        {
            "Sid": "First",
            "Effect": "Allow",
            "Principal": {"AWS": ["111122223333"], "Service": "sns.amazonaws.com"},
            "Action": ["s3:GetObject", "s3:PutObject"],
            "Resource": "arn:aws:s3:::b/*",
            "Condition": {"Bool": {"aws:SecureTransport": True}, "NumericLessThan": {"s3:max-keys": [10, "20"]}},
        },
        {"Effect": "Deny", "NotPrincipal": "*", "NotAction": "s3:*", "NotResource": ["arn:aws:s3:::c"]},
    ],
}
READ = Policy(
    name="bucket",
    version="2012-10-17",
    statements=(
        Statement(
            sid="First",
            number=1,
            effect=Effect.ALLOW,
            principals=(Principal("AWS", "111122223333"), Principal("Service", "sns.amazonaws.com")),
            actions=("s3:GetObject", "s3:PutObject"),
            resources=("arn:aws:s3:::b/*",),
            conditions=(
                Condition(operator="Bool", key="aws:SecureTransport", values=("true",)),
                Condition(operator="NumericLessThan", key="s3:max-keys", values=("10", "20")),
            ),
        ),
        Statement(
            number=2,
            effect=Effect.DENY,
            not_principals=(Principal("AWS", "*"),),
            not_actions=("s3:*",),
            not_resources=("arn:aws:s3:::c",),
        ),
    ),
)


@pytest.mark.parametrize("document", [ALL_ELEMENTS, json.dumps(ALL_ELEMENTS)], ids=["an object", "JSON text"])
def test_every_element_is_read(document: str | dict[str, Any]) -> None:
    assert parse_policy(document, name="bucket") == READ


def test_a_single_statement_needs_no_list() -> None:
    assert parse_policy({"Statement": STATEMENT}) == parse_policy({"Statement": [STATEMENT]})


def test_a_policy_without_version_is_of_2008() -> None:
    policy = parse_policy({"Statement": STATEMENT})

    assert (policy.version, policy.has_variables) == ("2008-10-17", False)


def test_a_label_is_the_sid_or_the_number() -> None:
    assert [each.label for each in READ.statements] == ["'First'", "number 2"]


def changed(**elements: object) -> dict[str, Any]:
    return {"Statement": {**STATEMENT, **elements}}


ERRORS: dict[str, tuple[str | dict[str, Any], str]] = {
    "text that is not JSON": (
        "{",
        (
            "Policy 'p': the document is not JSON (Expecting property name enclosed in double quotes: line 1 column 2 "
            "(char 1)). Correct the JSON."
        ),
    ),
    "an element that is there twice": (
        '{"Statement": [{"Effect": "Deny", "Effect": "Allow", "Action": "*"}]}',
        "Policy 'p': an object has 'Effect' more than once. Merge the entries.",
    ),
    "a JSON list": ("[]", "Policy 'p': the document is not a JSON object. Write it in braces."),
    "an unknown version": (
        {"Version": "2020-01-01", "Statement": []},
        "Policy 'p': Version is '2020-01-01'. Use '2012-10-17' or '2008-10-17'.",
    ),
    "an unknown element of the policy": (
        {"Statements": []},
        "Policy 'p': 'Statements' is not a policy element. Use Version, Id, Statement.",
    ),
    "no statement": ({}, "Policy 'p', statement number 1: the statement is not a JSON object. Write it in braces."),
    "an unknown element of a statement": (
        changed(Sid="A", Resources="*"),
        (
            "Policy 'p', statement 'A': 'Resources' is not a policy element. "
            "Use Sid, Effect, Condition, Action, NotAction, Resource, NotResource, Principal, NotPrincipal."
        ),
    ),
    "a Sid that is a number": (
        changed(Sid=1),
        "Policy 'p', statement number 1: Sid is not text. Write it as a JSON string.",
    ),
    "an effect in lower case": (
        changed(Effect="allow"),
        "Policy 'p', statement number 1: Effect is 'allow'. Use 'Allow' or 'Deny'.",
    ),
    "no effect": (
        {"Statement": {"Action": "*"}},
        "Policy 'p', statement number 1: Effect is None. Use 'Allow' or 'Deny'.",
    ),
    "no action": (
        {"Statement": {"Effect": "Allow", "Resource": "*"}},
        "Policy 'p', statement number 1: it has neither Action nor NotAction. Add one of them.",
    ),
    "an action and its opposite": (
        changed(NotAction="*"),
        "Policy 'p', statement number 1: it has both Action and NotAction. Keep one of them.",
    ),
    "an empty list": (changed(Action=[]), "Policy 'p', statement number 1: Action is empty. Add a value."),
    "a value that is an object": (
        changed(Resource=[{}]),
        "Policy 'p', statement number 1: Resource has a value that is not text. Write each value as a JSON string.",
    ),
    "a principal that is text": (
        changed(Principal="111122223333"),
        "Policy 'p', statement number 1: Principal is not a JSON object. Write it in braces.",
    ),
    "an unknown type of principal": (
        changed(Principal={"Role": "r"}),
        (
            "Policy 'p', statement number 1: Principal has the type 'Role'. "
            "Use one of AWS, CanonicalUser, Federated, Service."
        ),
    ),
    "a condition without keys": (
        changed(Condition={"Bool": "true"}),
        "Policy 'p', statement number 1: Condition Bool is not a JSON object. Write it in braces.",
    ),
    "an unknown operator": (
        changed(Condition={"StringEqual": {"aws:username": "a"}}),
        "Policy 'p', statement number 1: 'StringEqual' is not a condition operator. Correct the Condition element.",
    ),
    "an unknown set operator": (
        changed(Condition={"ForSomeValues:StringEquals": {"aws:username": "a"}}),
        (
            "Policy 'p', statement number 1: 'ForSomeValues:StringEquals' is not a condition operator. "
            "Correct the Condition element."
        ),
    ),
    "Null with IfExists": (
        changed(Condition={"NullIfExists": {"aws:username": "true"}}),
        "Policy 'p', statement number 1: 'NullIfExists' is not a condition operator. Correct the Condition element.",
    ),
    "Null of another text": (
        changed(Condition={"Null": {"aws:username": "no"}}),
        "Policy 'p', statement number 1: Null cannot compare aws:username with 'no'. Correct the Condition element.",
    ),
    "a number that is text": (
        changed(Condition={"NumericLessThan": {"s3:max-keys": ["10", "ten"]}}),
        (
            "Policy 'p', statement number 1: NumericLessThan cannot compare s3:max-keys with 'ten'. "
            "Correct the Condition element."
        ),
    ),
    "a number without end": (
        changed(Condition={"NumericLessThan": {"s3:max-keys": "Infinity"}}),
        (
            "Policy 'p', statement number 1: NumericLessThan cannot compare s3:max-keys with 'Infinity'. "
            "Correct the Condition element."
        ),
    ),
    "a date that is text": (
        changed(Condition={"DateLessThanIfExists": {"aws:CurrentTime": "soon"}}),
        (
            "Policy 'p', statement number 1: DateLessThanIfExists cannot compare aws:CurrentTime with 'soon'. "
            "Correct the Condition element."
        ),
    ),
    "an address that is text": (
        changed(Condition={"IpAddress": {"aws:SourceIp": "here"}}),
        (
            "Policy 'p', statement number 1: IpAddress cannot compare aws:SourceIp with 'here'. "
            "Correct the Condition element."
        ),
    ),
}


@pytest.mark.parametrize(("document", "message"), ERRORS.values(), ids=ERRORS)
def test_an_invalid_document_is_refused(document: str | dict[str, Any], message: str) -> None:
    with pytest.raises(PolicyError) as error:
        parse_policy(document, name="p")

    assert str(error.value) == message
    assert isinstance(error.value, IamPolicyEvaluatorError)


def test_an_error_names_its_own_statement() -> None:
    with pytest.raises(PolicyError, match="statement number 2: Effect is 'No'"):
        parse_policy({"Statement": [{**STATEMENT, "Sid": "A"}, {**STATEMENT, "Effect": "No"}]})
