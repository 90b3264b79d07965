"""The examples in README.md run, and their output is the output shown."""

import contextlib
import io
import re
from pathlib import Path

import pytest

import iam_policy_evaluator
from iam_policy_evaluator.operators import COMPARISONS

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


EXAMPLES = re.findall(r"```python\n(from .*?)```\n+It prints:\n+```\n(.*?)```", README, re.DOTALL)


def test_there_are_two_examples() -> None:
    assert len(EXAMPLES) == 2


@pytest.mark.parametrize(("example", "shown"), EXAMPLES, ids=["the decision", "the message"])
def test_an_example_prints_its_output(example: str, shown: str) -> None:
    output = io.StringIO()

    with contextlib.redirect_stdout(output):
        exec(compile(example, "README.md", "exec"), {})  # noqa: S102 - it is our own README

    assert output.getvalue() == shown


def test_the_reference_has_every_export() -> None:
    assert [name for name in iam_policy_evaluator.__all__ if f"`{name}" not in README] == []


def test_the_reference_has_every_operator() -> None:
    assert [name for name in (*COMPARISONS, "Null") if f"`{name}`" not in README] == []
