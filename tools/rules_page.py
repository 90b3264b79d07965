"""Writes the page of guardrail rules from their metadata: `python -m tools rules-page`."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from terraform_guardrails import Finding, check
from terraform_guardrails.rule import Rule
from terraform_guardrails.rules import RULES
from tools.project import PROJECT

PAGE = PROJECT / "packages" / "terraform-guardrails" / "docs" / "rules.md"

_INTRODUCTION = """\
# Rules

Each rule finds one kind of error. An **error** fails during the deployment, or the deployment does not work. A
**warning** may be intended. If a rule needs a value that is known only after apply, the check is inconclusive: the
report counts it, and `--format json` has the reason.

This page is generated from the metadata of the rules by `python -m tools rules-page`. A test fails if it is out
of date. The README describes the command, and how to suppress a finding.
"""


def write() -> None:
    """Write docs/rules.md of the package terraform-guardrails."""
    PAGE.write_text(render())


def render() -> str:
    """Return the page."""
    return "\n".join([_INTRODUCTION, *(line for rule in RULES for line in _section(rule))])


def _section(rule: Rule) -> Iterator[str]:
    yield f"## {rule.id}\n"
    yield f"Finds {rule.summary}. Highest severity: {rule.severity}.\n"
    yield "### Example\n"
    yield f"```json\n{rule.example}```\n"
    yield "```text"
    for finding in _findings(rule):
        yield f"{finding.severity} {finding.rule} {finding.address}\n  {finding.problem}\n  {finding.remedy}"
    yield "```\n"
    yield f"### Why\n\n{rule.why}\nSource: <{rule.source}>\n"
    yield f"### How to fix\n\n{rule.remedy}\n"


def _findings(rule: Rule) -> list[Finding]:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "example.tf.json").write_text(rule.example)
        return [finding for finding in check([folder]).findings if finding.rule == rule.id]
