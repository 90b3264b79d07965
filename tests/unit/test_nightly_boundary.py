"""What a role of a nightly deployment may do at most, and what the nightly role may do with such roles."""

import json
from collections.abc import Mapping

import pytest

from terraform_harness.synthesis import Synthesis
from terraform_harness.template import Template
from tests.nightly_role import BOUNDARY, GLOBAL, GRANTED, allows, placed, statements


@pytest.fixture(scope="session")
def pipeline(syntheses: Mapping[str, Synthesis]) -> Template:
    return syntheses["nightly"].template()


def test_the_boundary_leaves_the_roles_of_the_stack_all_that_they_need(pipeline: Template) -> None:
    policies: Mapping[str, Mapping[str, str]] = pipeline.terraform["resource"]["aws_iam_role_policy"]
    needed = [
        (action, placed(resource).replace("*", "any"))
        for one in policies.values()
        for statement in json.loads(one["policy"])["Statement"]
        if statement["Effect"] == "Allow"
        for action in statement["Action"]
        for resource in statement["Resource"]
    ]

    assert needed
    assert [(action, arn) for action, arn in needed if not allows((BOUNDARY,), action, arn)] == []


def test_a_role_is_created_and_filled_only_with_the_boundary() -> None:
    granting = [each for each in statements(*GRANTED) if {"iam:CreateRole", "iam:PutRolePolicy"} & set(each["Action"])]

    assert [(each["Action"], each["Condition"]) for each in granting] == [
        (
            ["iam:CreateRole", "iam:PutRolePolicy"],
            {"StringEquals": {"iam:PermissionsBoundary": GLOBAL.format("policy/nightly-boundary")}},
        )
    ]


def test_a_role_goes_only_to_the_service_that_it_is_for() -> None:
    passing = {
        each["Resource"][0]: each["Condition"]["StringEquals"]["iam:PassedToService"]
        for each in statements(*GRANTED)
        if each["Action"] == ["iam:PassRole"]
    }

    assert passing == {
        GLOBAL.format("role/lambda-transaction-processor-role-t-*"): "lambda.amazonaws.com",
        GLOBAL.format("role/transaction-flow-logs-role-t-*"): "vpc-flow-logs.amazonaws.com",
    }


def test_nothing_can_be_attached_to_a_role_nor_its_boundary_or_trust_changed() -> None:
    loosening = {
        "iam:AttachRolePolicy",
        "iam:CreatePolicyVersion",
        "iam:DeleteRolePermissionsBoundary",
        "iam:PutRolePermissionsBoundary",
        "iam:UpdateAssumeRolePolicy",
    }
    allowed = {action for each in statements(*GRANTED) if each["Effect"] == "Allow" for action in each["Action"]}

    assert allowed & loosening == set()


def test_the_boundary_lets_no_role_touch_identities() -> None:
    services = {action.partition(":")[0] for each in statements(BOUNDARY) for action in each["Action"]}

    assert services == {"dynamodb", "ec2", "kinesis", "kms", "logs", "s3"}


def test_a_role_uses_a_new_key_before_its_tag_counts() -> None:
    (using,) = (each["Condition"] for each in statements(BOUNDARY) if "kms:Decrypt" in each["Action"])

    assert using == {"StringLikeIfExists": {"aws:ResourceTag/Environment": "t-*"}}
