"""Overrides the target in the provider blocks of a configuration: their endpoints, or their account."""

import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from terraform_harness.terraform.errors import ConfigurationError

type Json = Any

# A provider that limits its accounts is not limited again: the two settings exclude each other.
_ACCOUNTS = ("allowed_account_ids", "forbidden_account_ids")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Block:
    """A `provider` block: the local name of the provider, its alias, and the names of its settings."""

    name: str
    alias: str | None
    settings: frozenset[str]


def provider_overrides(folder: Path, settings: Mapping[str, Json]) -> dict[str, Json]:
    """Return the content of an override file that adds these settings to each AWS provider block of a folder.

    Terraform refuses an override of a missing block, so only existing blocks are overridden:
    https://developer.hashicorp.com/terraform/language/files/override

    Raises:
        ConfigurationError: A file with provider blocks cannot be read.
    """
    documents = [_document(file) for file in sorted(folder.glob("*.tf*")) if file.name.endswith((".tf", ".tf.json"))]
    names = {name for document in documents for name in _local_names(document)} | {"aws"}
    overrides: dict[str, list[Json]] = {}
    for block in {block for document in documents for block in _blocks(document)}:
        is_limited = not block.settings.isdisjoint(_ACCOUNTS)
        added = {name: value for name, value in settings.items() if not (is_limited and name in _ACCOUNTS)}
        if block.name in names and added:
            alias = {} if block.alias is None else {"alias": block.alias}
            overrides.setdefault(block.name, []).append({**alias, **added})
    return {"provider": overrides} if overrides else {}


def _document(file: Path) -> Json:
    text = file.read_text(encoding="utf-8", errors="replace")
    if "provider" not in text:
        return {}
    if file.name.endswith(".json"):
        try:
            return json.loads(text)
        # Terraform reports invalid JSON itself.
        except ValueError:
            return {}
    # Parsing HCL is rare, and its parser takes a tenth of a second to import.
    import hcl2  # noqa: PLC0415

    try:
        return _unquoted(hcl2.load(io.StringIO(text)))
    # The parser raises errors of several libraries.
    except Exception as error:
        reason = f"the provider blocks in {file.name} cannot be read"
        remedy = "Check the file with 'terraform validate', or write its provider blocks as *.tf.json."
        raise ConfigurationError(folder=file.parent, reason=reason, remedy=remedy) from error


def _unquoted(value: Json) -> Json:
    """Return a value of hcl2 without the quotes that it leaves around labels and texts."""
    if isinstance(value, dict):
        return {_unquoted(key): _unquoted(inner) for key, inner in value.items() if key != "__is_block__"}
    if isinstance(value, list):
        return [_unquoted(inner) for inner in value]
    return value[1:-1] if isinstance(value, str) and value[:1] == value[-1:] == '"' else value


def _local_names(document: Json) -> Iterator[str]:
    """Yield the local names of the AWS provider."""
    for required in _objects(_objects(_objects(document), "terraform"), "required_providers"):
        for name, requirement in required.items():
            source = requirement.get("source", "") if isinstance(requirement, Mapping) else ""
            if source.endswith("hashicorp/aws"):
                yield name


def _blocks(document: Json) -> Iterator[_Block]:
    for providers in _objects(_objects(document), "provider"):
        for name in providers:
            for block in _objects([providers], name):
                # The settings that a dynamic block generates count as set.
                generated = [key for dynamic in _objects([block], "dynamic") for key in dynamic]
                yield _Block(name=name, alias=block.get("alias"), settings=frozenset([*block, *generated]))


def _objects(documents: Json, name: str | None = None) -> list[Mapping[str, Json]]:
    """Return the objects under a name: JSON and hcl2 write one as an object, several as a list."""
    if name is None:
        return [one for one in (documents if isinstance(documents, list) else [documents]) if isinstance(one, Mapping)]
    return [one for document in documents for one in _objects(document.get(name))]
