"""The record of what a run created: kept beside its state, and read again by whatever tears the run down."""

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

# Kind, name and Region; the Region of a global resource is empty.
type Key = tuple[str, str, str]

_FILE = "created.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Created:
    """What a run created, as far as it is known.

    Args:
        lineage: The lineage of the run's own state; empty before the first `terraform init`.
        configuration: The working directory of Terraform, relative to the run's folder.
        addresses: The resources that an apply of the run was to create.
        names: What its plans and its state named.
        existed: What existed before, of the kinds that it was to create.
        regions: Where its provider configurations lead to, that of the default one first.
    """

    lineage: str = ""
    configuration: str = ""
    addresses: frozenset[str] = frozenset()
    names: frozenset[Key] = frozenset()
    existed: frozenset[Key] = frozenset()
    regions: tuple[str, ...] = ()

    @classmethod
    def read(cls, folder: Path) -> "Created":
        """Read the record in a folder; an empty one if there is none."""
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
        """Write the record into a folder, whole or not at all."""
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
        """The record with more in it."""
        return replace(
            self,
            addresses=self.addresses | set(addresses),
            names=self.names | set(names),
            existed=self.existed | set(existed),
            regions=tuple(dict.fromkeys([*self.regions, *regions])),
        )
