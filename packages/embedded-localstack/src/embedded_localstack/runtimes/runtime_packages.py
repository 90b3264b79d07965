"""Builds a folder with the packages of AWS's Python runtime: boto3 and the runtime client.

It takes the place of /var/runtime. A function does not see the other packages of LocalStack's environment, so that an
import that fails on AWS fails here too.
"""

import contextlib
import functools
import re
from importlib.metadata import Distribution, distribution
from pathlib import Path

_ON_AWS = ("awslambdaric", "boto3")


@functools.cache
def runtime_folder(parent: Path) -> Path:
    """Return the folder of links to the packages; create it on the first call."""
    folder = parent / "lambda-runtime"
    folder.mkdir(parents=True, exist_ok=True)
    for package in sorted(_with_requirements(set(_ON_AWS))):
        for path in _top_level(distribution(package)):
            # Two first invocations may do this at the same time.
            with contextlib.suppress(FileExistsError):
                (folder / path.name).symlink_to(path)
    return folder


def _with_requirements(names: set[str]) -> set[str]:
    found: set[str] = set()
    while names:
        name = names.pop()
        found.add(name)
        for requirement in distribution(name).requires or []:
            if "extra ==" not in requirement:
                required = re.split(r"[^A-Za-z0-9._-]", requirement, maxsplit=1)[0].lower()
                names |= {required} - found
    return found


def _top_level(package: Distribution) -> set[Path]:
    paths = {Path(file.parts[0]) for file in package.files or [] if file.parts[0] not in {"..", "__pycache__"}}
    return {Path(str(package.locate_file(path))) for path in paths}
