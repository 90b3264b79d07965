"""The maintainers' command line."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from tools import __main__ as command_line
from tools import release

COMMANDS = {
    "catalogue",
    "checkov-scan",
    "cost-page",
    "imports-diagram",
    "prose",
    "release",
    "rules-page",
    "scale-page",
    "settings-page",
}


def test_help_lists_every_command() -> None:
    output = CliRunner().invoke(command_line.app, ["--help"], env={"COLUMNS": "100"}).output

    assert {name for name in COMMANDS if f"│ {name} " not in output} == set()


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_has_help(command: str) -> None:
    finished = CliRunner().invoke(command_line.app, [command, "--help"], env={"COLUMNS": "100"})

    assert finished.exit_code == 0
    assert f"Usage: root {command}" in finished.output


def test_error_is_one_line_with_exit_code_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    version = release.last().name
    (tmp_path / "pyproject.toml").write_text(f'[project]\nversion = "{version}"\n')
    monkeypatch.setattr(release, "PROJECT", tmp_path)
    monkeypatch.setattr("sys.argv", ["tools", "release"])

    with pytest.raises(SystemExit) as exited:
        command_line.main()

    assert exited.value.code == 1
    assert capsys.readouterr().err == (
        f"Error: Version {version} was released before: {release.RELEASES / version} exists. "
        "Raise the version in pyproject.toml.\n"
    )
