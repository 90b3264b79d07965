"""The package runs in Lambda as it stands: standard library, boto3, and nothing of this project around it."""

import ast
import sys
from collections.abc import Set as AbstractSet
from pathlib import Path

import pytest

from lambda_src import transaction_processor

SOURCES = sorted(Path(transaction_processor.__path__[0]).glob("*.py"))
WITH_AWS = {"handler.py", "ledger.py", "quarantine.py", "services.py"}


def imported_by(source: Path) -> AbstractSet[str]:
    """Return the packages that a file imports when it runs, without those that only a type checker sees."""
    tree = ast.parse(source.read_text(encoding="utf-8"))
    nodes = [node for node in tree.body if not isinstance(node, ast.If)]
    absolute = [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom) and node.level == 0]
    plain = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    return {name.partition(".")[0] for name in [*absolute, *plain]}


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.stem)
def test_a_module_needs_nothing_that_the_runtime_lacks(source: Path) -> None:
    assert imported_by(source) <= sys.stdlib_module_names | {"boto3", "botocore"}


@pytest.mark.parametrize("source", [source for source in SOURCES if source.name not in WITH_AWS], ids=lambda s: s.stem)
def test_a_module_that_makes_no_call_knows_nothing_of_aws(source: Path) -> None:
    assert imported_by(source).isdisjoint({"boto3", "botocore"})


def test_the_bundle_is_small() -> None:
    assert sum(source.stat().st_size for source in SOURCES) < 100_000
