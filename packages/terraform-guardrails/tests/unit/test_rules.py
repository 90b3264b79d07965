"""Every rule has a file, a test file and a section of the documentation; every catalogue says where it comes from."""

from pathlib import Path

import pytest

import terraform_guardrails
from terraform_guardrails.data import load
from terraform_guardrails.rules import RULES

PROJECT = Path(__file__).parents[2]
NAMES = [
    "account-singleton",
    "alarm-delivery",
    "alarm-metric",
    "dependency-cycle",
    "ephemeral-protection",
    "key-policy-principal",
    "network-path",
    "resource-name",
    "role-permissions",
]


def test_the_rules_are_those_of_the_command_line() -> None:
    assert [rule.name for rule in RULES] == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_rule_is_one_file_one_test_file_and_one_section(name: str) -> None:
    module = name.replace("-", "_")
    sections = (PROJECT / "docs" / "rules.md").read_text().split("\n## ")

    (section,) = (section for section in sections if section.startswith(f"{name}\n"))
    assert [line for line in section.splitlines() if line.startswith("### ")] == [
        "### Example",
        "### Why",
        "### How to fix",
    ]
    assert (PROJECT / "src" / "terraform_guardrails" / "rules" / f"{module}.py").is_file()
    assert (PROJECT / "tests" / "unit" / "rules" / f"test_{module}.py").is_file()


def test_the_public_names_are_sorted_and_there() -> None:
    assert terraform_guardrails.__all__ == sorted(terraform_guardrails.__all__)
    assert all(hasattr(terraform_guardrails, name) for name in terraform_guardrails.__all__)


@pytest.mark.parametrize("name", ["actions", "managed_policies", "metrics", "metrics_gaps", "resource_names"])
def test_a_catalogue_states_its_source(name: str) -> None:
    assert load(f"{name}.json")["source"]


def test_every_singleton_has_a_scope_a_quota_an_effect_and_a_source() -> None:
    entries = load("account_singletons.json").values()

    assert all(entry.keys() == {"scope", "quota", "effect", "detail", "source"} for entry in entries)
    assert {entry["effect"] for entry in entries} == {"adopts", "fails", "overwrites", "quota"}
    assert all(entry["quota"] >= 1 and entry["detail"] and entry["source"] for entry in entries)


def test_the_gaps_are_none_that_the_canned_metrics_have_filled() -> None:
    canned, gaps = load("metrics.json")["metrics"], load("metrics_gaps.json")["metrics"]

    filled = [
        name
        for name, metric in gaps.items()
        if all(dimensions in canned.get(name, {}).get("dimensions", []) for dimensions in metric["dimensions"])
    ]
    assert filled == []
