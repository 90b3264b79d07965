"""Every rule has a file, a test file, metadata, and an example that it rejects."""

from pathlib import Path

import pytest

from terraform_guardrails import check, rules
from terraform_guardrails.rule import Rule
from terraform_guardrails.rules import RULES

IDS = [
    "account-singleton",
    "alarm-delivery",
    "alarm-metric",
    "alarm-subscription",
    "dependency-cycle",
    "ephemeral-protection",
    "key-policy-principal",
    "network-path",
    "resource-name",
    "role-permissions",
]


def test_the_ids_are_those_of_the_command_line() -> None:
    assert [rule.id for rule in RULES] == IDS


@pytest.mark.parametrize("id_", IDS)
def test_a_rule_has_one_file_and_one_test_file(id_: str) -> None:
    module = id_.replace("-", "_")

    assert (Path(rules.__file__).parent / f"{module}.py").is_file()
    assert (Path(__file__).parent / f"test_{module}.py").is_file()


@pytest.mark.parametrize("rule", RULES, ids=IDS)
def test_a_rule_has_a_source_a_reason_and_a_remedy(rule: Rule) -> None:
    assert rule.source.startswith("https://")
    assert rule.why.endswith(".\n")
    assert rule.remedy.endswith(".")


@pytest.mark.parametrize("rule", RULES, ids=IDS)
def test_a_rule_rejects_its_example(tmp_path: Path, rule: Rule) -> None:
    (tmp_path / "example.tf.json").write_text(rule.example)

    report = check([tmp_path])

    assert [finding.severity for finding in report.findings if finding.rule == rule.id] == [rule.severity]
