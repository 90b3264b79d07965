"""The names that the package exports."""

import iam_policy_evaluator


def test_all_is_sorted_and_complete() -> None:
    imported = {name for name, value in vars(iam_policy_evaluator).items() if hasattr(value, "__qualname__")}

    assert iam_policy_evaluator.__all__ == sorted(imported)


def test_every_export_has_a_docstring() -> None:
    missing = [name for name in iam_policy_evaluator.__all__ if not getattr(iam_policy_evaluator, name).__doc__]

    assert missing == []
