"""Models one Terraform configuration or plan: its resources, references and dependencies."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import networkx as nx

from terraform_guardrails.data.name_limits import physical_name_attribute
from terraform_guardrails.errors import UnknownValueError
from terraform_guardrails.terraform.addresses import without_index
from terraform_guardrails.terraform.body import Body, Json
from terraform_guardrails.terraform.expressions import evaluate, walk
from terraform_guardrails.terraform.values import Reference, Template, Unknown, Value, replaced

_FARTHEST = 20  # steps from reference to reference; a longer chain is a cycle
_OTHER_NAMES = {"target_key_arn": "target_key_id"}  # computed attributes, each with the argument that it repeats


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """The content of one resource, data source, local value or output."""

    address: str
    raw: Mapping[str, Json]
    edges: tuple[tuple[str, str], ...]
    type: str = ""
    managed: bool = False


type Lifetime = Literal["ephemeral", "production"]


class Resource(Body):
    """A managed resource or a data source."""

    def __init__(self, block: Block, stack: "Stack") -> None:
        super().__init__(block.raw, stack.evaluated)
        self.address = block.address
        self.type = block.type
        self.managed = block.managed

    @property
    def copies(self) -> int | None:
        """Return the number of instances; None if it is known only after apply."""
        match self.value("count"), self.value("for_each"):
            case None, None:
                return 1
            case None, list() | dict() as items:
                return len(items)
            case int() as count, _:
                return count
            case _:
                return None

    @property
    def suppressions(self) -> Mapping[str, Json]:
        """Return the rules that the resource's metadata suppresses, each with the reason."""
        return self._metadata("guardrails")

    @property
    def emits_metrics(self) -> bool:
        """Return whether the metadata declares custom metrics."""
        return bool(self._metadata("emits"))

    def emitted_metrics(self, namespace: str) -> Iterator[tuple[str, list[frozenset[str]]]]:
        """Yield the metrics in the `emits` metadata for a namespace, each with its dimension sets."""
        stated = self._metadata("emits").get(namespace)
        for name, sets in stated.items() if isinstance(stated, Mapping) else ():
            lists = sets if isinstance(sets, list) else []
            yield name, [frozenset(map(str, dimensions)) for dimensions in lists if isinstance(dimensions, list)]

    def _metadata(self, name: str) -> Mapping[str, Json]:
        metadata = self._raw.get("//")
        found = metadata.get(name) if isinstance(metadata, Mapping) else None
        return found if isinstance(found, Mapping) else {}

    @property
    def physical_name(self) -> Value:
        """Return the name of the resource in AWS, or None if Terraform generates it."""
        return self.value(physical_name_attribute(self.type))


