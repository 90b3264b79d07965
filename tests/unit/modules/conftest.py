"""Templates of the pipeline in the combinations of settings that the tests use."""

from collections.abc import Mapping

import pytest

from modules.combinations import COMBINATIONS
from terraform_harness.synthesis import Synthesis
from terraform_harness.template import Template


@pytest.fixture(scope="session")
def ephemeral(syntheses: Mapping[str, Synthesis]) -> Template:
    return syntheses["ephemeral"].template()


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
def with_local_state(syntheses: Mapping[str, Synthesis]) -> Template:
    return syntheses["the longest suffix, not ephemeral"].template()


@pytest.fixture(scope="session")
def locked(syntheses: Mapping[str, Synthesis]) -> Template:
    return syntheses["a locked quarantine"].template()


@pytest.fixture(scope="session")
def in_test_run(syntheses: Mapping[str, Synthesis]) -> Template:
    return syntheses["test run"].template()


@pytest.fixture(scope="session", params=COMBINATIONS)
def any_pipeline(request: pytest.FixtureRequest, syntheses: Mapping[str, Synthesis]) -> Template:
    return syntheses[request.param].template()
