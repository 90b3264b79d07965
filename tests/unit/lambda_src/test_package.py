"""Imports of the function: it runs in Lambda with the standard library and boto3 only."""

import ast
import sys
from collections.abc import Set as AbstractSet
from pathlib import Path

import pytest

from lambda_src import transaction_processor

SOURCES = sorted(Path(transaction_processor.__path__[0]).glob("*.py"))
AWS_MODULES = {"handler.py", "ledger.py", "quarantine.py", "services.py"}


def imported_by(source: Path) -> AbstractSet[str]:
    """Return the packages that a module imports at run time, without imports for type checking."""
    tree = ast.parse(source.read_text(encoding="utf-8"))
    nodes = [node for node in tree.body if not isinstance(node, ast.If)]
    absolute = [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom) and node.level == 0]
    plain = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    return {name.partition(".")[0] for name in [*absolute, *plain]}


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.stem)
def test_module_imports_only_packages_of_the_lambda_runtime(source: Path) -> None:
    assert imported_by(source) <= sys.stdlib_module_names | {"boto3", "botocore"}


@pytest.mark.parametrize("source", [each for each in SOURCES if each.name not in AWS_MODULES], ids=lambda s: s.stem)
def test_module_without_aws_calls_does_not_import_boto3(source: Path) -> None:
    assert imported_by(source).isdisjoint({"boto3", "botocore"})


def test_bundle_is_smaller_than_100_kb() -> None:
    assert sum(source.stat().st_size for source in SOURCES) < 100_000
