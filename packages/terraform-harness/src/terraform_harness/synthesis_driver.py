"""Runs a Python app several times in one process: `python synthesis_driver.py main.py`, with a list on standard input.

Each item of the list is the whole environment of one run. What the app imports, and the Node.js behind CDKTF, is
started once for all of them, which is most of the time that a synthesis takes.
"""

import json
import os
import runpy
import sys
from pathlib import Path


def main() -> None:
    """Run the app once for each environment; the first run that fails ends the process as it would end itself."""
    del sys.argv[0]
    script = sys.argv[0]
    sys.path[0] = str(Path(script).resolve().parent)
    for environment in json.load(sys.stdin):
        os.environ.clear()
        os.environ.update(environment)
        try:
            runpy.run_path(script, run_name="__main__")
        except SystemExit as ended:
            if ended.code not in {None, 0}:
                raise
        if not Path(environment["CDKTF_OUTDIR"]).exists():
            # CDKTF itself looks at the variable when Node.js starts, and so only once.
            sys.exit(
                "The app did not write to CDKTF_OUTDIR. Create it with cdktf.App(outdir=os.environ['CDKTF_OUTDIR'])."
            )


if __name__ == "__main__":
    main()
