"""Gives Terraform a state of the run's own, whichever backend the configuration has, and refuses any other state.

An override file replaces the backend, or the `cloud` block, of the configuration:
https://developer.hashicorp.com/terraform/language/files/override#merging-terraform-blocks
"""

import json
import shlex
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from terraform_harness.terraform.created import Created
from terraform_harness.terraform.errors import BackendError, ForeignStateError, StateUnreadableError
from terraform_harness.terraform.provider_overrides import provider_overrides
from terraform_harness.terraform.saved_plan import SavedPlan
from terraform_harness.terraform.state import addresses_in, existing_in

# Terraform merges override files in the order of their names. This name sorts after those of the configuration.
_OVERRIDE = "~harness_override.tf.json"
_DATA, _STATE = ".terraform", "terraform.tfstate"
# A state without resources; Terraform keeps its lineage.
_EMPTY = {"version": 4, "terraform_version": "1.11.0", "serial": 1, "outputs": {}, "resources": []}
# Variables that select another state, data folder or log file, or add options.
_MISLEADING = ("TF_CLI_ARGS", "TF_DATA_DIR", "TF_LOG_PATH", "TF_PLUGIN_CACHE_DIR", "TF_WORKSPACE")


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnState:
    """The state of one run.

    Args:
        configuration: The working directory of Terraform: a copy, where the override file is added.
        folder: Holds the state, the record of what the run created, and Terraform's data folder.
        provider_settings: Override the settings of each AWS provider block.
    """

    configuration: Path
    folder: Path
    provider_settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def file(self) -> Path:
        """The state file."""
        return self.folder / _STATE

    @property
    def created(self) -> Created:
        """The record of what the run created."""
        return Created.read(self.folder)

    def environment(self, environment: Mapping[str, str]) -> dict[str, str]:
        """Return the environment without the variables that select another state."""
        kept = {name: value for name, value in environment.items() if not name.startswith(_MISLEADING)}
        return {**kept, "TF_DATA_DIR": str(self.folder / _DATA)}

    def prepare(self) -> None:
        """Write the override file, and an empty state if the run has no state yet.

        Raises:
            ForeignStateError: The run did not create the existing state.
        """
        override = self.configuration / _OVERRIDE
        override.unlink(missing_ok=True)
        content = {
            "terraform": {"backend": {"local": {"path": str(self.file)}}},
            **provider_overrides(self.configuration, self.provider_settings),
        }
        override.write_text(json.dumps(content, indent=2))
        if not self.file.exists():
            lineage = self.created.lineage or str(uuid.uuid4())
            replace(self.created, lineage=lineage).write(self.folder)
            self.file.write_text(json.dumps({**_EMPTY, "lineage": lineage}))
        self.check()

    def check_backend(self) -> None:
        """Refuse a backend that is not the run's own, after `terraform init` has chosen it.

        Raises:
            BackendError: A file of the configuration overrides the override file.
        """
        chosen: dict[str, Any] = json.loads((self.folder / _DATA / _STATE).read_text())["backend"]
        if (chosen["type"], chosen["config"].get("path")) != ("local", str(self.file)):
            overriding = [file.name for file in self.configuration.glob("*override.tf*") if file.name != _OVERRIDE]
            raise BackendError(backend=chosen["type"], state=self.file, overriding=sorted(overriding))

    def check(self) -> None:
        """Refuse a state of another lineage, and one that lists resources that the run did not create.

        A resource is the run's own if an apply recorded its address, and if it did not exist before the run. The
        second check is for names that were not known before apply.

        Raises:
            ForeignStateError: Nothing may be changed or destroyed with this state.
        """
        state, created = self.read(), self.created
        addresses = addresses_in(state)
        is_own = state.get("lineage", created.lineage) == created.lineage
        existed = existing_in(state, created.existed)
        foreign = [one for one in addresses if not is_own or one not in created.addresses or one in existed]
        if foreign or not is_own:
            data, configuration = shlex.quote(str(self.folder / _DATA)), shlex.quote(str(self.configuration))
            command = f"TF_DATA_DIR={data} terraform -chdir={configuration} state rm"
            raise ForeignStateError(state=self.file, is_own=is_own, foreign=foreign, command=command)

    def record(self, plan: SavedPlan) -> None:
        """Record the addresses that a plan is about to create."""
        created = self.created
        created.adding(addresses=plan.addresses(created.addresses)).write(self.folder)

    def read(self) -> dict[str, Any]:
        """Return the state; empty if there is no file.

        Raises:
            StateUnreadableError: The file is not a JSON object.
        """
        try:
            content: Any = json.loads(self.file.read_text()) if self.file.exists() else {}
        except ValueError as error:
            raise StateUnreadableError(state=self.file, reason=str(error)) from None
        if not isinstance(content, dict):
            raise StateUnreadableError(state=self.file, reason="it is not a JSON object")
        return content
