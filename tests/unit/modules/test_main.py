"""The program that writes the Terraform JSON."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

PROJECT = Path(__file__).parents[3]


def run(code: str, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *code.split(" ", 1)],
        cwd=PROJECT,
        env=dict(environment),
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_bad_setting_is_one_line_on_stderr_and_exit_code_1(tmp_path: Path) -> None:
    ended = run("main.py", {"ENVIRONMENT_SUFFIX": "UPPER", "CDKTF_OUTDIR": str(tmp_path / "out")})

    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == (
        "ENVIRONMENT_SUFFIX is 'UPPER', but must be 1 to 20 of a-z, 0-9 and '-', without '-' at either end.\n"
    )
    assert not (tmp_path / "out").exists()


def test_without_node_it_is_one_line_that_says_where_to_get_it(tmp_path: Path) -> None:
    ended = run("main.py", {"JSII_NODE": str(tmp_path / "node"), "CDKTF_OUTDIR": str(tmp_path / "out")})

    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == "CDKTF runs on Node.js, and none is on the PATH: run 'make setup', which installs one.\n"


def test_reading_settings_and_names_starts_no_node() -> None:
    modules = "modules.settings, modules.naming, modules.combinations, modules.posture"

    ended = run(f"-c import sys, {modules}; sys.exit('jsii' in sys.modules)", {})

    assert (ended.returncode, ended.stderr) == (0, "")


def test_one_class_of_the_generated_package_is_imported_without_the_others() -> None:
    code = (
        "import modules, importlib.util, sys; "
        "found = importlib.util.find_spec('cdktf_cdktf_provider_aws.kms_key'); "
        "sys.exit(found is None or any(name.startswith('cdktf_cdktf_provider_aws.') for name in sys.modules))"
    )

    assert run(f"-c {code}", {}).returncode == 0
