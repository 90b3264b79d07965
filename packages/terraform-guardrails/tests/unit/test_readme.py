"""The README matches the command: its examples, options and rules."""

import re
import shlex
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from terraform_guardrails.__main__ import app
from terraform_guardrails.rules import RULES

README = (Path(__file__).parents[2] / "README.md").read_text()
(CONFIGURATION,) = re.findall(r"^```json\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
EXAMPLES = re.findall(r"^```console\n\$ terraform-guardrails (.*?)\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(("arguments", "output"), EXAMPLES, ids=["text", "json", "suppressed"])
def test_an_example_prints_the_output_in_the_readme(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: str, output: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("main.tf.json").write_text(CONFIGURATION)

    result = CliRunner().invoke(app, shlex.split(arguments))

    assert result.output == output


def test_the_first_example_exits_with_1(tmp_path: Path) -> None:
    file = tmp_path / "main.tf.json"
    file.write_text(CONFIGURATION)

    result = CliRunner().invoke(app, [str(file)])

    assert result.exit_code == 1


def test_the_readme_lists_every_option() -> None:
    command = typer.main.get_command(app)
    options = {option for parameter in command.params for option in parameter.opts if option.startswith("--")}

    listed = set(re.findall(r"^\| `(--[a-z]+)", README, re.MULTILINE))

    assert listed == {*options, "--help"}


def test_the_readme_lists_every_rule_with_its_summary() -> None:
    table = README.partition("| rule | finds |\n| --- | --- |\n")[2].partition("\n\n")[0]

    assert table.splitlines() == [f"| `{rule.id}` | {rule.summary} |" for rule in RULES]
