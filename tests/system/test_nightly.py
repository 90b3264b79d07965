"""The nightly run's own commands, carried out against a LocalStack that stands for AWS."""

import json
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

from terraform_harness.deployments.inventory import left_of
from terraform_harness.deployments.run import new_run
from terraform_harness.synthesis import synthesize
from terraform_harness.targets.target import Target
from terraform_harness.terraform.cli import Terraform
from tests.nightly_role import GRANTED, HERE, allows

if TYPE_CHECKING:
    from tests.system.witness import Need

PROJECT = Path(__file__).parents[2]
STEPS = ["Sweep what earlier runs left", "Deploy, test, destroy", "Sweep what this run left"]
LOCALSTACK = {**HERE, "region": "us-east-1", "account": "000000000000"}

pytestmark = [pytest.mark.slow, pytest.mark.localstack("it makes a LocalStack stand for AWS")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """How the commands of one night ended, and what they needed."""

    ended: Sequence[subprocess.CompletedProcess[str]]
    needs: Sequence["Need"]

    def last_lines(self) -> list[tuple[int, str]]:
        return [(each.returncode, each.stdout.splitlines()[-1]) for each in self.ended]


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
def proofs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of proofs: not the project's own, of which a rehearsal is no part."""
    return tmp_path_factory.mktemp("proofs") / "proofs.json"


@pytest.fixture(scope="module")
def environment(job: dict[str, Any], proofs: Path) -> dict[str, str]:
    """The job's own, but for the endpoint, the file of proofs and what GitHub fills in."""
    filled_in = {
        "PYTEST_ADDOPTS": f"-o harness_proofs={proofs}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": LOCALSTACK["region"],
        "HARNESS_AWS_ACCOUNTS": LOCALSTACK["account"],
    }
    limits = {name: value for name, value in job["env"].items() if name.startswith("HARNESS_")}
    return {**os.environ, **limits, **filled_in}


@pytest.fixture(scope="module")
def lost(target: Target, tmp_path_factory: pytest.TempPathFactory) -> int:
    """How many resources an earlier night has left whose machine was gone before it destroyed anything."""
    folder = tmp_path_factory.mktemp("lost")
    night = new_run(folder, lifetime=timedelta(seconds=-1))
    settings = {"ENVIRONMENT_SUFFIX": night.suffix, "RUN_ID": night.run_id, "EXPIRES_AT": night.expires_at}
    stack = shutil.copytree(synthesize(PROJECT, settings).stack_folder(), folder / "stack")
    terraform = Terraform(stack, target.environment, cache=PROJECT / ".runs" / "plugins")
    terraform.init()
    terraform.apply()
    return len(left_of(night, target))


@pytest.fixture(scope="module")
def night(commands: list[list[str]], environment: dict[str, str], lost: int, target: Target) -> Night:
    from tests.system.witness import Witness  # noqa: PLC0415 - loads LocalStack, for these tests only

    assert lost
    with Witness(str(target.endpoint), LOCALSTACK) as witness:
        seen = {**environment, "AWS_ENDPOINT_URL": witness.endpoint_url}
        ended = [
            subprocess.run(command, cwd=PROJECT, env=seen, capture_output=True, text=True, check=False)
            for command in commands
        ]
    return Night(ended=ended, needs=witness.needs)


def test_the_commands_sweep_a_lost_night_deploy_test_destroy_and_leave_nothing(night: Night, lost: int) -> None:
    before, tests, after = night.last_lines()

    assert before == (0, f"{lost} resources were deleted."), night.ended[0].stderr
    assert (tests[0], " failed" in tests[1], " passed" in tests[1]) == (0, False, True), night.ended[1].stdout
    assert after == (0, "No dead run has left anything."), night.ended[2].stderr


@pytest.mark.usefixtures("night")
def test_what_passes_where_localstack_stands_for_aws_is_proven_on_localstack_only(proofs: Path) -> None:
    assert list(json.loads(proofs.read_text())) == ["localstack"]


def test_the_role_allows_each_call_of_a_night(night: Night) -> None:
    refused = [need for need in night.needs if not allows(GRANTED, need.action, need.arn or None, LOCALSTACK)]

    assert night.needs
    assert refused == []
