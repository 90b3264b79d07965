"""The program that writes the Terraform JSON."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import main

PROJECT = Path(__file__).parents[3]


def run(code: str) -> subprocess.CompletedProcess[str]:
    """Run Python in a process that has imported nothing."""
    return subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, env={}, capture_output=True, text=True, check=False
    )


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The environment of the program, which it may add to."""
    shell = {"PATH": os.environ["PATH"], "CDKTF_OUTDIR": str(tmp_path / "out")}
    monkeypatch.setattr(os, "environ", shell)
    return shell


def test_a_bad_setting_is_one_line_on_stderr_and_exit_code_1(
    shell: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shell["ENVIRONMENT_SUFFIX"] = "UPPER"

    code = main.main()

    assert (code, *capsys.readouterr()) == (
        1,
        "",
        "ENVIRONMENT_SUFFIX is 'UPPER', but must be 1 to 20 of a-z, 0-9 and '-', without '-' at either end.\n",
    )
    assert not (tmp_path / "out").exists()


def test_without_node_it_is_one_line_that_says_where_to_get_it(
    shell: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shell["JSII_NODE"] = str(tmp_path / "node")

    code = main.main()

    assert (code, *capsys.readouterr()) == (
        1,
        "",
        "CDKTF runs on Node.js, and none is on the PATH: run 'make setup', which installs one.\n",
    )


def test_reading_settings_and_names_starts_no_node() -> None:
    modules = "modules.settings, modules.naming, modules.combinations, modules.checkov_suppressions"

    ended = run(f"import sys, {modules}; sys.exit('jsii' in sys.modules)")

    assert (ended.returncode, ended.stderr) == (0, "")


def test_one_class_of_the_generated_package_is_imported_without_the_others() -> None:
    code = (
        "import modules, importlib.util, sys; "
        "found = importlib.util.find_spec('cdktf_cdktf_provider_aws.kms_key'); "
        "sys.exit(found is None or any(name.startswith('cdktf_cdktf_provider_aws.') for name in sys.modules))"
    )

    assert run(code).returncode == 0
