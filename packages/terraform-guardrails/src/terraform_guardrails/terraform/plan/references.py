"""Resolves the references in a plan to instances, through variables and outputs of modules."""

from collections.abc import Iterator, Sequence

from terraform_guardrails.terraform.addresses import block_size, heads, is_index, prefix_of, without_index
from terraform_guardrails.terraform.body import Json
from terraform_guardrails.terraform.plan.configuration import Configured, PlanConfiguration, Scope, leaves_of, texts_in
from terraform_guardrails.terraform.plan.instances import NO_KEYS, Instances
from terraform_guardrails.terraform.plan.keys import keys_in
from terraform_guardrails.terraform.values import Reference, Unknown

_DEEPEST = 20  # steps through variables and outputs; a longer chain is circular
_WITHOUT_A_BLOCK = {"count", "each", "local", "path", "self", "terraform", "var"}


class PlanReferences:
    """The references of a plan, resolved to instances."""

    def __init__(self, configuration: PlanConfiguration, instances: Instances) -> None:
        self._configuration = configuration
        self._instances = instances
        self._edges: dict[str, tuple[tuple[str, str], ...]] = {}

    def edges(self, address: str) -> tuple[tuple[str, str], ...]:
        """Return the attribute and the target block of each reference: Terraform orders blocks, not instances."""
        block = without_index(address)
        if block not in self._edges:
            self._edges[block] = tuple(self._edges_of(self._configuration.resource(address)))
        return self._edges[block]

    def _edges_of(self, resource: Configured) -> Iterator[tuple[str, str]]:
        scope = Scope(modules=resource.module, for_each=resource.for_each)
        for where, texts in [*leaves_of(resource.expressions), ("depends_on", resource.depends_on)]:
            for reference in self._found(texts, scope):
                yield where, without_index(reference.address)

    def value(self, expression: Json, scope: Scope) -> Reference | Unknown:
        """Return the reference in an expression if it names exactly one instance, else an unknown value."""
        texts = texts_in(expression)
        found = _without_parts(list(self._found(texts, scope)))
        if len(found) == 1 and self._instances.holds(found[0]):
            return found[0]
        return Unknown(", ".join(texts) or "a value that AWS generates", tuple(found))

    def _found(
        self,
        texts: Sequence[str],
        scope: Scope,
        rest: Sequence[str] = (),
        *,
        keys: frozenset[str] = NO_KEYS,
        depth: int = 0,
    ) -> Iterator[Reference]:
        """Yield the references of an expression; `rest` is the path inside each, `keys` come from the caller."""
        if depth > _DEEPEST:
            return
        keys = keys_in(texts, scope, self._configuration) or keys
        for head in heads(texts):
            yield from self._followed((*head, *rest), scope, keys, depth + 1)

    def _followed(
        self, reference: tuple[str, ...], scope: Scope, keys: frozenset[str], depth: int
    ) -> Iterator[Reference]:
        match reference:
            case ("var", name, *rest):
                expression, outside = self._configuration.argument(name, scope)
                yield from self._found(texts_in(expression), outside, rest, keys=keys, depth=depth)
            case ("module", name, *rest):
                yield from self._through_output(name, rest, scope, keys, depth)
            case ("each", "value", *rest):
                index = [scope.index] if scope.index else []
                here = Scope(modules=scope.modules)
                yield from self._found(texts_in(scope.for_each), here, [*index, *rest], depth=depth)
            case (kind, *_) if kind not in _WITHOUT_A_BLOCK and len(reference) >= block_size(reference):
                size = block_size(reference)
                address, path = prefix_of(scope.modules) + ".".join(reference[:size]), reference[size:]
                index = [] if path and is_index(path[0]) else self._chosen(address, keys)
                yield Reference(address, (*index, *path))

    def _through_output(
        self, name: str, rest: list[str], scope: Scope, keys: frozenset[str], depth: int
    ) -> Iterator[Reference]:
        if rest and is_index(rest[0]):
            index, rest = rest[:1], rest[1:]
        else:
            index = self._chosen(f"{prefix_of(scope.modules)}module.{name}", keys)
            keys = keys.difference(index)
        inside = Scope(modules=(*scope.modules, "".join([name, *index])))
        outputs = self._configuration.outputs(inside.modules)
        if rest:
            texts = texts_in(outputs.get(rest[0], {}))
            yield from self._found(texts, inside, rest[1:], keys=keys, depth=depth)
            return
        # For module.a[each.key].b the plan lists only module.a, so any output and any attribute is possible.
        for output in outputs.values():
            for reference in self._found(texts_in(output), inside, keys=keys, depth=depth):
                yield Reference(reference.address, tuple(filter(None, [reference.index])))

    def _chosen(self, block: str, keys: frozenset[str]) -> list[str]:
        index = self._instances.chosen(block, keys)
        return [index] if index else []


def _without_parts(found: list[Reference]) -> list[Reference]:
    """Drop a reference to a whole instance if another reference names an attribute of that instance."""
    kept: list[Reference] = []
    for number, reference in enumerate(found):
        if not any(_is_part(reference, other) for other in (*found[number + 1 :], *kept)):
            kept.append(reference)
    return kept


def _is_part(reference: Reference, other: Reference) -> bool:
    size = len(reference.path)
    begins_it = reference.address == other.address and reference.path == other.path[:size]
    return begins_it and reference.index == other.index and (size < len(other.path) or not reference.attributes)
