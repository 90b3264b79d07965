"""The modules synthesize under CDK Terrain, the community's fork of the archived CDKTF.

CDK Terrain lives in an environment of its own, `.tools/terrain`, because it needs the same jsii as CDKTF and other
provider bindings. `make test-slow` installs it.
"""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from main import choose_node
from modules.combinations import COMBINATIONS
from terraform_harness.synthesis import synthesize

PROJECT = Path(__file__).parents[2]
PYTHON = PROJECT / ".tools" / "terrain" / "bin" / "python"
PROGRAM = """
import cdktn

from modules.settings import Settings
from modules.stack import TransactionPipelineStack

app = cdktn.App(outdir="cdktf.out")
TransactionPipelineStack(app, "transaction-pipeline", Settings.from_environment())
app.synth()
"""
# The fork's own version and its provider bindings, and how it writes the provider's name.
TOOL = ("//", "metadata", "version")
PROVIDER = ("terraform", "required_providers", "aws")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not PYTHON.exists(), reason="CDK Terrain is not installed: make test-slow installs it"),
]


@pytest.fixture
def fork(tmp_path: Path) -> Path:
    """A copy of the modules whose imports name CDK Terrain."""
    for folder in ("modules", "lambda_src"):
        shutil.copytree(PROJECT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for source in (tmp_path / "modules").rglob("*.py"):
        renamed = source.read_text().replace("cdktf_cdktf_provider_aws", "cdktn_provider_aws")
        source.write_text(re.sub(r"\bcdktf\b", "cdktn", renamed))
    shutil.copy(PROJECT / "cdktf.json", tmp_path)
    return tmp_path


def synthesized_by_fork(folder: Path, settings: Mapping[str, str]) -> dict[str, Any]:
    choose_node()
    environment = {**os.environ, **settings}
    finished = subprocess.run(
        [PYTHON, "-c", PROGRAM], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert finished.returncode == 0, finished.stderr
    return read(folder / "cdktf.out" / "stacks" / "transaction-pipeline")


def read(stack: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((stack / "cdk.tf.json").read_text())
    return content


def take(content: dict[str, Any], path: tuple[str, ...]) -> Any:  # noqa: ANN401 - any JSON value
    """Remove the value at a path, and return it."""
    *parents, last = path
    for name in parents:
        content = content[name]
    return content.pop(last)


@pytest.mark.parametrize("combination", COMBINATIONS)
def test_fork_synthesizes_the_same_stack(fork: Path, combination: str) -> None:
    """Everything but the tool's version and the provider's source and version is the same."""
    ours = read(synthesize(PROJECT, COMBINATIONS[combination]).stack_folder())

    theirs = synthesized_by_fork(fork, COMBINATIONS[combination])

    assert (take(ours, TOOL), take(theirs, TOOL)) == ("0.21.0", "0.24.0")
    assert take(ours, PROVIDER) == {"source": "aws", "version": "5.100.0"}
    assert take(theirs, PROVIDER) == {"source": "hashicorp/aws", "version": "6.66.0"}
    assert theirs == ours
