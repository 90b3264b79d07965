"""The record of the resources that a run created; it is kept beside the state and read by the teardown."""

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from terraform_harness.terraform.resource_types import Key

_FILE = "created.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Created:
    """The known resources of a run.

    Args:
        lineage: The lineage of the run's own state; empty before the first `terraform init`.
        configuration: The working directory of Terraform, relative to the run's folder.
        addresses: The resources that an apply of the run was to create.
        names: The names in its plans and its state.
        existed: The resources that existed before the run, of the kinds that it was to create.
        regions: The Regions of its provider configurations, that of the default one first.
    """

    lineage: str = ""
    configuration: str = ""
    addresses: frozenset[str] = frozenset()
    names: frozenset[Key] = frozenset()
    existed: frozenset[Key] = frozenset()
    regions: tuple[str, ...] = ()

    @classmethod
    def read(cls, folder: Path) -> "Created":
        """Read the record in a folder; without a file, an empty record."""
        try:
            content: dict[str, Any] = json.loads((folder / _FILE).read_text())
        except FileNotFoundError:
            return cls()
        return cls(
            lineage=content["lineage"],
            configuration=content["configuration"],
            addresses=frozenset(content["addresses"]),
            names=frozenset((kind, name, region) for kind, name, region in content["names"]),
            existed=frozenset((kind, name, region) for kind, name, region in content["existed"]),
            regions=tuple(content["regions"]),
        )

    def write(self, folder: Path) -> "Created":
        """Write the record into a folder in one step: a killed process leaves the old record or the new one."""
        content = {
            name: sorted(value) if isinstance(value, frozenset) else value for name, value in asdict(self).items()
        }
        whole = folder / f"{_FILE}.{os.getpid()}"
        whole.write_text(json.dumps(content, indent=2))
        whole.replace(folder / _FILE)
        return self

    def adding(
        self,
        *,
        addresses: Iterable[str] = (),
        names: Iterable[Key] = (),
        existed: Iterable[Key] = (),
        regions: Iterable[str] = (),
    ) -> "Created":
        """Return the record with more in it."""
        return replace(
            self,
            addresses=self.addresses | set(addresses),
            names=self.names | set(names),
            existed=self.existed | set(existed),
            regions=tuple(dict.fromkeys([*self.regions, *regions])),
        )
