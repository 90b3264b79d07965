"""Fixtures that run the rules on the configuration of a test."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from terraform_guardrails import Finding, Report, check

type Configuration = dict[str, Any]

DATA = Path(__file__).parents[1] / "data"


@pytest.fixture
def checked(tmp_path: Path) -> Callable[[Configuration], Report]:
    """Check a configuration in a folder of its own."""

    def run(configuration: Configuration) -> Report:
        (tmp_path / "cdk.tf.json").write_text(json.dumps(configuration))
        return check([tmp_path])

    return run


@pytest.fixture
def found(checked: Callable[[Configuration], Report]) -> Callable[[str, Configuration], list[Finding]]:
    """Return the findings of one rule, whose check must not be inconclusive."""

    def run(rule: str, configuration: Configuration) -> list[Finding]:
        report = checked(configuration)
        assert [each for each in report.inconclusive if each.rule == rule] == []
        return [finding for finding in report.findings if finding.rule == rule]

    return run


@pytest.fixture
def inconclusive(checked: Callable[[Configuration], Report]) -> Callable[[str, Configuration], list[tuple[str, str]]]:
    """Return the addresses and reasons of the inconclusive checks of one rule, which must have no findings."""

    def run(rule: str, configuration: Configuration) -> list[tuple[str, str]]:
        report = checked(configuration)
        assert [finding for finding in report.findings if finding.rule == rule] == []
        return [(each.address, each.reason) for each in report.inconclusive if each.rule == rule]

    return run


@pytest.fixture
def vpc_function() -> Configuration:
    """Return the resources of a function that reaches DynamoDB and Secrets Manager through VPC endpoints."""
    resources: Configuration = json.loads((DATA / "function-in-vpc.json").read_text())
    return resources
