"""Runs a Python app several times in one process: `python synthesis_driver.py main.py`, with a list on standard input.

Each item of the list is the whole environment of one run. Most of the time of a synthesis is the start of Node.js and
the imports of the app: they happen once.
"""

import json
import os
import runpy
import sys
from pathlib import Path


def main() -> None:
    """Run the app once for each environment; the first failing run ends the process."""
    del sys.argv[0]
    script = sys.argv[0]
    sys.path[0] = str(Path(script).resolve().parent)
    for environment in json.load(sys.stdin):
        os.environ.clear()
        os.environ.update(environment)
        try:
            runpy.run_path(script, run_name="__main__")
        except SystemExit as stopped:
            if stopped.code not in {None, 0}:
                raise
        except ModuleNotFoundError as error:
            if error.name not in {"cdktf", "cdktn"}:
                raise
            sys.exit(
                f"The package {error.name} is not installed for {sys.executable}. "
                f"Run pip install {error.name} there, or change 'app' in cdktf.json to a Python that has it."
            )
        if not Path(environment["CDKTF_OUTDIR"]).exists():
            # CDKTF itself reads the variable once, when Node.js starts.
            sys.exit(
                "The app did not write to CDKTF_OUTDIR. Create it with cdktf.App(outdir=os.environ['CDKTF_OUTDIR'])."
            )


if __name__ == "__main__":
    main()
