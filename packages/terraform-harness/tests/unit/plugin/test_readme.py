"""The README shows the example as it is, and documents every option, fixture and ini option."""

import re
from pathlib import Path

import pytest

from terraform_harness.plugin.failures import NAMESPACES
from terraform_harness.plugin.markers import REQUIRED

PACKAGE = Path(__file__).parents[3]
README = (PACKAGE / "README.md").read_text()


@pytest.mark.parametrize(("number", "name"), [(0, "conftest.py"), (1, "test_bucket.py")])
def test_example_of_the_readme_is_in_the_example(number: int, name: str) -> None:
    block = re.findall(r"```python\n(.*?)```", README, re.DOTALL)[number]

    assert block in (PACKAGE / "examples" / "bucket" / name).read_text()


def test_every_option_fixture_and_ini_option_is_documented(pytester: pytest.Pytester) -> None:
    fixtures = pytester.runpytest_inprocess("--fixtures", "-p", "no:cacheprovider").stdout.str()
    start = fixtures.index("fixtures defined from terraform_harness.plugin.fixtures")
    options = pytester.runpytest_inprocess("--help").stdout.str()

    names = {
        *re.findall(r"^((?:terraform|localstack)_\w+)", fixtures[start:], re.MULTILINE),
        *re.findall(r"^  (--tf-[a-z-]+)", options, re.MULTILINE),
        NAMESPACES,
        REQUIRED,
    }
    assert len(names) == 14
    assert {name for name in names if f"`{name}" not in README} == set()
