"""The statements of a policy are the same in every form of the policy."""

import json
from pathlib import Path
from typing import Any

import pytest

from iam_policy_evaluator import Verdict
from terraform_guardrails.errors import UnknownValueError
from terraform_guardrails.iam.policies import Condition, Statement, matches, statements, verdict
from terraform_guardrails.terraform.configuration import stack_from
from terraform_guardrails.terraform.values import Reference, Template

ROLE = Reference("aws_iam_role.r", ("arn",))
SAID = Statement(
    label="'S'",
    effect="Allow",
    actions=["kms:Decrypt"],
    resources=["*"],
    principals={"AWS": [ROLE]},
    conditions=[Condition(operator="StringEquals", key="kms:ViaService", values=["sqs.us-east-1.amazonaws.com"])],
)
IN_JSON = {
    "Sid": "S",
    "Effect": "Allow",
    "Principal": {"AWS": "${aws_iam_role.r.arn}"},
    "Action": "kms:Decrypt",
    "Resource": "*",
    "Condition": {"StringEquals": {"kms:ViaService": "sqs.us-east-1.amazonaws.com"}},
}
IN_BLOCKS = {
    "sid": "S",
    "principals": {"type": "AWS", "identifiers": ["${aws_iam_role.r.arn}"]},
    "actions": ["kms:Decrypt"],
    "resources": ["*"],
    "condition": {"test": "StringEquals", "variable": "kms:ViaService", "values": ["sqs.us-east-1.amazonaws.com"]},
}
AS_EXPRESSION = (
    '${jsonencode({Statement = [{Sid = "S", Effect = "Allow", Action = "kms:Decrypt", Resource = "*",'
    " Principal = {AWS = aws_iam_role.r.arn},"
    ' Condition = {StringEquals = {"kms:ViaService" = "sqs.us-east-1.amazonaws.com"}}}]})}'
)


def read(policy: object, **blocks: dict[str, Any]) -> list[Statement]:
    configuration = {"resource": {"aws_kms_key": {"k": {"policy": policy}}}, **blocks}
    stack = stack_from({Path("a.tf.json"): configuration}, None)
    (key,) = stack.of_type("aws_kms_key")
    return statements(key.value("policy"), stack)


@pytest.mark.parametrize(
    ("policy", "blocks"),
    [
        (json.dumps({"Statement": [IN_JSON]}), {}),
        (json.dumps({"Statement": IN_JSON}), {}),
        (json.dumps({"Statement": [IN_JSON]}, indent=2) + "\n", {}),
        (AS_EXPRESSION, {}),
        ("${local.policy}", {"locals": {"policy": AS_EXPRESSION}}),
        (
            "${data.aws_iam_policy_document.d.json}",
            {"data": {"aws_iam_policy_document": {"d": {"statement": [IN_BLOCKS]}}}},
        ),
        (
            "${data.aws_iam_policy_document.d.json}",
            {"data": {"aws_iam_policy_document": {"d": {"statement": IN_BLOCKS}}}},
        ),
        (
            "${aws_kms_key_policy.p.policy}",
            {
                "resource": {
                    "aws_kms_key": {"k": {"policy": "${aws_kms_key_policy.p.policy}"}},
                    "aws_kms_key_policy": {"p": {"policy": json.dumps({"Statement": IN_JSON})}},
                }
            },
        ),
    ],
    ids=[
        "JSON text",
        "one statement",
        "a heredoc",
        "jsonencode",
        "a local value",
        "a data source",
        "a data source with one block",
        "the policy of another resource",
    ],
)
def test_every_form_of_a_policy_has_the_same_statements(policy: str, blocks: dict[str, Any]) -> None:
    assert read(policy, **blocks) == [SAID]


def test_a_reference_inside_text_keeps_its_position() -> None:
    (statement,) = read(json.dumps({"Statement": {"Resource": "${aws_s3_bucket.b.arn}/x/*"}}))

    assert statement.resources == [Template((Reference("aws_s3_bucket.b", ("arn",)), "/x/*"))]


@pytest.mark.parametrize(
    ("policy", "reason"),
    [
        ("{", "the JSON of the policy"),
        ("[]", "the JSON of the policy"),
        ("${var.policy}", "var.policy"),
        ("${data.http.policy.body}", "data.http.policy.body"),
        (["a list"], "the policy"),
        (json.dumps({"Statement": {"Action": ["${var.action}"]}}), "an action of the policy"),
    ],
)
def test_an_unknown_policy_is_refused(policy: object, reason: str) -> None:
    with pytest.raises(UnknownValueError) as error:
        read(policy)

    assert str(error.value) == f"{reason} is not known before apply"


def test_documents_that_include_each_other_are_refused() -> None:
    documents = {
        "a": {"source_policy_documents": ["${data.aws_iam_policy_document.b.json}"]},
        "b": {"source_policy_documents": ["${data.aws_iam_policy_document.a.json}"]},
    }

    with pytest.raises(UnknownValueError) as error:
        read("${data.aws_iam_policy_document.a.json}", data={"aws_iam_policy_document": documents})

    assert str(error.value) == "a policy document that includes itself is not known before apply"


def test_generated_statements_are_refused() -> None:
    document = {"dynamic": {"statement": {"for_each": "${var.statements}", "content": {}}}}

    with pytest.raises(UnknownValueError) as error:
        read("${data.aws_iam_policy_document.d.json}", data={"aws_iam_policy_document": {"d": document}})

    assert str(error.value) == "dynamic statement is not known before apply"


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("kms:*", "kms:Decrypt", True),
        ("kms:decrypt", "kms:Decrypt", True),
        ("kms:GenerateDataKey*", "kms:GenerateDataKey", True),
        ("kms:?ecrypt", "kms:Decrypt", True),
        ("*", "kms:Decrypt", True),
        ("kms:Decryp", "kms:Decrypt", False),
        ("s3:[P]utObject", "s3:PutObject", False),
    ],
)
def test_only_stars_and_question_marks_are_wildcards(pattern: str, text: str, expected: bool) -> None:  # noqa: FBT001 - a row of the table
    assert matches(pattern, text) is expected


ALLOW = Statement(
    label="number 1", effect="Allow", actions=["s3:Get*"], resources=[Reference("aws_s3_bucket.b", ("arn",))]
)
DENY = Statement(label="number 2", effect="Deny", actions=[], not_actions=["s3:Put*"], resources=[])


@pytest.mark.parametrize(
    ("applicable", "expected"),
    [
        ([], Verdict.DENIED_IMPLICITLY),
        ([ALLOW], Verdict.ALLOWED),
        ([ALLOW, DENY], Verdict.DENIED_EXPLICITLY),
        ([DENY, ALLOW], Verdict.DENIED_EXPLICITLY),
    ],
    ids=["no statement", "an Allow", "an Allow, then a Deny", "a Deny, then an Allow"],
)
def test_a_verdict_follows_the_applicable_statements(applicable: list[Statement], expected: Verdict) -> None:
    assert verdict("s3:GetObject", applicable) is expected


def test_a_verdict_ignores_statements_about_other_actions() -> None:
    assert verdict("s3:PutObject", [ALLOW, DENY]) is Verdict.DENIED_IMPLICITLY
