"""A new run and the existing resources of its target."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from harness import inventory
from harness.inventory import KINDS, Tags
from harness.runs import Run, new_run
from harness.targets import Target
from tests.unit.harness.review.fakes import World


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
