"""Reads the output of `terraform show -json`: a plan or a state."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from terraform_guardrails.errors import InputError
from terraform_guardrails.terraform.body import Json
from terraform_guardrails.terraform.plan.configuration import PlanConfiguration, Scope
from terraform_guardrails.terraform.plan.instances import Instances
from terraform_guardrails.terraform.plan.references import PlanReferences
from terraform_guardrails.terraform.stack import Block, Lifetime, Stack

_WRONG_STRUCTURE = "the file has a format_version, but not the structure of 'terraform show -json'"


def is_plan(document: Json) -> bool:
    """Return whether a document is the output of `terraform show -json`."""
    return isinstance(document, Mapping) and "format_version" in document


def stack_from(path: Path, document: Json, lifetime: Lifetime | None) -> Stack:
    """Return the stack in a plan or a state.

    Raises:
        InputError: the document does not have the structure that Terraform documents.
    """
    try:
        entries = _resources(document)
        configuration = PlanConfiguration(document)
        references = PlanReferences(configuration, Instances(entries))
        blocks = [_block(address, entry, configuration, references) for address, entry in entries.items()]
        return Stack(
            blocks=blocks,
            default_tags=_default_tags(document, blocks),
            has_templates=False,
            lifetime=lifetime,
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise InputError(path, _WRONG_STRUCTURE) from error


def _resources(document: Json) -> dict[str, Json]:
    """Return every instance that exists after apply, with its values and the unknown parts of them."""
    values = document.get("planned_values") or document.get("values") or {}
    found = {entry["address"]: entry for entry in _in_module(values.get("root_module", {}))}
    for change in document.get("resource_changes", []):
        after = change["change"].get("after")
        if after is not None:
            found[change["address"]] = {**change, "values": after, "unknown": change["change"].get("after_unknown")}
    return dict(sorted(found.items()))


def _in_module(module: Json) -> Iterator[Json]:
    waiting = [module]
    while waiting:
        each = waiting.pop()
        yield from each.get("resources", [])
        waiting.extend(each.get("child_modules", []))


def _block(address: str, entry: Json, configuration: PlanConfiguration, references: PlanReferences) -> Block:
    resource = configuration.resource(address)
    values = dict(entry.get("values") or {})
    raw = _completed(values, entry.get("unknown"), resource.expressions, resource.scope_of(address), references)
    edges = references.edges(address)
    return Block(
        address=str(address), raw=raw, edges=edges, type=str(entry["type"]), managed=entry.get("mode") != "data"
    )


def _completed(value: Json, unknown: Json, expression: Json, scope: Scope, references: PlanReferences) -> Json:
    """Return a planned value, with a reference in place of each part that is known only after apply.

    An unknown attribute without configuration is left out: the provider computes it, as it does an ARN.
    """
    if unknown is True:
        return references.value(expression, scope) if expression else None
    if isinstance(unknown, Mapping) and isinstance(value, Mapping):
        parts = {
            key: _completed(value.get(key), part, _inner(expression, key), scope, references)
            for key, part in unknown.items()
        }
        return {**value, **parts}
    if isinstance(unknown, list) and isinstance(value, list):
        return [
            _completed(item, part, _inner(expression, index), scope, references)
            for index, (item, part) in enumerate(zip(value, unknown, strict=False))
        ]
    return value


def _inner(expression: Json, step: str | int) -> Json:
    """Return the expression for a part of a value. A list of references applies to all parts."""
    if isinstance(expression, list):
        return expression[min(int(step), len(expression) - 1)] if expression and isinstance(step, int) else {}
    if isinstance(step, str) and "references" not in expression:
        return expression.get(step, {})
    return expression


def _default_tags(document: Json, blocks: list[Block]) -> dict[str, Json]:
    """Return the provider's default tags if the plan has them, else the tags that all resources share."""
    for provider in document.get("configuration", {}).get("provider_config", {}).values():
        for block in provider.get("expressions", {}).get("default_tags", []):
            constant = block.get("tags", {}).get("constant_value")
            if isinstance(constant, dict):
                return constant
    tagged = [set(tags.items()) for block in blocks if isinstance(tags := block.raw.get("tags_all"), dict)]
    return dict(set.intersection(*tagged)) if tagged else {}
