"""Conditions: operators with `ForAllValues:`, `ForAnyValue:`, `...IfExists`, and `Null`.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from iam_policy_evaluator.operators import COMPARISONS, Comparison
from iam_policy_evaluator.policy import Condition
from iam_policy_evaluator.request import Request
from iam_policy_evaluator.variables import substitute

_NULL = "Null"
_QUANTIFIERS: dict[str, Callable[[Iterable[bool]], bool]] = {"ForAllValues": all, "ForAnyValue": any}


class _Operator(NamedTuple):
    """The parts of an operator such as `ForAnyValue:StringLikeIfExists`."""

    quantifier: str
    name: str
    if_exists: bool


def condition_problem(condition: Condition) -> str | None:
    """Return why a condition cannot be evaluated, or None."""
    quantifier, name, _ = _operator(condition.operator)
    if condition.operator == _NULL:
        name = "Bool"
    if name not in COMPARISONS or quantifier not in {"", *_QUANTIFIERS}:
        return f"{condition.operator!r} is not a condition operator"
    wrong = next((value for value in condition.values if not COMPARISONS[name].is_valid(value)), None)
    return None if wrong is None else f"{condition.operator} cannot compare {condition.key} with {wrong!r}"


def holds(condition: Condition, request: Request, *, has_variables: bool) -> bool:
    """Return whether a condition is true of a request."""
    found = request.values(condition.key)
    if condition.operator == _NULL:
        return any((value.lower() == "true") is not bool(found) for value in condition.values)
    quantifier, name, if_exists = _operator(condition.operator)
    if if_exists and not found:
        return True
    comparison = COMPARISONS[name]
    wanted = [_wanted(value, comparison, request, has_variables=has_variables) for value in condition.values]

    def matches_any(value: str) -> bool:
        return any(comparison.compare(each, value) for each in wanted if each is not None)

    if quantifier:
        # An empty string is a null data set to both set operators.
        return _QUANTIFIERS[quantifier](matches_any(value) is not comparison.negated for value in found if value)
    return any(map(matches_any, found)) is not comparison.negated


def _operator(text: str) -> _Operator:
    quantifier, _, rest = text.rpartition(":")
    name = rest.removesuffix("IfExists")
    return _Operator(quantifier=quantifier, name=name, if_exists=name != rest)


def _wanted(value: str, comparison: Comparison, request: Request, *, has_variables: bool) -> str | None:
    return substitute(value, request, has_variables=has_variables) if comparison.has_variables else value
