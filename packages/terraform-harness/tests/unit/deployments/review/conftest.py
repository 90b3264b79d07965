"""The existing resources of a target."""

from collections.abc import Iterator

import pytest

from harness_support.inventory_clients import replace_kinds
from harness_support.review_fakes import World
from terraform_harness.deployments.kinds import Found


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    """Existing names by kind and Region. The key (kind, "") lists the Regions that were queried."""
    there: World = {}

    def find(kind: str, region: str) -> Iterator[Found]:
        there.setdefault((kind, ""), []).append(region)
        yield from ((name, name, None) for name in there.get((kind, region), []))

    replace_kinds(monkeypatch, find)
    return there
