"""One Terraform configuration, whatever it was read from: its resources, and what their references stand for."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import networkx as nx

from terraform_guardrails.errors import UnknownValueError
from terraform_guardrails.terraform.addresses import without_index
from terraform_guardrails.terraform.body import Body, Json
from terraform_guardrails.terraform.expressions import evaluate, walk
from terraform_guardrails.terraform.names import physical_name_attribute
from terraform_guardrails.terraform.values import Reference, Template, Unknown, Value, replaced

_FARTHEST = 20  # references followed from one to the next; more is a cycle
_OTHER_NAMES = {"target_key_arn": "target_key_id"}  # attributes that repeat one which is stated


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """What an input says of one resource, data source, local value or output."""

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
        """How many of it there will be; None where only the apply can tell."""
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
        """The rules that the resource's metadata switches off, each with its reason."""
        return self._metadata("guardrails")

    def emitted_metrics(self, namespace: str) -> Iterator[tuple[str, list[frozenset[str]]]]:
        """The metrics that its code emits in a namespace, with the dimension sets, as its metadata states them."""
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
        """The name that AWS will know it by, or None where Terraform makes one up."""
        return self.value(physical_name_attribute(self.type))


class Stack:
    """The blocks of one configuration."""

    def __init__(  # noqa: PLR0913 - all that a configuration can hold, each by name
        self,
        *,
        blocks: Iterable[Block],
        local_values: Mapping[str, Json] | None = None,
        default_tags: Mapping[str, Json] | None = None,
        unseen_modules: Iterable[str] = (),
        has_templates: bool,
        lifetime: Lifetime | None = None,
    ) -> None:
        self._blocks = list(blocks)
        self._local_values = local_values or {}
        self._resolving: list[str] = []
        self.unseen_modules = tuple(unseen_modules)
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
        """The managed resources, without those of which there will be none."""
        return [resource for resource in self._all.values() if resource.managed and resource.copies != 0]

    @cached_property
    def graph(self) -> "nx.DiGraph[str]":
        """What depends on what: an edge's `attribute` says where the reference stands."""
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
        """What the stack was said to be, else what its default tag `Ephemeral` says."""
        ephemeral = str(self.default_tags.value("Ephemeral")).lower() == "true"
        return self._lifetime or ("ephemeral" if ephemeral else None)

    def of_type(self, *types: str) -> Iterator[Resource]:
        """The managed resources of these types."""
        for type_ in types:
            yield from self._by_type.get(type_, [])

    def evaluated(self, text: str) -> Value:
        """The value of the text of an attribute."""
        return evaluate(text, self._resolved) if self.has_templates else text

    def block(self, reference: Reference) -> Resource | None:
        """The resource or data source that a reference names."""
        return self._all.get(reference.address + reference.index) or self._all.get(reference.address)

    def followed(self, value: Value) -> Value:
        """The value that a reference stands for, where the attribute that it names is stated."""
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
        """The resource of one of these types that a value names: by reference, by ARN or by name.

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
        """The resources of a type that name another one in an attribute.

        Raises:
            UnknownValueError: which one some of them name is not known before apply.
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
        """The resource whose name is a text, or the end of it after a colon or slash, as in an ARN."""
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
