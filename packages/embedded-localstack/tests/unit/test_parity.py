import ast
from pathlib import Path

from embedded_localstack.parity import DIFFERENCES, page

_PROJECT = Path(__file__).parents[2]


def test_the_page_is_what_the_generator_prints() -> None:
    assert (_PROJECT / "docs" / "parity.md").read_text() == page(DIFFERENCES)


def test_each_difference_has_a_test_and_each_test_a_difference() -> None:
    tree = ast.parse((_PROJECT / "tests" / "emulator" / "test_parity.py").read_text())

    tests = {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}

    assert tests == {f"test_{difference.test}" for difference in DIFFERENCES}
