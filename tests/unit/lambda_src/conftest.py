"""The function in a world of its own."""

import pytest

from tests.unit.lambda_src.fakes import FakeWorld


@pytest.fixture
def world() -> FakeWorld:
    return FakeWorld()
