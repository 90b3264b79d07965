"""The plugin is found by its entry point, and costs little in the sessions that do not use it."""

import sys
from importlib.metadata import entry_points

import pytest

from terraform_harness.plugin import hooks

FIXTURES = (
    "terraform_run",
    "terraform_target",
    "terraform_configuration",
    "terraform_hourly_dollars",
    "terraform_first_look",
    "terraform_known_drift",
    "terraform_deployment",
    "localstack_faults",
)
# Packages that only a deployment needs.
HEAVY = {
    "boto3",
    "botocore",
    "embedded_localstack",
    "filelock",
    "hcl2",
    "localstack_client",
    "psutil",
    "rich",
    "tenacity",
}
REPORT = """
import sys


def test_unrelated():
    print("loaded:", *sorted({heavy} & sys.modules.keys()))
"""


def test_entry_point_is_the_plugin() -> None:
    (found,) = (each for each in entry_points(group="pytest11") if each.name == "terraform_harness")

    assert found.load() is hooks


def test_unrelated_session_does_not_import_what_a_deployment_needs(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(REPORT.format(heavy=HEAVY))

    result = pytester.run(sys.executable, "-m", "pytest", "-q", "-s", "-p", "no:cacheprovider", "-p", "no:xdist")

    assert [line for line in result.outlines if line.startswith("loaded:")] == ["loaded:"]


def test_fixtures_and_options_have_a_prefix(pytester: pytest.Pytester) -> None:
    """The names must not collide with those of other plugins."""
    fixtures = pytester.runpytest_inprocess("--fixtures", "-p", "no:cacheprovider").stdout.str()
    start = fixtures.index("fixtures defined from terraform_harness.plugin.fixtures")
    options = pytester.runpytest_inprocess("--help").outlines

    names = {line.split()[0] for line in fixtures[start:].splitlines() if line and not line.startswith((" ", "-"))}
    assert set(FIXTURES) <= names
    assert [line.split()[0].partition("=")[0] for line in options if line.startswith("  --tf-")] == [
        "--tf-target",
        "--tf-keep",
        "--tf-reuse",
        "--tf-strict-leftovers",
    ]
