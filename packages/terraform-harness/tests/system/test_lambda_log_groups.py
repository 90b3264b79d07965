"""A log group of Lambda is removed with a warning on LocalStack, and is an error with --tf-strict-leftovers."""

import io
import json
import sys
import zipfile

import pytest

from harness_support.sessions import message_of, runs_of, write_project
from terraform_harness.targets.target import Target

pytestmark = pytest.mark.localstack("its sessions go to one LocalStack")

TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"},
    ],
}
CONFIGURATION = {
    "provider": {"aws": {"region": "us-east-1"}},
    "resource": {
        "aws_iam_role": {"it": {"name_prefix": "orders-", "assume_role_policy": json.dumps(TRUST)}},
        "aws_lambda_function": {
            "it": {
                "function_name": "log-group-of-lambda",
                "role": "${aws_iam_role.it.arn}",
                "runtime": "python3.13",
                "handler": "orders.handle",
                "filename": "../dist/orders.zip",
            }
        },
    },
}
TESTS = """
from terraform_harness.polling import eventually


def test_function_answers(terraform_deployment):
    answer = terraform_deployment.target.client("lambda").invoke(FunctionName="log-group-of-lambda")
    logs = terraform_deployment.target.client("logs")
    eventually(
        lambda: logs.describe_log_groups(logGroupNamePrefix="/aws/lambda/log-group-of-lambda")["logGroups"],
        until=bool,
        what="the function has logged",
        within=30,
    )
    assert answer["StatusCode"] == EXPECTED
"""
REMEDY = "Lambda created it: declare an aws_cloudwatch_log_group with this name, in the depends_on of the function"


@pytest.fixture
def project(empty_project: pytest.Pytester) -> pytest.Pytester:
    """A project with a function and without its log group."""
    write_project(empty_project.path, CONFIGURATION, "")
    bundle = io.BytesIO()
    with zipfile.ZipFile(bundle, "w") as archive:
        archive.writestr("orders.py", "def handle(event, context): print('an order')")
    (empty_project.path / "dist").mkdir()
    (empty_project.path / "dist" / "orders.zip").write_bytes(bundle.getvalue())
    return empty_project


def test_log_group_of_lambda_is_removed_with_a_warning(project: pytest.Pytester, target: Target) -> None:
    (project.path / "test_orders.py").write_text(TESTS.replace("EXPECTED", "200"))

    result = project.runpytest_subprocess("-W", "error")

    result.assert_outcomes(passed=1, warnings=1)
    message = f"log group /aws/lambda/log-group-of-lambda still existed after destroy and was removed. {REMEDY}."
    assert f"LeftoverWarning: {message}" in result.stdout.str()
    assert (log_groups(target), runs_of(project)) == ([], [])


@pytest.mark.slow
def test_strict_leftovers_report_it_as_an_error(project: pytest.Pytester, target: Target) -> None:
    """The evidence of the failed test and that of the failed teardown stand side by side."""
    (project.path / "test_orders.py").write_text(TESTS.replace("EXPECTED", "500"))

    result = project.runpytest_subprocess("--tf-strict-leftovers")

    result.assert_outcomes(failed=1, errors=1)
    assert message_of(result, "LeftoverError") == (
        f"1 resource still exists after destroy:\nlog group /aws/lambda/log-group-of-lambda ({REMEDY})\n"
        "Delete it with: terraform-harness destroy RUN"
    )
    evidence = project.path / "reports" / "evidence"
    function_logs = {path.name: (path / "function.log").read_text() for path in evidence.iterdir()}
    assert sorted(function_logs) == ["teardown", "test-orders-py-test-function-answers"]
    assert all("/aws/lambda/log-group-of-lambda an order" in log for log in function_logs.values())
    (run,) = runs_of(project)
    destroyed = project.run(sys.executable, "-m", "terraform_harness", "destroy", run.run_id)
    assert destroyed.outlines[-2:] == [
        f"Warning: log group /aws/lambda/log-group-of-lambda still existed after destroy and was removed. {REMEDY}.",
        f"Run {run.run_id} is destroyed. No resources remain.",
    ]
    assert log_groups(target) == []


def log_groups(target: Target) -> list[str]:
    found = target.client("logs").describe_log_groups(logGroupNamePrefix="/aws/lambda/log-group-of-lambda")
    return [group["logGroupName"] for group in found["logGroups"]]
