"""Conditions: operators with `ForAllValues:`, `ForAnyValue:`, `...IfExists`, and `Null`.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from iam_policy_evaluator.matching import Matcher
from iam_policy_evaluator.operators import COMPARISONS, Comparison
from iam_policy_evaluator.query import Query
from iam_policy_evaluator.statement import Condition
from iam_policy_evaluator.variables import Texts

Test = Callable[[Query], bool]

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


def compile_condition(condition: Condition, *, has_variables: bool) -> Test:
    """Build the test of whether a condition is true of a request."""
    key = condition.key.lower()
    if condition.operator == _NULL:
        wanted = {value.lower() == "true" for value in condition.values}
        return lambda query: (not query.values(key)) in wanted
    quantifier, name, if_exists = _operator(condition.operator)
    comparison = COMPARISONS[name]
    matcher = _matcher(condition, comparison, has_variables=has_variables)
    combine = _QUANTIFIERS.get(quantifier)

    def holds(query: Query) -> bool:
        found = query.values(key)
        if if_exists and not found:
            return True
        matches = matcher(query)
        if combine is not None:
            # An empty string is a null data set to both set operators.
            return combine(matches(value) is not comparison.negated for value in found if value)
        return any(map(matches, found)) is not comparison.negated

    return holds


def _operator(text: str) -> _Operator:
    quantifier, _, rest = text.rpartition(":")
    name = rest.removesuffix("IfExists")
    return _Operator(quantifier=quantifier, name=name, if_exists=name != rest)


def _matcher(condition: Condition, comparison: Comparison, *, has_variables: bool) -> Callable[[Query], Matcher]:
    """Build the matcher of the condition's values, anew for a request only if they have policy variables."""
    if not comparison.has_variables:
        fixed = comparison.any_of(condition.values)
        return lambda _: fixed
    texts = Texts(condition.values, has_variables=has_variables)
    if texts.is_fixed:
        fixed = comparison.any_of(texts.fixed)
        return lambda _: fixed
    return lambda query: comparison.any_of((*texts.fixed, *texts.resolved(query)))
