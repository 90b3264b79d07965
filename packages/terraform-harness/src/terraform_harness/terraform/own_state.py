"""Gives Terraform a state of the run's own, whatever backend the configuration names, and refuses any other state.

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

from terraform_harness.deployments.created import Created
from terraform_harness.errors import BackendError, ForeignStateError, StateUnreadableError
from terraform_harness.terraform.planned import Planned
from terraform_harness.terraform.provider_overrides import provider_overrides
from terraform_harness.terraform.state import addresses_in, existing_in

# Terraform merges override files in the order of their names: this one comes after those of the configuration.
OVERRIDE = "~harness_override.tf.json"
DATA = ".terraform"
_STATE = "terraform.tfstate"
# A state without resources, which Terraform continues under the same lineage.
_EMPTY = {"version": 4, "terraform_version": "1.11.0", "serial": 1, "outputs": {}, "resources": []}
# Variables that would lead Terraform to another state, another data folder or another log file, or add options.
_MISLEADING = ("TF_CLI_ARGS", "TF_DATA_DIR", "TF_LOG_PATH", "TF_PLUGIN_CACHE_DIR", "TF_WORKSPACE")


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnState:
    """The state of one run.

    Args:
        configuration: The working directory of Terraform: a copy, to which the override file is added.
        folder: Holds the state, the record of what the run created, and Terraform's data folder.
        provider_settings: What each AWS provider block is set to, whatever the configuration says.
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
        """The environment without what would lead Terraform to another state."""
        kept = {name: value for name, value in environment.items() if not name.startswith(_MISLEADING)}
        return {**kept, "TF_DATA_DIR": str(self.folder / DATA)}

    def prepare(self) -> None:
        """Add the override file, and begin an empty state if there is none.

        Raises:
            ForeignStateError: There is a state that this run did not begin.
        """
        override = self.configuration / OVERRIDE
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
        chosen: dict[str, Any] = json.loads((self.folder / DATA / _STATE).read_text())["backend"]
        if (chosen["type"], chosen["config"].get("path")) != ("local", str(self.file)):
            overriding = [file.name for file in self.configuration.glob("*override.tf*") if file.name != OVERRIDE]
            raise BackendError(backend=chosen["type"], state=self.file, overriding=sorted(overriding))

    def check(self) -> None:
        """Refuse a state that this run did not begin, or that lists what it did not create.

        That is what no apply of the run was to create, and what existed before under a name that only apply made known.

        Raises:
            ForeignStateError: Nothing may be changed or destroyed with this state.
        """
        state, created = self.read(), self.created
        listed = addresses_in(state)
        is_own = state.get("lineage", created.lineage) == created.lineage
        existed = existing_in(state, created.existed)
        foreign = [one for one in listed if not is_own or one not in created.addresses or one in existed]
        if foreign or not is_own:
            data, configuration = shlex.quote(str(self.folder / DATA)), shlex.quote(str(self.configuration))
            command = f"TF_DATA_DIR={data} terraform -chdir={configuration} state rm"
            raise ForeignStateError(state=self.file, is_own=is_own, foreign=foreign, command=command)

    def record(self, planned: Planned) -> None:
        """Record what an apply is about to create."""
        created = self.created
        created.adding(addresses=planned.addresses(created.addresses)).write(self.folder)

    def read(self) -> dict[str, Any]:
        """The state; empty if there is no file.

        Raises:
            StateUnreadableError: A process that was killed has written half of it.
        """
        try:
            content: Any = json.loads(self.file.read_text()) if self.file.exists() else {}
        except ValueError as error:
            raise StateUnreadableError(state=self.file, reason=str(error)) from None
        if not isinstance(content, dict):
            raise StateUnreadableError(state=self.file, reason="it is not a JSON object")
        return content
