"""The example of the README prints the output that the README shows."""

import re
import subprocess
import sys
from pathlib import Path

from embedded_localstack.programs import find_programs

_README = Path(__file__).parents[2] / "README.md"


def test_example_prints_the_shown_output(tmp_path: Path) -> None:
    (tmp_path / "node_modules").symlink_to(find_programs().node_modules)
    blocks = re.findall(r"^```(python|text)\n(.*?)^```", _README.read_text(), flags=re.DOTALL | re.MULTILINE)
    (_, example), (_, shown) = blocks

    printed = subprocess.run([sys.executable, "-c", example], cwd=tmp_path, capture_output=True, text=True, check=False)

    assert (printed.stdout, printed.stderr) == (shown, "")
