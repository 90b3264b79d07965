"""The nightly run's own commands, carried out against a LocalStack that stands for AWS."""

import os
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from harness.targets import Target

PROJECT = Path(__file__).parents[2]
STEPS = ["Sweep what earlier runs left", "Deploy, test, destroy", "Sweep what this run left"]

pytestmark = [pytest.mark.slow, pytest.mark.localstack("it makes a LocalStack stand for AWS")]


@pytest.fixture
def job() -> dict[str, Any]:
    workflow = yaml.safe_load((PROJECT / ".github" / "workflows" / "nightly.yml").read_text())
    job: dict[str, Any] = workflow["jobs"]["aws"]
    return job


@pytest.fixture
def commands(job: dict[str, Any]) -> list[list[str]]:
    by_name = {step.get("name"): step.get("run", "") for step in job["steps"]}
    return [shlex.split(by_name[name]) for name in STEPS]


@pytest.fixture
def environment(job: dict[str, Any], target: Target) -> dict[str, str]:
    """The job's own, but for what GitHub fills in."""
    filled_in = {
        "AWS_ENDPOINT_URL": str(target.endpoint),
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": "us-east-1",
        "HARNESS_AWS_ACCOUNTS": "000000000000",
    }
    limits = {name: value for name, value in job["env"].items() if name.startswith("HARNESS_")}
    return {**os.environ, **limits, **filled_in}


def test_the_commands_sweep_deploy_test_destroy_and_leave_nothing(
    commands: list[list[str]], environment: dict[str, str]
) -> None:
    ended = [
        subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)
        for command in commands
    ]

    said = [(each.returncode, each.stdout.splitlines()[-1:]) for each in ended]
    nothing = (0, ["No dead run has left anything."])
    assert [said[0], said[2]] == [nothing, nothing]
    assert (said[1][0], "1 skipped" in said[1][1][0]) == (0, True), ended[1].stdout
