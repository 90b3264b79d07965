"""The synthesized pipeline, for all groups of tests."""

from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from terraform_harness.synthesis import Synthesis, synthesize_each
from terraform_harness.template import Template
from tests.combinations import COMBINATIONS

TESTS = Path(__file__).parent
SYNTHESES = pytest.StashKey[Future[list[Synthesis]]]()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the tests first that need no synthesis."""
    items.sort(key=needs_syntheses)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Start the synthesis, which takes seconds, while tests run that do not need it."""
    if any(needs_syntheses(item) for item in session.items):
        worker = ThreadPoolExecutor(1)
        session.config.stash[SYNTHESES] = worker.submit(synthesize_each, TESTS.parent, list(COMBINATIONS.values()))
        worker.shutdown(wait=False)


def needs_syntheses(item: pytest.Item) -> bool:
    return "syntheses" in getattr(item, "fixturenames", ())


@pytest.fixture(scope="session")
def syntheses(pytestconfig: pytest.Config) -> Mapping[str, Synthesis]:
    """Return the pipeline in every combination of settings, synthesized in one process."""
    return dict(zip(COMBINATIONS, pytestconfig.stash[SYNTHESES].result(), strict=True))


@pytest.fixture(scope="session")
def pipeline(syntheses: Mapping[str, Synthesis]) -> Template:
    """Return the pipeline with the default settings."""
    return syntheses["default"].template()
