"""The function with fake services, for the tests of this folder."""

import pytest

from tests.unit.lambda_src.fakes import FunctionUnderTest


@pytest.fixture
def function() -> FunctionUnderTest:
    return FunctionUnderTest()
