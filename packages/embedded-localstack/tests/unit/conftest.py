"""Hides the programs and npm packages of this machine."""

from pathlib import Path

import pytest

from localstack_support.fake_programs import add_program


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder on the PATH with Java 17 and Node.js 24; the working folder is empty."""
    folder = tmp_path / "bin"
    folder.mkdir()
    add_program(folder, "java", "echo 'openjdk version \"17.0.1\"' >&2")
    add_program(folder, "node", "echo v24.1.0")
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    return folder
