"""A deployment whose evidence can be gathered."""

import json
from pathlib import Path
from unittest.mock import create_autospec

import pytest

from harness_support.evidence_fakes import CONFIGURATION, LOCAL, STATE, Pages
from terraform_harness.deployments.deployment import Deployment
from terraform_harness.deployments.store import RunStore
from terraform_harness.targets.target import Target
from terraform_harness.terraform.cli import Terraform
from terraform_harness.terraform.plan import Plan


@pytest.fixture
def deployment(tmp_path: Path) -> Deployment:
    run = RunStore(tmp_path / "runs").new(suffix="dev")
    folder = run.folder / "terraform"
    terraform = create_autospec(Terraform, instance=True, folder=folder, log_file=run.folder / "terraform.log")
    terraform.folder.mkdir()
    (terraform.folder / "cdk.tf.json").write_text(json.dumps(CONFIGURATION))
    terraform.log_file.write_text('{"type":"version"}\n')
    terraform.plan.return_value = Plan(changes=())
    terraform.state.return_value = STATE
    (run.folder / "localstack").mkdir()
    (run.folder / "localstack" / "localstack.log").write_text(f"{LOCAL}:00.600  INFO --- ready\n")
    cloudwatch = Pages(describe_alarm_history=[{"AlarmHistoryItems": []}], list_metrics=[])
    logs = Pages(describe_log_groups=[{"logGroups": []}])
    clients = {("cloudwatch", "us-east-1"): cloudwatch, ("logs", "us-east-1"): logs}
    target = Target(name="localstack", environment={}, _clients=clients)
    return Deployment(run=run, target=target, terraform=terraform, outputs={})
