"""The workflows have the least permissions, and a nightly run has time to delete its resources."""

import re
from pathlib import Path
from typing import Any

import hcl2
import pytest
import yaml
from hcl2.utils import SerializationOptions

PROJECT = Path(__file__).parents[2]
WORKFLOWS = sorted((PROJECT / ".github" / "workflows").glob("*.yml"))
SWEEP = ".venv/bin/terraform-harness sweep --target aws --yes"
# The time that AWS may need to delete the network interfaces of a function.
INTERFACES_MINUTES = 45

PINNED = re.compile(r"\s+(- )?uses: [\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")


def workflow(name: str) -> dict[Any, Any]:
    content: dict[Any, Any] = yaml.safe_load((PROJECT / ".github" / "workflows" / name).read_text())
    return content


def terraform(name: str) -> dict[str, Any]:
    with (PROJECT / "ci" / "aws" / name).open() as file:
        content: dict[str, Any] = hcl2.load(file, serialization_options=SerializationOptions(strip_string_quotes=True))
    return content


@pytest.fixture(scope="session")
def nightly() -> dict[Any, Any]:
    return workflow("nightly.yml")


@pytest.fixture(scope="session")
def steps(nightly: dict[Any, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = nightly["jobs"]["aws"]["steps"]
    return found


def test_there_are_three_workflows() -> None:
    assert [path.name for path in WORKFLOWS] == ["ci.yml", "nightly.yml", "slow.yml"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_every_action_is_pinned_by_commit_with_its_version(path: Path) -> None:
    uses = [line for line in path.read_text().splitlines() if "uses:" in line]

    assert uses
    assert [line for line in uses if not PINNED.fullmatch(line)] == []


def test_action_has_the_same_commit_in_every_workflow() -> None:
    pins = {pin for path in WORKFLOWS for pin in re.findall(r"uses: (\S+)@(\S+)", path.read_text())}

    assert len(pins) == len({action for action, _ in pins})


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_workflows_use_no_secrets(path: Path) -> None:
    assert "secrets." not in path.read_text()


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_checkout_does_not_persist_credentials(path: Path) -> None:
    jobs = workflow(path.name)["jobs"].values()

    checkouts = [step for job in jobs for step in job["steps"] if "actions/checkout" in step.get("uses", "")]

    assert [step["with"] for step in checkouts] == [{"persist-credentials": False}]


@pytest.mark.parametrize(
    ("name", "permissions"),
    [
        ("ci.yml", {"test": {"contents": "read"}}),
        ("nightly.yml", {"aws": {"contents": "read", "id-token": "write"}, "failure": {"issues": "write"}}),
        ("slow.yml", {"test": {"contents": "read"}}),
    ],
)
def test_each_job_has_the_least_permissions(name: str, permissions: dict[str, dict[str, str]]) -> None:
    content = workflow(name)

    assert content["permissions"] == {}
    assert {job: about["permissions"] for job, about in content["jobs"].items()} == permissions


def test_ci_runs_the_tests_and_the_coverage() -> None:
    content = workflow("ci.yml")

    # YAML 1.1 reads the word 'on' as true.
    assert content[True] == {"push": {"branches": ["main"]}, "pull_request": None}
    assert [step["run"] for step in content["jobs"]["test"]["steps"] if "run" in step] == [
        "make test",
        "make coverage",
    ]


def test_slow_tests_run_every_night_and_on_demand() -> None:
    content = workflow("slow.yml")

    assert content[True] == {"schedule": [{"cron": "17 1 * * *"}], "workflow_dispatch": None}
    assert content["concurrency"] == {"group": "slow-${{ github.ref }}", "cancel-in-progress": False}
    assert [step["run"] for step in content["jobs"]["test"]["steps"] if "run" in step] == ["make test-slow"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_every_job_has_a_timeout(path: Path) -> None:
    jobs = workflow(path.name)["jobs"]

    assert [name for name, about in jobs.items() if "timeout-minutes" not in about] == []


def test_nightly_runs_every_night_and_on_demand(nightly: dict[Any, Any]) -> None:
    assert nightly[True] == {"schedule": [{"cron": "17 2 * * *"}], "workflow_dispatch": None}


def test_nightly_waits_for_the_one_before_it(nightly: dict[Any, Any]) -> None:
    assert nightly["concurrency"] == {"group": "nightly-aws", "cancel-in-progress": False}


def test_account_is_swept_before_and_after_the_tests(steps: list[dict[str, Any]]) -> None:
    runs = [(step["run"], step.get("if")) for step in steps if "run" in step]

    assert runs == [
        ("make setup", None),
        (SWEEP, None),
        (
            ".venv/bin/pytest -m integration --tf-target aws --junitxml=reports/junit.xml",
            "always() && steps.before.outcome == 'success'",
        ),
        (SWEEP, "always() && steps.role.outcome == 'success'"),
    ]


def test_environment_has_the_limits_of_the_harness(nightly: dict[Any, Any]) -> None:
    assert nightly["jobs"]["aws"]["env"] == {
        "AWS_REGION": "${{ vars.NIGHTLY_REGION }}",
        "HARNESS_AWS_ACCOUNTS": "${{ vars.NIGHTLY_ACCOUNTS }}",
        "HARNESS_LIFETIME_MINUTES": "210",
        "HARNESS_MAX_DOLLARS": "2",
        "HARNESS_MAX_MINUTES": "110",
        "PERMISSIONS_BOUNDARY": "${{ vars.NIGHTLY_BOUNDARY }}",
    }


def test_step_of_the_tests_has_time_for_the_destroy(nightly: dict[Any, Any], steps: list[dict[str, Any]]) -> None:
    minutes = int(nightly["jobs"]["aws"]["env"]["HARNESS_MAX_MINUTES"])
    (tests,) = (step for step in steps if "pytest" in step.get("run", ""))

    assert tests["timeout-minutes"] >= minutes + INTERFACES_MINUTES


def test_each_sweep_has_time_to_delete_a_function(steps: list[dict[str, Any]]) -> None:
    assert [step["timeout-minutes"] for step in steps if step.get("run") == SWEEP] == [60, 60]


def test_job_has_time_for_all_of_its_steps(nightly: dict[Any, Any], steps: list[dict[str, Any]]) -> None:
    # GitHub stops a job after six hours.
    assert sum(step["timeout-minutes"] for step in steps) < nightly["jobs"]["aws"]["timeout-minutes"] < 360


def test_run_does_not_expire_before_its_step_times_out(nightly: dict[Any, Any], steps: list[dict[str, Any]]) -> None:
    lifetime = int(nightly["jobs"]["aws"]["env"]["HARNESS_LIFETIME_MINUTES"])
    (tests,) = (step for step in steps if "pytest" in step.get("run", ""))

    assert lifetime >= tests["timeout-minutes"]


def test_role_session_lasts_as_long_as_the_job(nightly: dict[Any, Any], steps: list[dict[str, Any]]) -> None:
    (role,) = (step["with"] for step in steps if step.get("id") == "role")
    (resource,) = terraform("role.tf")["resource"]

    assert role["role-duration-seconds"] >= nightly["jobs"]["aws"]["timeout-minutes"] * 60
    assert role["role-duration-seconds"] <= resource["aws_iam_role"]["nightly"]["max_session_duration"]


def test_variables_of_the_nightly_are_terraform_outputs() -> None:
    asked = set(re.findall(r"vars\.(\w+)", (PROJECT / ".github" / "workflows" / "nightly.yml").read_text()))

    assert {name.upper() for output in terraform("outputs.tf")["output"] for name in output} == asked


def test_role_trusts_the_environment_of_the_job(nightly: dict[Any, Any]) -> None:
    (environment,) = (one["environment"] for one in terraform("variables.tf")["variable"] if "environment" in one)

    assert environment["default"] == nightly["jobs"]["aws"]["environment"]


def test_role_trusts_only_the_main_branch_of_the_repository() -> None:
    (trust,) = (one["aws_iam_policy_document"]["trust"] for one in terraform("role.tf")["data"] if "trust" in str(one))
    (statement,) = trust["statement"]

    conditions = {one["variable"]: (one["test"], one["values"]) for one in statement["condition"]}

    token = "token.actions.githubusercontent.com"
    assert statement["actions"] == ["sts:AssumeRoleWithWebIdentity"]
    assert conditions == {
        f"{token}:aud": ("StringEquals", ["sts.amazonaws.com"]),
        f"{token}:sub": ("StringEquals", ["${var.subject_prefix}:environment:${var.environment}"]),
        f"{token}:ref": ("StringEquals", ["refs/heads/main"]),
    }


@pytest.mark.parametrize(
    ("prefix", "accepted"),
    [
        pytest.param("repo:octo-org@123456/my.repo@456789", True, id="with the ids of owner and repository"),
        pytest.param("repo:octo-org/my.repo", True, id="of an older repository"),
        pytest.param("octo-org/my.repo", False, id="only the repository's name"),
        pytest.param("repo:octo-org/*", False, id="any repository of an owner"),
        pytest.param("repo:octo-org@*/my.repo@*", False, id="any ids"),
        pytest.param("repo:octo-org/my.repo:ref", False, id="more than the repository"),
    ],
)
def test_subject_begins_with_one_repository(prefix: str, *, accepted: bool) -> None:
    (variable,) = (one["subject_prefix"] for one in terraform("variables.tf")["variable"] if "subject_prefix" in one)
    (pattern,) = re.findall(r'regex\(\\?"(.+?)\\?"', variable["validation"][0]["condition"])

    assert bool(re.search(pattern, prefix)) is accepted


@pytest.mark.parametrize("name", ["ci.yml", "nightly.yml", "slow.yml"])
def test_reports_are_uploaded_also_after_a_failure(name: str) -> None:
    jobs = workflow(name)["jobs"].values()

    uploads = [step for job in jobs for step in job["steps"] if "upload-artifact" in step.get("uses", "")]

    assert [(step["if"], step["with"]["path"].split()[0]) for step in uploads] == [("always()", "reports/")]


def test_failed_nightly_opens_an_issue_or_comments_on_it(nightly: dict[Any, Any]) -> None:
    failure = nightly["jobs"]["failure"]

    assert failure["needs"] == "aws"
    assert failure["if"] == "always() && needs.aws.result != 'success' && needs.aws.result != 'skipped'"
    assert "gh issue comment" in failure["steps"][0]["run"]
    assert "gh issue create" in failure["steps"][0]["run"]
