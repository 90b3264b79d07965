"""The pipeline's Terraform JSON, synthesized once for each combination of settings."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from harness.synthesis import Synthesis, synthesize_each
from harness.template import Template
from modules.combinations import COMBINATIONS

PROJECT = Path(__file__).parents[3]

# Every setting that no documented combination touches.
TEST_RUN = {
    "RUN_ID": "run-1",
    "EXPIRES_AT": "2026-11-23T20:00:00+01:00",
    "STATE_BUCKET": "states-of-the-team",
    "PERMISSIONS_BOUNDARY": "boundary-of-the-team",
    "ALARM_PERIOD_SECONDS": "10",
    "ARCHITECTURE": "x86_64",
    "BATCH_SIZE": "50",
    "BATCHING_WINDOW_SECONDS": "2",
    "PARALLELIZATION_FACTOR": "3",
    "RETRY_ATTEMPTS": "1",
    "MEMORY_MB": "512",
    "TIMEOUT_SECONDS": "30",
    "RESERVED_CONCURRENCY": "7",
    "LOG_RETENTION_DAYS": "7",
}


@pytest.fixture(scope="session")
def syntheses() -> Mapping[str, Synthesis]:
    settings = {**COMBINATIONS, "test run": TEST_RUN}
    return dict(zip(settings, synthesize_each(PROJECT, list(settings.values())), strict=True))


@pytest.fixture(scope="session")
def pipeline(syntheses: Mapping[str, Synthesis]) -> Template:
    return syntheses["default"].template()


@pytest.fixture(scope="session")
def minimal(syntheses: Mapping[str, Synthesis]) -> Template:
    return syntheses["minimal cost"].template()


@pytest.fixture(scope="session")
def on_demand(syntheses: Mapping[str, Synthesis]) -> Template:
    return syntheses["on-demand stream"].template()


@pytest.fixture(scope="session")
def production(syntheses: Mapping[str, Synthesis]) -> Template:
    return syntheses["production"].template()


@pytest.fixture(scope="session")
def in_test_run(syntheses: Mapping[str, Synthesis]) -> Template:
    return syntheses["test run"].template()


@pytest.fixture(scope="session", params=COMBINATIONS)
def any_pipeline(request: pytest.FixtureRequest, syntheses: Mapping[str, Synthesis]) -> Template:
    return syntheses[request.param].template()
