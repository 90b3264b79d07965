"""Runs the rules over a configuration that a test writes down."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from terraform_guardrails import Finding, Report, check

type Configuration = dict[str, Any]


@pytest.fixture
def checked(tmp_path: Path) -> Callable[[Configuration], Report]:
    """Checks a configuration as if it were a folder of its own."""

    def run(configuration: Configuration) -> Report:
        (tmp_path / "cdk.tf.json").write_text(json.dumps(configuration))
        return check([tmp_path])

    return run


@pytest.fixture
def found(checked: Callable[[Configuration], Report]) -> Callable[[str, Configuration], list[Finding]]:
    """What one rule finds in a configuration, which it must have been able to judge."""

    def run(rule: str, configuration: Configuration) -> list[Finding]:
        report = checked(configuration)
        assert [each for each in report.unjudged if each.rule == rule] == []
        return [finding for finding in report.findings if finding.rule == rule]

    return run


@pytest.fixture
def unjudged(checked: Callable[[Configuration], Report]) -> Callable[[str, Configuration], list[tuple[str, str]]]:
    """The addresses that one rule could not judge, and why; it must not find anything there either."""

    def run(rule: str, configuration: Configuration) -> list[tuple[str, str]]:
        report = checked(configuration)
        assert [finding for finding in report.findings if finding.rule == rule] == []
        return [(each.address, each.reason) for each in report.unjudged if each.rule == rule]

    return run
