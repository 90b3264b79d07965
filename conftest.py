"""Marks each test of this repository with the folder that it lies in; that is how make chooses the groups."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parent
GROUPS = ("unit", "property", "integration", "system", "emulator")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave the other groups' folders alone when one group is asked for: to import them all takes a second or two."""
    wanted, folder = config.getoption("markexpr"), collection_path.name
    is_group = folder in GROUPS and collection_path.parent.name == "tests" and collection_path.is_dir()
    return True if is_group and wanted in GROUPS and folder != wanted else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test with its folder's name; what is slow belongs to `make test-slow` alone."""
    for item in items:
        parts = item.path.relative_to(ROOT).parts
        if "tests" in parts and item.get_closest_marker("slow") is None:
            item.add_marker(parts[parts.index("tests") + 1])
