"""Policies are parsed once for each text, and compiled once."""

import json
from dataclasses import replace

from iam_policy_evaluator import Request, evaluate, parse_policy

TEXT = json.dumps({"Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}})
REQUEST = Request(action="s3:GetObject", resource="arn:aws:s3:::b/x")


def test_the_same_text_is_parsed_once() -> None:
    assert parse_policy(TEXT, name="a") is parse_policy(TEXT, name="a")


def test_the_same_text_has_each_of_its_names() -> None:
    names = [parse_policy(TEXT, name=name).name for name in ("a", "b", "a")]

    assert names == ["a", "b", "a"]


def test_a_changed_text_counts_at_once() -> None:
    texts = (TEXT, TEXT.replace("Allow", "Deny"), TEXT)

    assert [evaluate(REQUEST, identity=[parse_policy(text)]).allowed for text in texts] == [True, False, True]


def test_a_policy_is_compiled_once() -> None:
    policy = parse_policy(TEXT)

    before = policy.compiled
    evaluate(REQUEST, identity=[policy])

    assert policy.compiled is before


def test_a_replaced_statement_is_compiled_anew() -> None:
    policy = parse_policy(TEXT)
    before = evaluate(REQUEST, identity=[policy])
    other = replace(policy, statements=(replace(policy.statements[0], actions=("s3:PutObject",)),))

    after = evaluate(REQUEST, identity=[other])

    assert (before.allowed, after.allowed) == (True, False)
