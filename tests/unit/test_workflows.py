"""What the workflows must keep: who may do what, and that a nightly run leaves nothing behind."""

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
# What AWS may take to give back the network interfaces of a function.
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
def test_every_action_is_pinned_by_commit_and_says_its_version(path: Path) -> None:
    uses = [line for line in path.read_text().splitlines() if "uses:" in line]

    assert uses
    assert [line for line in uses if not PINNED.fullmatch(line)] == []


def test_an_action_is_pinned_to_the_same_commit_everywhere() -> None:
    pins = {pin for path in WORKFLOWS for pin in re.findall(r"uses: (\S+)@(\S+)", path.read_text())}

    assert len(pins) == len({action for action, _ in pins})


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_no_workflow_knows_a_secret(path: Path) -> None:
    assert "secrets." not in path.read_text()


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_the_checkout_leaves_no_credentials_behind(path: Path) -> None:
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
def test_each_job_may_do_no_more_than_it_must(name: str, permissions: dict[str, dict[str, str]]) -> None:
    content = workflow(name)

    assert content["permissions"] == {}
    assert {job: about["permissions"] for job, about in content["jobs"].items()} == permissions


def test_ci_runs_what_a_developer_runs_and_then_measures_it() -> None:
    content = workflow("ci.yml")

    # YAML 1.1 reads the word 'on' as true.
    assert content[True] == {"push": {"branches": ["main"]}, "pull_request": None}
    assert [step["run"] for step in content["jobs"]["test"]["steps"] if "run" in step] == [
        "make test",
        "make coverage",
    ]


def test_the_slow_tests_run_every_night_and_by_hand() -> None:
    content = workflow("slow.yml")

    assert content[True] == {"schedule": [{"cron": "17 1 * * *"}], "workflow_dispatch": None}
    assert content["concurrency"] == {"group": "slow-${{ github.ref }}", "cancel-in-progress": False}
    assert [step["run"] for step in content["jobs"]["test"]["steps"] if "run" in step] == ["make test-slow"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_every_job_has_an_end(path: Path) -> None:
    jobs = workflow(path.name)["jobs"]

    assert [name for name, about in jobs.items() if "timeout-minutes" not in about] == []


def test_the_nightly_runs_every_night_and_by_hand(nightly: dict[Any, Any]) -> None:
    assert nightly[True] == {"schedule": [{"cron": "17 2 * * *"}], "workflow_dispatch": None}


def test_two_nightlies_never_meet_and_none_is_cut_off(nightly: dict[Any, Any]) -> None:
    assert nightly["concurrency"] == {"group": "nightly-aws", "cancel-in-progress": False}


def test_the_account_is_swept_before_and_after(steps: list[dict[str, Any]]) -> None:
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


def test_the_harness_is_told_its_limits(nightly: dict[Any, Any]) -> None:
    assert nightly["jobs"]["aws"]["env"] == {
        "AWS_REGION": "${{ vars.NIGHTLY_REGION }}",
        "HARNESS_AWS_ACCOUNTS": "${{ vars.NIGHTLY_ACCOUNTS }}",
        "HARNESS_LIFETIME_MINUTES": "210",
        "HARNESS_MAX_DOLLARS": "2",
        "HARNESS_MAX_MINUTES": "110",
        "PERMISSIONS_BOUNDARY": "${{ vars.NIGHTLY_BOUNDARY }}",
    }


def test_there_is_time_to_destroy_what_was_tested(nightly: dict[Any, Any], steps: list[dict[str, Any]]) -> None:
    minutes = int(nightly["jobs"]["aws"]["env"]["HARNESS_MAX_MINUTES"])
    (tests,) = (step for step in steps if "pytest" in step.get("run", ""))

    assert tests["timeout-minutes"] >= minutes + INTERFACES_MINUTES


def test_there_is_time_for_each_sweep_to_delete_a_function(steps: list[dict[str, Any]]) -> None:
    assert [step["timeout-minutes"] for step in steps if step.get("run") == SWEEP] == [60, 60]


def test_the_last_sweep_is_never_cut_off_by_what_came_before(
    nightly: dict[Any, Any], steps: list[dict[str, Any]]
) -> None:
    # Six hours is what GitHub grants a job.
    assert sum(step["timeout-minutes"] for step in steps) < nightly["jobs"]["aws"]["timeout-minutes"] < 360


def test_no_sweep_ends_a_run_that_may_still_be_running(nightly: dict[Any, Any], steps: list[dict[str, Any]]) -> None:
    lifetime = int(nightly["jobs"]["aws"]["env"]["HARNESS_LIFETIME_MINUTES"])
    (tests,) = (step for step in steps if "pytest" in step.get("run", ""))

    assert lifetime >= tests["timeout-minutes"]


def test_the_role_lasts_as_long_as_the_job(nightly: dict[Any, Any], steps: list[dict[str, Any]]) -> None:
    (role,) = (step["with"] for step in steps if step.get("id") == "role")
    (resource,) = terraform("role.tf")["resource"]

    assert role["role-duration-seconds"] >= nightly["jobs"]["aws"]["timeout-minutes"] * 60
    assert role["role-duration-seconds"] <= resource["aws_iam_role"]["nightly"]["max_session_duration"]


def test_every_variable_of_the_nightly_is_an_output_of_its_terraform() -> None:
    asked = set(re.findall(r"vars\.(\w+)", (PROJECT / ".github" / "workflows" / "nightly.yml").read_text()))

    assert {name.upper() for output in terraform("outputs.tf")["output"] for name in output} == asked


def test_the_trusted_environment_is_the_one_that_the_job_runs_in(nightly: dict[Any, Any]) -> None:
    (environment,) = (one["environment"] for one in terraform("variables.tf")["variable"] if "environment" in one)

    assert environment["default"] == nightly["jobs"]["aws"]["environment"]


def test_only_the_main_branch_of_one_repository_assumes_the_role_through_the_environment() -> None:
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
def test_a_subject_begins_with_one_whole_repository(prefix: str, *, accepted: bool) -> None:
    (variable,) = (one["subject_prefix"] for one in terraform("variables.tf")["variable"] if "subject_prefix" in one)
    (pattern,) = re.findall(r'regex\(\\?"(.+?)\\?"', variable["validation"][0]["condition"])

    assert bool(re.search(pattern, prefix)) is accepted


@pytest.mark.parametrize("name", ["ci.yml", "nightly.yml", "slow.yml"])
def test_the_reports_are_kept_whatever_happens(name: str) -> None:
    jobs = workflow(name)["jobs"].values()

    uploads = [step for job in jobs for step in job["steps"] if "upload-artifact" in step.get("uses", "")]

    assert [(step["if"], step["with"]["path"].split()[0]) for step in uploads] == [("always()", "reports/")]


def test_a_nightly_that_did_not_succeed_opens_an_issue_or_comments_on_it(nightly: dict[Any, Any]) -> None:
    failure = nightly["jobs"]["failure"]

    assert failure["needs"] == "aws"
    assert failure["if"] == "always() && needs.aws.result != 'success' && needs.aws.result != 'skipped'"
    assert "gh issue comment" in failure["steps"][0]["run"]
    assert "gh issue create" in failure["steps"][0]["run"]
