"""A fake target and a fake Terraform for tests of the teardown."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from terraform_harness.deployments.kinds import Tags
from terraform_harness.deployments.run import Run
from terraform_harness.deployments.teardown import tear_down, tear_down_interrupted
from terraform_harness.targets.target import Target
from terraform_harness.terraform.errors import TerraformError
from terraform_harness.terraform.own_state import OwnState
from terraform_harness.terraform.resource_types import Key
from terraform_harness.terraform.state import addresses_in

REGION, LINEAGE = "us-east-1", "0e0a7bfd-8c0c-4c57-932d-9048e023a4b6"
QUEUE, THEIRS = ("queue", "orders", REGION), ("queue", "live", REGION)
FUNCTION, LOG_GROUP = ("function", "f", REGION), ("log group", "/aws/lambda/f", REGION)
DECLARE = "Lambda created it: declare an aws_cloudwatch_log_group with this name, in the depends_on of the function"
TYPES = {"queue": ("aws_sqs_queue", "name"), "function": ("aws_lambda_function", "function_name")}


@dataclass
class World:
    """A target with its resources and their tags. It is also the client of CloudWatch Logs."""

    exists: dict[Key, Tags] = field(default_factory=dict)
    deleted: list[Key] = field(default_factory=list)
    stuck: set[Key] = field(default_factory=set)

    def delete(self, key: Key) -> None:
        if key not in self.stuck:
            del self.exists[key]
            self.deleted.append(key)

    def delete_log_group(self, *, logGroupName: str) -> None:  # noqa: N803 - boto3's name
        self.delete(("log group", logGroupName, REGION))


@dataclass
class Terraform:
    """A fake with a real state file. Its first `failures` destroys fail."""

    own: OwnState
    world: World
    failures: int = 0
    destroys: int = 0

    def check_state(self) -> None:
        self.own.check()

    def state(self) -> dict[str, Any]:
        return self.own.read()

    def state_addresses(self) -> Sequence[str]:
        return addresses_in(self.own.read())

    def destroy(self) -> None:
        self.own.check()
        self.destroys += 1
        if self.destroys <= self.failures:
            raise TerraformError(command=["terraform", "destroy"], folder=Path("stack"), exit_code=1, message="No.")
        listed = self.own.read().get("resources", [])
        by_type = {type_: kind for kind, (type_, _) in TYPES.items()}
        for one in listed:
            self.world.delete((by_type[one["type"]], one["instances"][0]["attributes"]["id"], REGION))
        self.write()

    def write(self, *keys: Key) -> None:
        resources = [
            {
                "mode": "managed",
                "type": TYPES[kind][0],
                "name": name,
                "provider": 'provider["registry.terraform.io/hashicorp/aws"]',
                "instances": [{"attributes": {"id": name, TYPES[kind][1]: name}}],
            }
            for kind, name, _ in keys
        ]
        self.own.file.write_text(json.dumps({"version": 4, "lineage": LINEAGE, "resources": resources}))


def end(terraform: Terraform, run: Run, there: Target, **options: Any) -> None:  # noqa: ANN401 - those of tear_down
    tear_down(terraform, run, there, **options)  # type: ignore[arg-type]  # not the real Terraform


def end_interrupted(terraform: Terraform, run: Run, there: Target) -> None:
    tear_down_interrupted(terraform, run, there)  # type: ignore[arg-type]  # not the real Terraform
