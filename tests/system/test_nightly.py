"""Run the commands of the nightly workflow against a LocalStack in place of AWS."""

import os
import shlex
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from terraform_harness.deployments.ownership import left_of
from terraform_harness.deployments.store import RunStore
from terraform_harness.synthesis import synthesize
from terraform_harness.targets.target import Target
from terraform_harness.terraform.cli import Terraform
from tests.nightly_role import GRANTED, HERE, allows

if TYPE_CHECKING:
    from tests.system.api_recorder import RequiredPermission

PROJECT = Path(__file__).parents[2]
STEPS = ["Sweep what earlier runs left", "Deploy, test, destroy", "Sweep what this run left"]
LOCALSTACK = {**HERE, "region": "us-east-1", "account": "000000000000"}

pytestmark = [pytest.mark.slow, pytest.mark.localstack("it runs the AWS path against LocalStack")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """The results of one night's commands, and the permissions that they needed."""

    finished: Sequence[subprocess.CompletedProcess[str]]
    required_permissions: Sequence["RequiredPermission"]

    def last_lines(self) -> list[tuple[int, str]]:
        return [(each.returncode, each.stdout.splitlines()[-1]) for each in self.finished]


@pytest.fixture(scope="module")
def job() -> dict[str, Any]:
    workflow = yaml.safe_load((PROJECT / ".github" / "workflows" / "nightly.yml").read_text())
    job: dict[str, Any] = workflow["jobs"]["aws"]
    return job


@pytest.fixture(scope="module")
def commands(job: dict[str, Any]) -> list[list[str]]:
    by_name = {step.get("name"): step.get("run", "") for step in job["steps"]}
    return [shlex.split(by_name[name]) for name in STEPS]


@pytest.fixture(scope="module")
def environment(job: dict[str, Any]) -> dict[str, str]:
    """Return the environment of the job, with test values in place of GitHub's."""
    filled_in = {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": LOCALSTACK["region"],
        "HARNESS_AWS_ACCOUNTS": LOCALSTACK["account"],
    }
    limits = {name: value for name, value in job["env"].items() if name.startswith("HARNESS_")}
    return {**os.environ, **limits, **filled_in}


@pytest.fixture(scope="module")
def lost_resources(terraform_target: Target, tmp_path_factory: pytest.TempPathFactory) -> int:
    """Return the number of resources of an earlier night whose machine stopped before it destroyed them."""
    folder = tmp_path_factory.mktemp("lost")
    night = RunStore(folder).new(lifetime=timedelta(seconds=-1))
    settings = {
        "ENVIRONMENT_SUFFIX": night.suffix,
        "EPHEMERAL": "true",
        "RUN_ID": night.run_id,
        "EXPIRES_AT": night.expires_at,
    }
    stack = shutil.copytree(synthesize(PROJECT, settings).stack_folder(), folder / "stack")
    terraform = Terraform(stack, terraform_target.environment, cache=PROJECT / ".runs" / "plugins")
    terraform.init()
    terraform.apply()
    return len(left_of(night, terraform_target))


@pytest.fixture(scope="module")
def night(
    commands: list[list[str]], environment: dict[str, str], lost_resources: int, terraform_target: Target
) -> Night:
    from tests.system.api_recorder import ApiRecorder  # noqa: PLC0415 - loads LocalStack, for these tests only

    assert lost_resources
    with ApiRecorder(str(terraform_target.endpoint), LOCALSTACK) as recorder:
        through_recorder = {**environment, "AWS_ENDPOINT_URL": recorder.endpoint_url}
        finished = [
            subprocess.run(command, cwd=PROJECT, env=through_recorder, capture_output=True, text=True, check=False)
            for command in commands
        ]
    return Night(finished=finished, required_permissions=recorder.required_permissions)


def test_night_sweeps_deploys_tests_and_destroys(night: Night, lost_resources: int) -> None:
    """The first sweep deletes the resources of a lost night, and the last one finds none."""
    before, tests, after = night.last_lines()

    assert before == (0, f"{lost_resources} resources were deleted."), night.finished[0].stderr
    assert (tests[0], " failed" in tests[1], " passed" in tests[1]) == (0, False, True), night.finished[1].stdout
    assert after == (0, "No expired run has leftover resources."), night.finished[2].stderr


def test_role_allows_every_call_of_a_night(night: Night) -> None:
    refused = [
        permission
        for permission in night.required_permissions
        if not allows(GRANTED, permission.action, permission.arn or None, LOCALSTACK)
    ]

    assert night.required_permissions
    assert refused == []
