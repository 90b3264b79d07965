"""Reads the `*.tf.json` files of one folder as one configuration, as Terraform does."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from terraform_guardrails.errors import InputError
from terraform_guardrails.terraform.body import Json
from terraform_guardrails.terraform.stack import Block, Lifetime, Stack
from terraform_guardrails.terraform.syntax import references

_PLAIN_REFERENCES = {"depends_on", "replace_triggered_by"}  # lists of addresses without ${}


def stack_from(documents: Mapping[Path, Json], lifetime: Lifetime | None) -> Stack:
    """Return the stack that the files of a folder describe together.

    Raises:
        InputError: a block is not an object where Terraform requires one.
    """
    resources: dict[str, Block] = {}
    local_values: dict[str, Json] = {}
    others: dict[str, Block] = {}
    default_tags: dict[str, Json] = {}
    modules: dict[str, frozenset[str]] = {}
    for path, document in _in_terraforms_order(documents):
        for kind, prefix in (("resource", ""), ("data", "data.")):
            for type_, named in _entries(path, kind, document.get(kind)):
                for name, body in _entries(path, f"{kind}.{type_}", named):
                    address = f"{prefix}{type_}.{name}"
                    raw = dict(resources[address].raw) if address in resources else {}
                    for part in _objects(path, address, body):
                        raw |= part
                    resources[address] = Block(
                        address=address, raw=raw, edges=tuple(_edges(raw)), type=type_, managed=not prefix
                    )
        for name, value in _entries(path, "locals", document.get("locals")):
            local_values[name] = value
            others[f"local.{name}"] = Block(address=f"local.{name}", raw={}, edges=tuple(_edges({"value": value})))
        for name, value in _entries(path, "output", document.get("output")):
            others[f"output.{name}"] = Block(address=f"output.{name}", raw={}, edges=tuple(_edges({"value": value})))
        for name, body in _entries(path, "module", document.get("module")):
            modules[f"module.{name}"] = frozenset(target for _, target in _edges({"arguments": body}))
        default_tags |= _default_tags(path, document)
    return Stack(
        blocks=[*resources.values(), *others.values()],
        local_values=local_values,
        default_tags=default_tags,
        unseen_modules=modules,
        has_templates=True,
        lifetime=lifetime,
    )


def local_modules(documents: Mapping[Path, Json]) -> Iterator[Path]:
    """Yield the folders that a configuration calls as local modules.

    Raises:
        InputError: a module is not an object.
    """
    for path, document in _in_terraforms_order(documents):
        for name, body in _entries(path, "module", document.get("module")):
            for part in _objects(path, f"module.{name}", body):
                source = part.get("source")
                if isinstance(source, str) and source.startswith(("./", "../")):
                    yield path.parent / source


def _in_terraforms_order(documents: Mapping[Path, Json]) -> list[tuple[Path, Mapping[str, Json]]]:
    """Return the files in the merge order of Terraform: override files last."""
    ordered = sorted(documents, key=lambda path: (_overrides(path), path.name))
    return [(path, part) for path in ordered for part in _objects(path, "the top level", documents[path])]


def _overrides(path: Path) -> bool:
    return path.name == "override.tf.json" or path.name.endswith("_override.tf.json")


def _entries(path: Path, where: str, value: Json) -> Iterator[tuple[str, Json]]:
    for part in _objects(path, where, value):
        for key, entry in part.items():
            if key != "//":
                yield key, entry


def _objects(path: Path, where: str, value: Json) -> list[Mapping[str, Json]]:
    """Return the objects in a value: Terraform JSON allows a list of objects wherever it allows one."""
    parts = value if isinstance(value, list) else [] if value is None else [value]
    if not all(isinstance(part, Mapping) for part in parts):
        raise InputError(path, f"{where} is not an object")
    return parts


def _default_tags(path: Path, document: Mapping[str, Json]) -> Iterable[tuple[str, Json]]:
    for name, providers in _entries(path, "provider", document.get("provider")):
        for provider in _objects(path, f"provider.{name}", providers):
            for block in _objects(path, f"provider.{name}.default_tags", provider.get("default_tags")):
                yield from _entries(path, "default_tags.tags", block.get("tags"))


def _edges(raw: Mapping[str, Json]) -> Iterator[tuple[str, str]]:
    """Yield the attribute and the target address of each reference in a block."""
    waiting: list[tuple[str, Json]] = [(name, value) for name, value in raw.items() if name != "//"]
    while waiting:
        where, value = waiting.pop()
        match value:
            case str() if where.rpartition(".")[2] in _PLAIN_REFERENCES:
                yield where, next((reference.address for reference in references("${" + value + "}")), value)
            case str():
                for reference in references(value):
                    yield where, reference.address
            case Mapping():
                waiting.extend((f"{where}.{key}", item) for key, item in value.items())
            case list():
                waiting.extend((where, item) for item in value)