class Stack:
    """The blocks of one configuration or plan."""

    def __init__(  # noqa: PLR0913 - the parts of a configuration, each by keyword
        self,
        *,
        blocks: Iterable[Block],
        local_values: Mapping[str, Json] | None = None,
        default_tags: Mapping[str, Json] | None = None,
        unseen_modules: Mapping[str, frozenset[str]] | None = None,
        has_templates: bool,
        lifetime: Lifetime | None = None,
    ) -> None:
        self._blocks = list(blocks)
        self._local_values = local_values or {}
        self._resolving: list[str] = []
        # The modules whose resources are not known, each with the blocks that its arguments refer to.
        self.unseen_modules = unseen_modules or {}
        self.has_templates = has_templates
        self._lifetime = lifetime
        self._by_name: dict[str, dict[str, Resource]] = {}
        self._naming: dict[tuple[str, str, str], dict[str, list[Resource]]] = {}
        self.default_tags = Body(default_tags or {}, self.evaluated)

    @cached_property
    def _all(self) -> dict[str, Resource]:
        return {block.address: Resource(block, self) for block in self._blocks if block.type}

    @cached_property
    def _by_type(self) -> dict[str, list[Resource]]:
        found: dict[str, list[Resource]] = {}
        for resource in self.resources:
            found.setdefault(resource.type, []).append(resource)
        return found

    @cached_property
    def resources(self) -> list[Resource]:
        """The managed resources that have at least one instance."""
        return [resource for resource in self._all.values() if resource.managed and resource.copies != 0]

    @cached_property
    def graph(self) -> "nx.DiGraph[str]":
        """The dependencies of blocks; the `attribute` of an edge is the one with the reference."""
        graph: nx.DiGraph[str] = nx.DiGraph()
        graph.add_nodes_from(without_index(block.address) for block in self._blocks)
        for block in self._blocks:
            source = without_index(block.address)
            for attribute, target in block.edges:
                if target in graph and not graph.has_edge(source, target):
                    graph.add_edge(source, target, attribute=attribute)
        return graph

    @property
    def lifetime(self) -> Lifetime | None:
        """Return the lifetime from the caller, or else from the default tag `Ephemeral`."""
        ephemeral = str(self.default_tags.value("Ephemeral")).lower() == "true"
        return self._lifetime or ("ephemeral" if ephemeral else None)

    def of_type(self, *types: str) -> Iterator[Resource]:
        """Yield the managed resources of these types."""
        for type_ in types:
            yield from self._by_type.get(type_, [])

    def evaluated(self, text: str) -> Value:
        """Return the value of the text of an attribute."""
        return evaluate(text, self._resolved) if self.has_templates else text

    def block(self, reference: Reference) -> Resource | None:
        """Return the resource or data source that a reference names."""
        return self._all.get(reference.address + reference.index) or self._all.get(reference.address)

    def followed(self, value: Value) -> Value:
        """Return the value behind a reference, if the attribute that it names is set."""
        for _ in range(_FARTHEST):
            if not isinstance(value, Reference) or (block := self.block(value)) is None:
                return value
            steps = value.attributes
            stated = block.value(_OTHER_NAMES.get(steps[0], steps[0])) if steps else None
            if stated is None:
                return value
            value = walk(stated, steps[1:])
        return value

    def target(self, value: Value, *types: str) -> Resource | None:
        """Return the resource of one of these types that a value names: by reference, by ARN or by name.

        Raises:
            UnknownValueError: the value is not known before apply.
        """
        if isinstance(value, Unknown):
            raise UnknownValueError(value)
        for candidate in (value, self.followed(value)):
            if isinstance(candidate, Reference):
                block = self.block(candidate)
                if block is not None and block.type in types and block.managed:
                    return block
            elif isinstance(candidate, str | Template):
                return self._named(candidate, types)
        return None

    def naming(self, resource: Resource, type_: str, attribute: str) -> list[Resource]:
        """Return the resources of a type that name another resource in an attribute.

        Raises:
            UnknownValueError: the attribute of one of them is not known before apply.
        """
        key = (resource.type, type_, attribute)
        if key not in self._naming:
            found: dict[str, list[Resource]] = {}
            for each in self.of_type(type_):
                for value in each.items(attribute):
                    named = self.target(value, resource.type)
                    if named is not None:
                        found.setdefault(named.address, []).append(each)
            self._naming[key] = found
        return self._naming[key].get(resource.address, [])

    def _named(self, value: str | Template, types: tuple[str, ...]) -> Resource | None:
        """Return the resource with a name equal to a text, or to the end of an ARN."""
        text = str(value)
        starts = [0, *(position + 1 for position, character in enumerate(text) if character in ":/")]
        for type_ in types:
            names = self._names(type_)
            for start in starts:
                if text[start:] in names:
                    return names[text[start:]]
        return None

    def _names(self, type_: str) -> dict[str, Resource]:
        if type_ not in self._by_name:
            names = ((self.followed(resource.physical_name), resource) for resource in self.of_type(type_))
            self._by_name[type_] = {
                str(name): resource for name, resource in names if name != "" and isinstance(name, str | Template)
            }
        return self._by_name[type_]

    def _resolved(self, reference: Reference) -> Value:
        kind, _, name = reference.address.partition(".")
        if kind != "local":
            return reference
        if name not in self._local_values or name in self._resolving:
            return Unknown(str(reference)[2:-1])
        self._resolving.append(name)
        try:
            value = replaced(self._local_values[name], self.evaluated)
        finally:
            self._resolving.pop()
        return walk(value, reference.path)
