"""Imports of the modules that must stay cheap."""

import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[3]


def run(code: str) -> subprocess.CompletedProcess[str]:
    """Run Python in a new process, so that no module is imported yet."""
    return subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, env={}, capture_output=True, text=True, check=False
    )


def test_importing_settings_and_names_does_not_start_node() -> None:
    modules = "modules.settings, modules.naming, modules.combinations, modules.checkov_suppressions"

    finished = run(f"import sys, {modules}; sys.exit('jsii' in sys.modules)")

    assert (finished.returncode, finished.stderr) == (0, "")


def test_one_module_of_the_generated_package_loads_alone() -> None:
    code = (
        "import modules, importlib.util, sys; "
        "found = importlib.util.find_spec('cdktf_cdktf_provider_aws.kms_key'); "
        "sys.exit(found is None or any(name.startswith('cdktf_cdktf_provider_aws.') for name in sys.modules))"
    )

    assert run(code).returncode == 0
