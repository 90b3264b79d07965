"""What all groups of tests share: the harness, pytester, the groups themselves, and the synthesized pipeline."""

from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from harness.synthesis import Synthesis, synthesize_each
from harness.template import Template
from tests.combinations import COMBINATIONS

pytest_plugins = ["harness.plugin", "pytester"]

TESTS = Path(__file__).parent
SYNTHESES = pytest.StashKey[Future[list[Synthesis]]]()


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave the other groups' folders alone when one group is asked for: to import them all takes a second or two."""
    wanted, folder = config.getoption("markexpr"), collection_path.name
    is_group = collection_path.parent == TESTS and collection_path.is_dir()
    return True if is_group and folder != wanted and (TESTS / wanted).is_dir() else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test with its folder's name; what is slow belongs to `make test-slow` alone."""
    items.sort(key=needs_syntheses)
    for item in items:
        group = item.path.relative_to(TESTS).parts[0]
        if item.get_closest_marker("slow") is None:
            item.add_marker(group)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Begin to synthesize while the tests run that do not wait for it: jsii takes seconds, on a core of its own."""
    if any(needs_syntheses(item) for item in session.items):
        worker = ThreadPoolExecutor(1)
        session.config.stash[SYNTHESES] = worker.submit(synthesize_each, TESTS.parent, list(COMBINATIONS.values()))
        worker.shutdown(wait=False)


def needs_syntheses(item: pytest.Item) -> bool:
    return "syntheses" in getattr(item, "fixturenames", ())


@pytest.fixture(scope="session")
def syntheses(pytestconfig: pytest.Config) -> Mapping[str, Synthesis]:
    """The pipeline in every combination of settings, synthesized in one process."""
    return dict(zip(COMBINATIONS, pytestconfig.stash[SYNTHESES].result(), strict=True))


@pytest.fixture(scope="session")
def pipeline(syntheses: Mapping[str, Synthesis]) -> Template:
    """The pipeline with the default settings."""
    return syntheses["default"].template()
