"""Reads the output of `terraform show -json`: a plan, with its modules and unknown values, or a state."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from guardrails.body import Json
from guardrails.errors import InputError
from guardrails.expressions import references
from guardrails.stack import Block, Lifetime, Stack, without_index
from guardrails.values import Reference, Unknown, Value

_DEEPEST = 20  # modules in modules; more is a plan that refers to itself


def is_plan(document: Json) -> bool:
    """Whether a document is the output of `terraform show -json`."""
    return isinstance(document, Mapping) and "format_version" in document


def stack_from(path: Path, document: Json, lifetime: Lifetime | None) -> Stack:
    """The stack that a plan, or a state, describes.

    Raises:
        InputError: the document has not the form that Terraform documents.
    """
    try:
        modules = _Modules(document.get("configuration", {}).get("root_module", {}))
        blocks = [_block(address, entry, modules) for address, entry in _resources(document).items()]
        return Stack(
            blocks=blocks,
            default_tags=_default_tags(document, blocks),
            has_templates=False,
            lifetime=lifetime,
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise InputError(path, "it has a format_version, but not the form of 'terraform show -json'") from error


def _resources(document: Json) -> dict[str, Json]:
    """Every instance that will be there after the apply, with its values and what of them is unknown."""
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


def _block(address: str, entry: Json, modules: "_Modules") -> Block:
    configured = modules.configured.get(without_index(address))
    expressions = configured.expressions if configured else {}
    edges = tuple(modules.edges(configured)) if configured else ()
    raw = modules.completed(dict(entry.get("values") or {}), entry.get("unknown"), expressions, configured)
    return Block(
        address=str(address), raw=raw, edges=edges, type=str(entry["type"]), managed=entry.get("mode") != "data"
    )


def _default_tags(document: Json, blocks: list[Block]) -> dict[str, Json]:
    """The provider's default tags where the plan states them, else the tags that all resources share."""
    for provider in document.get("configuration", {}).get("provider_config", {}).values():
        for block in provider.get("expressions", {}).get("default_tags", []):
            constant = block.get("tags", {}).get("constant_value")
            if isinstance(constant, dict):
                return constant
    tagged = [set(tags.items()) for block in blocks if isinstance(tags := block.raw.get("tags_all"), dict)]
    return dict(set.intersection(*tagged)) if tagged else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Configured:
    """What the configuration says of a resource, and in which module it says so."""

    module: tuple[str, ...]
    expressions: Json
    depends_on: Json


class _Modules:
    """The configuration of a plan: what each expression refers to, through variables and outputs of modules."""

    def __init__(self, root: Json) -> None:
        self._modules: dict[tuple[str, ...], Json] = {(): root}
        self._calls: dict[tuple[str, ...], Json] = {}
        self.configured: dict[str, _Configured] = {}
        self._collect((), root)

    def _collect(self, path: tuple[str, ...], module: Json) -> None:
        for entry in module.get("resources", []):
            self.configured[_prefix(path) + without_index(entry["address"])] = _Configured(
                module=path, expressions=entry.get("expressions", {}), depends_on=entry.get("depends_on", [])
            )
        for name, call in module.get("module_calls", {}).items():
            inner = (*path, name)
            if len(inner) > _DEEPEST:
                raise ValueError(inner)
            self._modules[inner], self._calls[inner] = call.get("module", {}), call
            self._collect(inner, call.get("module", {}))

    def edges(self, configured: _Configured) -> Iterator[tuple[str, str]]:
        """Where in a resource a reference stands, and to what."""
        for where, texts in [*_leaves("", configured.expressions), ("depends_on", configured.depends_on)]:
            for reference in self._references(texts, configured.module):
                yield where, reference.address

    def completed(self, value: Json, unknown: Json, expression: Json, configured: _Configured | None) -> Json:
        """A planned value, with a reference in place of each part that is known after apply only.

        What nobody configured is left out: it is the provider's to make up, like an ARN.
        """
        if unknown is True:
            return self._unknown(expression, configured) if expression else None
        if isinstance(unknown, Mapping) and isinstance(value, Mapping):
            parts = {
                key: self.completed(value.get(key), part, _inner(expression, key), configured)
                for key, part in unknown.items()
            }
            return {**value, **parts}
        if isinstance(unknown, list) and isinstance(value, list):
            pairs = enumerate(zip(value, unknown, strict=False))
            return [self.completed(item, part, _inner(expression, index), configured) for index, (item, part) in pairs]
        return value

    def _unknown(self, expression: Json, configured: _Configured | None) -> Value:
        texts = [text for _, found in _leaves("", expression) for text in found]
        found = list(self._references(texts, configured.module if configured else ()))
        if len(found) == 1 and found[0].path:
            return found[0]
        return Unknown(", ".join(texts) or "a value that AWS makes up", tuple(found))

    def _references(self, texts: list[str], module: tuple[str, ...], depth: int = 0) -> Iterator[Reference]:
        for text in texts:
            if any(other != text and other.startswith((f"{text}.", f"{text}[")) for other in texts):
                continue  # Terraform lists aws_kms_key.key beside aws_kms_key.key.arn
            yield from self._through_modules(text, module, depth)

    def _through_modules(self, text: str, module: tuple[str, ...], depth: int) -> Iterator[Reference]:
        kind, _, rest = text.partition(".")
        name, _, output = rest.partition(".")
        if depth > _DEEPEST:
            return
        if kind == "var" and module:
            expression = self._calls[module].get("expressions", {}).get(without_index(name), {})
            yield from self._references(_texts(expression), module[:-1], depth + 1)
        elif kind == "module":
            inner = (*module, without_index(name))
            outputs = self._modules.get(inner, {}).get("outputs", {})
            expression = outputs.get(without_index(output).partition(".")[0], {}).get("expression", {})
            yield from self._references(_texts(expression), inner, depth + 1)
        elif kind not in {"each", "count", "local", "path", "self", "terraform", "var"}:
            for reference in references("${" + text + "}"):
                yield Reference(_prefix(module) + reference.address, reference.path)


def _prefix(module: tuple[str, ...]) -> str:
    return "".join(f"module.{name}." for name in module)


def _inner(expression: Json, step: str | int) -> Json:
    """The expression of a part of a value; one list of references stands for all parts."""
    if isinstance(expression, list):
        return expression[min(int(step), len(expression) - 1)] if expression and isinstance(step, int) else {}
    if isinstance(step, str) and "references" not in expression:
        return expression.get(step, {})
    return expression


def _texts(expression: Json) -> list[str]:
    return [text for _, found in _leaves("", expression) for text in found]


def _leaves(where: str, expression: Json) -> Iterator[tuple[str, list[str]]]:
    """The lists of references below an expression, with the attribute in which each stands."""
    waiting = [(where, expression)]
    while waiting:
        where, each = waiting.pop()
        if isinstance(each, list):
            waiting.extend((where, item) for item in each)
        elif isinstance(each, Mapping):
            if "references" in each:
                yield where, [str(text) for text in each["references"]]
            else:
                waiting.extend(
                    (f"{where}.{key}".lstrip("."), item) for key, item in each.items() if key != "constant_value"
                )
