"""Helpers that write a state and the record of a run."""

import json
from typing import Any

from terraform_harness.terraform.created import Created
from terraform_harness.terraform.own_state import OwnState

LINEAGE = "0e0a7bfd-8c0c-4c57-932d-9048e023a4b6"
THEIRS = "5b1f9d52-0000-4000-8000-000000000000"


def state(lineage: str | None, *names: str) -> dict[str, Any]:
    """Return a state that lists a queue for each name."""
    resources = [
        {
            "mode": "managed",
            "type": "aws_sqs_queue",
            "name": name,
            "provider": 'provider["registry.terraform.io/hashicorp/aws"]',
            "instances": [{"schema_version": 0, "attributes": {"name": name}, "sensitive_attributes": []}],
        }
        for name in names
    ]
    content = {"version": 4, "terraform_version": "1.11.4", "serial": 7, "outputs": {}, "resources": resources}
    return content if lineage is None else {**content, "lineage": lineage}


def begin(own: OwnState, listed: dict[str, Any], *created: str) -> None:
    """Write a state, and a record of what the run created."""
    own.file.write_text(json.dumps(listed))
    Created(lineage=LINEAGE, addresses=frozenset(created)).write(own.folder)
