"""One session with a failed test and a forgotten resource, in the Regions of two provider configurations."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from harness_support.sessions import errors_of, message_of, run_session, runs_in, write_project
from terraform_harness.deployments.inventory import Resource
from terraform_harness.deployments.run import Run
from terraform_harness.deployments.sweep import sweep
from terraform_harness.targets.target import Target

pytestmark = pytest.mark.localstack("its sessions go to one LocalStack")

CONFIGURATION = {
    "locals": {"home": "ap-south-1"},
    "provider": {"aws": [{"region": "${local.home}"}, {"alias": "far", "region": "eu-west-1"}]},
    "resource": {
        "aws_sns_topic": {"near": {"name_prefix": "near-"}, "far": {"name_prefix": "far-", "provider": "aws.far"}}
    },
    "output": {name: {"value": f"${{aws_sns_topic.{name}.arn}}"} for name in ("near", "far")},
}
TESTS = """
def test_clients_use_the_regions_of_the_providers(terraform_deployment):
    target = terraform_deployment.target
    assert target.regions == ("ap-south-1", "eu-west-1"), target.regions
    for region in (None, "eu-west-1"):
        topics = [topic["TopicArn"] for topic in target.client("sns", region).list_topics()["Topics"]]
        assert terraform_deployment.output("near" if region is None else "far") in topics
    target.client("sns", "eu-west-1").create_topic(Name=f"forgotten-{terraform_deployment.run.suffix}")


def test_fails(terraform_deployment):
    assert terraform_deployment.output("near") == "another"
"""


@dataclass(frozen=True, kw_only=True)
class Leaked:
    """The session, its run, and what a sweep has deleted after it."""

    project: Path
    result: pytest.RunResult
    run: Run
    deleted: Sequence[Resource]


@pytest.fixture(scope="module")
def leaked(tmp_path_factory: pytest.TempPathFactory, target: Target) -> Leaked:
    project = tmp_path_factory.mktemp("leaking")
    write_project(project, CONFIGURATION, TESTS)
    result = run_session(project, target, "--junitxml=junit.xml")
    (run,) = runs_in(project)
    return Leaked(project=project, result=result, run=run, deleted=sweep(run, target).deleted)


def test_clients_use_the_regions_of_the_providers(leaked: Leaked) -> None:
    leaked.result.assert_outcomes(passed=1, failed=1, errors=1)


def test_forgotten_resource_fails_the_session_with_the_command(leaked: Leaked) -> None:
    assert message_of(leaked.result, "LeftoverError") == (
        "1 resource still exists after destroy:\ntopic forgotten-SUFFIX\nDelete it with: terraform-harness destroy RUN"
    )
    assert {
        "terraform_harness.deployments.errors.LeftoverError: 1 resource still exists after destroy:",
        f"topic forgotten-{leaked.run.suffix}",
        f"Delete it with: terraform-harness destroy {leaked.run.run_id}",
    } <= errors_of(leaked.result)


def test_sweep_deletes_the_resource_in_its_region(leaked: Leaked, target: Target) -> None:
    topics = target.client("sns", "eu-west-1").list_topics()["Topics"]

    assert [(each.kind, each.region) for each in leaked.deleted] == [("topic", "eu-west-1")]
    assert [topic for topic in topics if leaked.run.suffix in topic["TopicArn"]] == []


def test_failed_test_leaves_evidence(leaked: Leaked) -> None:
    folder = leaked.project / "reports" / "evidence" / "test-orders-py-test-fails"

    assert f"plan, logs, state, alarms and metrics: {folder}" in leaked.result.outlines
    assert str(folder) in (leaked.project / "junit.xml").read_text()
    assert sorted(path.name for path in folder.iterdir()) == [
        "alarms.json",
        "apply.log",
        "function.log",
        "localstack.log",
        "metrics.json",
        "plan.txt",
        "state.json",
    ]
    assert (folder / "plan.txt").read_text() == "no changes"
    assert json.loads((folder / "state.json").read_text())["resources"][0]["type"] == "aws_sns_topic"
