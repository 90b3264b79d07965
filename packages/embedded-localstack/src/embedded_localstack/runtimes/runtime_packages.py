"""A folder with what AWS's Python runtime brings, and nothing else of our environment.

The function sees boto3 and the runtime client there, as in /var/runtime on AWS. It does not see the packages of
the environment in which LocalStack runs: an import that would fail on AWS fails here too.
"""

import contextlib
import functools
import re
from importlib.metadata import Distribution, distribution
from pathlib import Path

_ON_AWS = ("awslambdaric", "boto3")


@functools.cache
def runtime_folder(parent: Path) -> Path:
    """Return the folder of links to the packages, made on the first call."""
    folder = parent / "lambda-runtime"
    folder.mkdir(parents=True, exist_ok=True)
    for package in sorted(_with_requirements(set(_ON_AWS))):
        for path in _top_level(distribution(package)):
            # Two first invocations may come here at the same time.
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
