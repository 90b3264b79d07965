"""Switches the capacity mode of a ledger, as an operator does: each deployment changes the table in place."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from modules.storage.ledger import CUSTOMER_INDEX
from terraform_harness.deployments.deployment import copy_configuration, terraform_of
from terraform_harness.deployments.run import Run
from terraform_harness.deployments.store import RunStore
from terraform_harness.synthesis import synthesize
from terraform_harness.targets.target import Target
from terraform_harness.terraform.cli import Terraform

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

PROJECT = Path(__file__).parents[2]
TABLE = "aws_dynamodb_table.ledger_table_BE9C0D06"

ON_DEMAND: Mapping[str, str] = {}
FIXED = {"LEDGER_MODE": "provisioned", "MIN_WRITE_UNITS": "100", "MAX_WRITE_UNITS": "100"}
SCALED = FIXED | {"MAX_WRITE_UNITS": "4000"}

pytestmark = [pytest.mark.slow, pytest.mark.localstack("DynamoDB limits the number of switches in a day")]


class Ledger:
    """The table of a deployment that consists of the ledger and its key."""

    def __init__(self, run: Run, target: Target) -> None:
        self._run = run
        self._target = target
        self._client: DynamoDBClient = target.client("dynamodb")
        self._name = f"transactions-{run.suffix}"

    def configure(self, settings: Mapping[str, str]) -> Terraform:
        """Replace the configuration of the deployment."""
        environment = {"EPHEMERAL": "true", "ENVIRONMENT_SUFFIX": self._run.suffix, "RUN_ID": self._run.run_id}
        synthesis = synthesize(PROJECT, environment | dict(settings))
        copy_configuration(synthesis.stack_folder(), self._run)
        terraform = terraform_of(self._run, self._target)
        terraform.init()
        return terraform

    def deploy(self, settings: Mapping[str, str]) -> list[tuple[str, ...]]:
        """Apply the settings to the table and its key, and return the actions of the plan on the table."""
        terraform = self.configure(settings)
        plan = terraform.plan(targets=[TABLE])
        if not plan.empty:
            terraform.apply(targets=[TABLE])
        return [change.actions for change in plan.changes if change.address == TABLE]

    def scale(self, write_units: int) -> None:
        """Change the capacity of the table and of its index, as auto scaling does."""
        throughput: Any = {"ReadCapacityUnits": 30, "WriteCapacityUnits": write_units}
        self._client.update_table(
            TableName=self._name,
            ProvisionedThroughput=throughput,
            GlobalSecondaryIndexUpdates=[
                {"Update": {"IndexName": CUSTOMER_INDEX, "ProvisionedThroughput": throughput}}
            ],
        )

    def write_units(self) -> tuple[int, int]:
        """Return the provisioned write units of the table and of its index."""
        table = self._client.describe_table(TableName=self._name)["Table"]
        (index,) = table["GlobalSecondaryIndexes"]
        return (
            table["ProvisionedThroughput"]["WriteCapacityUnits"],
            index["ProvisionedThroughput"]["WriteCapacityUnits"],
        )


@pytest.fixture
def ledger(tmp_path: Path, terraform_target: Target) -> Iterator[Ledger]:
    store = RunStore(tmp_path)
    with store.temporary() as run:
        ledger = Ledger(store.assign(run, terraform_target), terraform_target)
        yield ledger
        ledger.configure(ON_DEMAND).destroy()


def test_each_switch_updates_the_ledger_in_place(ledger: Ledger) -> None:
    created = ledger.deploy(ON_DEMAND)
    fixed = ledger.deploy(FIXED)
    units_when_fixed = ledger.write_units()
    scaled = ledger.deploy(SCALED)
    ledger.scale(900)
    redeployed = ledger.deploy(SCALED)
    units_when_scaled = ledger.write_units()
    on_demand = ledger.deploy(ON_DEMAND)

    assert [created, fixed, scaled, redeployed, on_demand] == [[("create",)], [("update",)], [], [], [("update",)]]
    assert (units_when_fixed, units_when_scaled) == ((100, 100), (900, 900))
