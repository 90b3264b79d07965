"""Sessions of a project that uses the plugin: deploy, share, keep, reuse, destroy."""

import re
import sys

import pytest

from harness_support.sessions import BUILT_IN, buckets_of, errors_of, runs_of, write_project
from terraform_harness.targets.target import Target

pytestmark = pytest.mark.localstack("its sessions go to one LocalStack")

# Each test records which deployment it has used.
RECORDING = """
import pytest


@pytest.mark.parametrize("number", range(2))
def test_deployed(number, terraform_deployment, pytestconfig):
    with (pytestconfig.rootpath / "lineages").open("a") as file:
        file.write(terraform_deployment.terraform.state()["lineage"] + "\\n")
"""


@pytest.fixture
def built_in(empty_project: pytest.Pytester) -> pytest.Pytester:
    """A project with Terraform's built-in resource type and two tests."""
    write_project(empty_project.path, BUILT_IN, RECORDING)
    return empty_project


def lineages(project: pytest.Pytester) -> list[str]:
    """Return the lineage of the deployment's state in each test."""
    return (project.path / "lineages").read_text().split()


def destroy(project: pytest.Pytester, run_id: str) -> str:
    """Destroy a run; return the last line of the command."""
    return project.run(sys.executable, "-m", "terraform_harness", "destroy", run_id).outlines[-1]


def test_example_passes_and_leaves_nothing(project: pytest.Pytester, target: Target) -> None:
    result = project.runpytest_subprocess()

    result.assert_outcomes(passed=2)
    assert (runs_of(project), list((project.path / ".runs").glob("2*"))) == ([], [])
    assert buckets_of(project, target) == []


def test_two_workers_share_one_deployment(built_in: pytest.Pytester) -> None:
    result = built_in.runpytest_subprocess("-n", "2")

    result.assert_outcomes(passed=2)
    assert (len(lineages(built_in)), len(set(lineages(built_in)))) == (2, 1)
    destroyed = [line for line in result.outlines if line.startswith("Run ")]
    assert [re.sub(r"[0-9a-f-]{20,}", "ID", line) for line in destroyed] == [
        "Run IDshared is destroyed. No resources remain."
    ]
    assert list((built_in.path / ".runs").glob("2*")) == []


def test_kept_deployment_is_reused_and_destroyed(built_in: pytest.Pytester) -> None:
    kept = built_in.runpytest_subprocess("--tf-keep")
    (run,) = runs_of(built_in)
    reused = built_in.runpytest_subprocess("--tf-reuse")
    destroyed = destroy(built_in, run.run_id)

    kept.assert_outcomes(passed=2)
    reused.assert_outcomes(passed=2)
    assert (kept.ret, reused.ret, len(lineages(built_in)), len(set(lineages(built_in)))) == (0, 0, 4, 1)
    message = (
        f"Run {run.run_id} is kept. Reuse it with --tf-reuse. Destroy it with: terraform-harness destroy {run.run_id}"
    )
    assert message in kept.outlines
    assert message in reused.outlines
    assert destroyed == f"Run {run.run_id} is destroyed. No resources remain."
    assert runs_of(built_in) == []


def test_reuse_without_a_kept_deployment_keeps_one(built_in: pytest.Pytester) -> None:
    """A second session with another configuration refuses it."""
    built_in.runpytest_subprocess("--tf-reuse").assert_outcomes(passed=2)
    (run,) = runs_of(built_in)
    configuration = built_in.path / "infra" / "main.tf.json"
    configuration.write_text(configuration.read_text().replace("an order", "another order"))

    result = built_in.runpytest_subprocess("--tf-reuse")

    destroy(built_in, run.run_id)
    result.assert_outcomes(errors=2)
    assert errors_of(result) == {
        (
            f"terraform_harness.deployments.errors.StaleDeploymentError: The deployment kept in {run.folder} cannot be "
            "reused: the configuration has changed. "
            f"Tear it down with 'terraform-harness destroy {run.run_id}', then deploy again."
        )
    }
    assert runs_of(built_in) == []
