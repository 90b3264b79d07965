"""The boundary of the roles of a nightly deployment, and the nightly role's permissions on these roles."""

import json
from collections.abc import Mapping

import pytest

from iam_policy_evaluator import Condition
from terraform_harness.synthesis import Synthesis
from terraform_harness.template import Template
from tests.nightly_role import BOUNDARY, GLOBAL, GRANTED, allows, placed, statements


@pytest.fixture(scope="session")
def pipeline(syntheses: Mapping[str, Synthesis]) -> Template:
    return syntheses["nightly"].template()


def test_the_boundary_allows_all_that_the_roles_of_the_stack_allow(pipeline: Template) -> None:
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


def test_a_role_is_created_and_gets_its_policy_only_with_the_boundary() -> None:
    granting = [each for each in statements(*GRANTED) if {"iam:CreateRole", "iam:PutRolePolicy"} & set(each.actions)]

    with_boundary = Condition(
        operator="StringEquals", key="iam:PermissionsBoundary", values=(GLOBAL.format("policy/nightly-boundary"),)
    )
    assert [(each.actions, each.conditions) for each in granting] == [
        (("iam:CreateRole", "iam:PutRolePolicy"), (with_boundary,))
    ]


def test_a_role_is_passed_only_to_its_own_service() -> None:
    passing = {
        each.resources[0]: [(one.operator, one.key, one.values) for one in each.conditions]
        for each in statements(*GRANTED)
        if each.actions == ("iam:PassRole",)
    }

    assert passing == {
        GLOBAL.format("role/lambda-transaction-processor-role-t-*"): [
            ("StringEquals", "iam:PassedToService", ("lambda.amazonaws.com",))
        ],
        GLOBAL.format("role/transaction-flow-logs-role-t-*"): [
            ("StringEquals", "iam:PassedToService", ("vpc-flow-logs.amazonaws.com",))
        ],
    }


@pytest.mark.parametrize(
    "action",
    [
        "iam:AttachRolePolicy",
        "iam:CreatePolicyVersion",
        "iam:DeleteRolePermissionsBoundary",
        "iam:PutRolePermissionsBoundary",
        "iam:UpdateAssumeRolePolicy",
    ],
)
def test_attached_policies_boundary_and_trust_of_a_role_are_fixed(action: str) -> None:
    assert not allows(GRANTED, action, None)


def test_the_boundary_allows_nothing_on_identities() -> None:
    services = {action.partition(":")[0] for each in statements(BOUNDARY) for action in each.actions}

    assert services == {"dynamodb", "ec2", "kinesis", "kms", "logs", "s3"}


def test_a_role_uses_a_new_key_before_its_tag_takes_effect() -> None:
    (using,) = (each.conditions for each in statements(BOUNDARY) if "kms:Decrypt" in each.actions)

    assert using == (Condition(operator="StringLikeIfExists", key="aws:ResourceTag/Environment", values=("t-*",)),)
