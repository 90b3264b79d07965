"""The page of guardrail rules is current and complete."""

import re

from terraform_guardrails.rules import RULES
from tools import rules_page


def test_the_page_is_current() -> None:
    assert rules_page.PAGE.read_text() == rules_page.render()


def test_every_rule_has_example_why_and_how_to_fix() -> None:
    headings = re.findall(r"^##+ .*", rules_page.PAGE.read_text(), re.MULTILINE)

    assert headings == [
        heading for rule in RULES for heading in (f"## {rule.id}", "### Example", "### Why", "### How to fix")
    ]
