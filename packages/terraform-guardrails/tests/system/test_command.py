"""The package runs as a module and as a command."""

import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[2]
DATA = PROJECT / "tests" / "data"


def test_the_module_prints_text_without_colour_to_a_pipe() -> None:
    finished = subprocess.run(
        [sys.executable, "-m", "terraform_guardrails", str(DATA / "key-policy-cycle"), "--format", "text"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (finished.returncode, finished.stderr) == (1, "")
    assert finished.stdout.splitlines()[0] == "error dependency-cycle aws_cloudwatch_log_group.logs"
    assert "\x1b" not in finished.stdout
