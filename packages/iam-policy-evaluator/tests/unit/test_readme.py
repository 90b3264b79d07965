"""The example in README.md runs, and its output is the output shown."""

import contextlib
import io
import re
from pathlib import Path

import iam_policy_evaluator
from iam_policy_evaluator.operators import COMPARISONS

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def test_the_example_prints_its_output() -> None:
    ((example, shown),) = re.findall(r"```python\n(.*?)```\n+It prints:\n+```\n(.*?)```", README, re.DOTALL)
    output = io.StringIO()

    with contextlib.redirect_stdout(output):
        exec(compile(example, "README.md", "exec"), {})  # noqa: S102 - it is our own README

    assert output.getvalue() == shown


def test_the_reference_has_every_export() -> None:
    assert [name for name in iam_policy_evaluator.__all__ if f"`{name}" not in README] == []


def test_the_reference_has_every_operator() -> None:
    assert [name for name in (*COMPARISONS, "Null") if f"`{name}`" not in README] == []
