"""Finds the keys that may select an instance: for `aws_a.b[each.key].c` a plan lists only the parts."""

from collections.abc import Mapping, Sequence

from terraform_guardrails.terraform.addresses import heads, index_of
from terraform_guardrails.terraform.body import Json
from terraform_guardrails.terraform.plan.configuration import PlanConfiguration, Scope, texts_in
from terraform_guardrails.terraform.plan.instances import NO_KEYS, UNKNOWN_KEYS

_DEEPEST = 20  # variables passed from module to module; a longer chain is circular


def keys_in(
    texts: Sequence[str], scope: Scope, configuration: PlanConfiguration, rest: Sequence[str] = (), depth: int = 0
) -> frozenset[str]:
    """Return the possible indices in the parts of an expression; `rest` is the path inside each part."""
    if depth > _DEEPEST:
        return UNKNOWN_KEYS
    return NO_KEYS.union(*(_keys((*head, *rest), scope, configuration, depth) for head in heads(texts)))


def _keys(part: tuple[str, ...], scope: Scope, configuration: PlanConfiguration, depth: int) -> frozenset[str]:
    match part:
        case ("each", "key") | ("count", "index"):
            return frozenset({scope.index}) if scope.index else UNKNOWN_KEYS
        case ("each", "value", *rest):
            return _in_for_each(scope, rest)
        case ("var", name, *rest):
            expression, outside = configuration.argument(name, scope)
            if "references" in expression:
                return keys_in(texts_in(expression), outside, configuration, rest, depth + 1)
            return _as_keys(expression["constant_value"], rest) if "constant_value" in expression else UNKNOWN_KEYS
        case ("local" | "self" | "terraform", *_):
            return UNKNOWN_KEYS
        case _:
            return NO_KEYS


def _in_for_each(scope: Scope, rest: list[str]) -> frozenset[str]:
    """Return the possible index in `each.value`. Without the map in the plan it is the key, as in a set."""
    constant = scope.for_each.get("constant_value")
    if isinstance(constant, Mapping):
        return _as_keys(next((value for key, value in constant.items() if index_of(key) == scope.index), {}), rest)
    return frozenset({scope.index}) if scope.index and not rest else UNKNOWN_KEYS


def _as_keys(value: Json, rest: Sequence[str]) -> frozenset[str]:
    """Return the possible index in a value or a value inside it. A boolean cannot be an index."""
    for step in rest:
        value = value.get(step, {}) if isinstance(value, Mapping) else {}
    match value:
        case bool() | None:
            return NO_KEYS
        case str():
            return frozenset({index_of(value)})
        case int():
            return frozenset({f"[{value}]"})
        case _:
            return UNKNOWN_KEYS
