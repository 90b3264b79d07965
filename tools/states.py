"""Refuses to go on while a Terraform state lists resources: `python3 tools/states.py FOLDER...`, before `make clean`.

It runs with any Python 3 and without the project's environment, which may not be installed.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path


def main(folders: Sequence[str]) -> int:
    """Report the states that list resources on stderr, and return 1 if there is one."""
    found = [f"  {path}: {content}\n" for path, content in _states(folders)]
    if not found:
        return 0
    sys.stderr.write(
        "'make clean' would delete these Terraform states:\n"
        + "".join(found)
        + "Destroy the resources first: 'cdktf destroy', or '.venv/bin/terraform-harness destroy RUN' for a kept run."
        " Or move the states to another folder.\n"
    )
    return 1


def _states(folders: Sequence[str]) -> Iterator[tuple[Path, str]]:
    """Yield each state that lists resources or is not readable, with a short text about its content."""
    for path in sorted(path for folder in folders for path in Path(folder).rglob("*.tfstate")):
        try:
            resources = json.loads(path.read_text()).get("resources", [])
            managed = sum(len(resource["instances"]) for resource in resources if resource["mode"] == "managed")
        except (OSError, ValueError, AttributeError, KeyError, TypeError):
            yield path, "not readable as a state"
        else:
            if managed:
                yield path, f"{managed} resources"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
