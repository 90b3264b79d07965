"""Each instance of a resource or module with for_each or count is checked with its own references."""

import json
from pathlib import Path

import pytest

from terraform_guardrails import Report, check
from terraform_guardrails.terraform.plan.document import stack_from
from terraform_guardrails.terraform.stack import Stack

DATA = Path(__file__).parents[3] / "data"
# The output of Terraform 1.11.4 with the AWS provider 5.100.0 for the *.tf files in the same folder. Null attributes,
# planned_values, prior_state, relevant_attributes and the sensitive parts are removed.
PLAN = DATA / "plan-with-instances" / "plan.json"
# Generated and shortened in the same way.
TEMPLATES = DATA / "plan-with-templates.json"
QUOTED = r'["a.b[\"c\"]"]'


@pytest.fixture(scope="module")
def report() -> Report:
    return check([PLAN])


@pytest.fixture(scope="module")
def stack() -> Stack:
    return stack_from(PLAN, json.loads(PLAN.read_text()), None)


def lacking(function: str) -> str:
    return f"{function} writes its logs, but the role does not allow logs:PutLogEvents."


def test_only_the_roles_without_permissions_are_found(report: Report) -> None:
    errors = [(each.address, each.problem) for each in report.findings if each.severity == "error"]

    reversed_role = 'module.reversed["alpha"].module.role.aws_iam_role.this'
    worker_roles = [f"module.worker{index}.module.role.aws_iam_role.this" for index in (QUOTED, '["beta"]')]
    assert errors == [
        ("aws_iam_role.counted[1]", lacking("aws_lambda_function.counted[1]")),
        (f"aws_iam_role.given{QUOTED}", lacking(f"module.given{QUOTED}.aws_lambda_function.this")),
        ('aws_iam_role.given["beta"]', lacking('module.given["beta"].aws_lambda_function.this')),
        (reversed_role, lacking('module.reversed["alpha"].module.function["live"].aws_lambda_function.this')),
        (reversed_role, lacking('module.reversed["alpha"].module.function["test"].aws_lambda_function.this')),
        (f"module.role{QUOTED}.aws_iam_role.this", lacking("module.explicit.aws_lambda_function.this")),
        (f"module.role{QUOTED}.aws_iam_role.this", lacking(f"module.wired{QUOTED}.aws_lambda_function.this")),
        ('module.role["beta"].aws_iam_role.this', lacking('module.wired["beta"].aws_lambda_function.this')),
        (worker_roles[0], lacking(f'module.worker{QUOTED}.module.function["live"].aws_lambda_function.this')),
        (worker_roles[0], lacking(f'module.worker{QUOTED}.module.function["test"].aws_lambda_function.this')),
        (worker_roles[1], lacking('module.worker["beta"].module.function["live"].aws_lambda_function.this')),
        (worker_roles[1], lacking('module.worker["beta"].module.function["test"].aws_lambda_function.this')),
    ]


def test_a_role_selected_by_a_local_value_is_inconclusive(report: Report) -> None:
    reason = "aws_iam_role.given, local.choice, each.key is not known before apply"
    assert [(each.rule, each.address, each.reason) for each in report.inconclusive] == [
        ("role-permissions", 'aws_lambda_function.undecided["alpha"]', reason),
        ("role-permissions", 'aws_lambda_function.undecided["beta"]', reason),
    ]


@pytest.mark.parametrize(
    ("function", "role"),
    [
        ("aws_lambda_function.counted[0]", "aws_iam_role.counted[0]"),
        ("aws_lambda_function.counted[1]", "aws_iam_role.counted[1]"),
        ('module.given["alpha"].aws_lambda_function.this', 'aws_iam_role.given["alpha"]'),
        (f"module.given{QUOTED}.aws_lambda_function.this", f"aws_iam_role.given{QUOTED}"),
        ('module.wired["beta"].aws_lambda_function.this', 'module.role["beta"].aws_iam_role.this'),
        (f"module.wired{QUOTED}.aws_lambda_function.this", f"module.role{QUOTED}.aws_iam_role.this"),
        ("module.explicit.aws_lambda_function.this", f"module.role{QUOTED}.aws_iam_role.this"),
        (
            'module.worker["beta"].module.function["live"].aws_lambda_function.this',
            'module.worker["beta"].module.role.aws_iam_role.this',
        ),
        (
            f'module.worker{QUOTED}.module.function["test"].aws_lambda_function.this',
            f"module.worker{QUOTED}.module.role.aws_iam_role.this",
        ),
    ],
)
def test_a_function_has_the_role_of_its_own_instance(stack: Stack, function: str, role: str) -> None:
    (found,) = (each for each in stack.of_type("aws_lambda_function") if each.address == function)

    target = stack.target(found.value("role"), "aws_iam_role")

    assert target is not None
    assert target.address == role


def test_dependencies_are_between_blocks(stack: Stack) -> None:
    edges = sorted((*edge, stack.graph.edges[edge]["attribute"]) for edge in stack.graph.edges)

    assert edges == [
        ("aws_iam_role_policy.counted", "aws_iam_role.counted", "role"),
        ("aws_iam_role_policy.given", "aws_iam_role.given", "role"),
        ("aws_lambda_function.counted", "aws_iam_role.counted", "role"),
        ("aws_lambda_function.undecided", "aws_iam_role.given", "role"),
        ("module.explicit.aws_lambda_function.this", "module.role.aws_iam_role.this", "role"),
        ("module.given.aws_lambda_function.this", "aws_iam_role.given", "role"),
        (
            "module.reversed.module.function.aws_lambda_function.this",
            "module.reversed.module.role.aws_iam_role.this",
            "role",
        ),
        (
            "module.reversed.module.role.aws_iam_role_policy.this",
            "module.reversed.module.role.aws_iam_role.this",
            "role",
        ),
        ("module.role.aws_iam_role_policy.this", "module.role.aws_iam_role.this", "role"),
        ("module.wired.aws_lambda_function.this", "module.role.aws_iam_role.this", "role"),
        (
            "module.worker.module.function.aws_lambda_function.this",
            "module.worker.module.role.aws_iam_role.this",
            "role",
        ),
        ("module.worker.module.role.aws_iam_role_policy.this", "module.worker.module.role.aws_iam_role.this", "role"),
    ]


def test_text_around_a_reference_is_inconclusive() -> None:
    """A plan lists the references in "${aws_cloudwatch_log_group.l.arn}:*" and in "ALARM(...)", but not the text."""
    report = check([TEMPLATES])

    assert report.findings == ()
    assert [(each.rule, each.address, each.reason) for each in report.inconclusive] == [
        ("alarm-metric", "aws_cloudwatch_composite_alarm.c", "alarm_rule is not known before apply"),
        ("role-permissions", "aws_lambda_function.f", "aws_cloudwatch_log_group.l.arn is not known before apply"),
    ]
