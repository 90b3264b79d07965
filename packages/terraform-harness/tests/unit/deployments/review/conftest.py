"""A new run and the existing resources of its target."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from harness_support.review_fakes import World
from terraform_harness.deployments import inventory
from terraform_harness.deployments.inventory import KINDS, Tags
from terraform_harness.deployments.run import Run, new_run
from terraform_harness.targets.target import Target


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return new_run(tmp_path / "runs", run_id="run-1", suffix="t-0123abcd")


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    """Existing names by kind and Region. The key (kind, "") lists the Regions that were queried."""
    there: World = {}

    def lister(kind: str) -> object:
        def listed(_: Target, region: str) -> Iterator[tuple[str, str, Tags | None]]:
            there.setdefault((kind, ""), []).append(region)
            yield from ((name, name, None) for name in there.get((kind, region), []))

        return listed

    monkeypatch.setattr(inventory, "KINDS", {kind: lister(kind) for kind in KINDS})
    return there
