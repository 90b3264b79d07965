"""Reads addresses, names and Regions from a Terraform state (state format version 4)."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from terraform_harness.terraform.resource_types import NEVER_SHARED, Key, key_of, named_by, with_log_group

type Json = Any

_ARN = re.compile(r"arn:[^:]*:[^:]*:(?P<region>[a-z0-9-]*):")
_DEFAULT_PROVIDER = re.compile(r'provider\["[^"]*/hashicorp/aws"\]')
_ESCAPES = {"\n": r"\n", "\r": r"\r", "\t": r"\t", '"': r"\"", "\\": r"\\"}
_LAST_OF_FOUR_DIGITS = 0xFFFF


def addresses_in(state: Mapping[str, Json]) -> Sequence[str]:
    """Return the addresses of the managed resources, as Terraform writes them."""
    # An instance has two objects until its replaced object is destroyed.
    return tuple(dict.fromkeys(_address(resource, instance) for resource, instance in _managed(state)))


def names_in(state: Mapping[str, Json], regions: Sequence[str]) -> frozenset[Key]:
    """Return kind, name and Region of the managed resources; without a known Region, one for each of `regions`."""
    return frozenset(
        key_of(kind, name, region)
        for resource, instance in _managed(state)
        if (named := named_by(resource["type"], _attributes(instance))) is not None
        for kind, name in with_log_group(*named)
        for region in ([_region(instance)] if _region(instance) else regions)
    )


def existing_in(state: Mapping[str, Json], existed: Collection[Key]) -> Sequence[str]:
    """Return the addresses of the managed resources that existed before the run."""
    return tuple(
        _address(resource, instance)
        for resource, instance in _managed(state)
        if (named := named_by(resource["type"], _attributes(instance))) is not None
        and named[0] not in NEVER_SHARED
        and key_of(*named, _region(instance)) in existed
    )


def texts_in(state: Mapping[str, Json]) -> frozenset[str]:
    """Return the values that identify the managed resources: each `id`, `arn` and name."""
    return frozenset(
        value
        for _, instance in _managed(state)
        for attribute, value in _attributes(instance).items()
        if isinstance(value, str) and value and (attribute in {"arn", "id", "bucket"} or attribute.endswith("name"))
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Regions:
    """The Regions of a state: the one of the default provider configuration, and all of them."""

    default: Sequence[str]
    others: Sequence[str]


def regions_in(state: Mapping[str, Json]) -> Regions:
    """Return the Regions in the ARNs of a state."""
    default, others = Counter[str](), Counter[str]()
    for resource, instance in _instances(state):
        if region := _region(instance):
            (default if _DEFAULT_PROVIDER.fullmatch(resource["provider"]) else others)[region] += 1
    return Regions(default=[region for region, _ in default.most_common(1)], others=[*default, *others])


def _managed(state: Mapping[str, Json]) -> Iterator[tuple[Json, Json]]:
    return ((resource, instance) for resource, instance in _instances(state) if resource["mode"] == "managed")


def _instances(state: Mapping[str, Json]) -> Iterator[tuple[Json, Json]]:
    return ((resource, instance) for resource in state.get("resources", []) for instance in resource["instances"])


def _address(resource: Json, instance: Json) -> str:
    return ".".join(filter(None, (resource.get("module"), resource["type"], f"{resource['name']}{_key(instance)}")))


def _region(instance: Json) -> str:
    found = _ARN.match(str(_attributes(instance).get("arn")))
    return found["region"] if found else ""


def _attributes(instance: Json) -> Mapping[str, Json]:
    # Terraform 0.11 wrote `attributes_flat` instead.
    return instance.get("attributes") or {}


def _key(instance: Json) -> str:
    """Return the key of an instance as its address has it.

    Source: https://github.com/hashicorp/terraform/blob/v1.11.4/internal/addrs/instance_key.go (toHCLQuotedString)
    """
    match instance.get("index_key"):
        case None:
            return ""
        case int() as index:
            return f"[{index}]"
        case key:
            escaped = "".join(map(_escaped, key)).replace("${", "$${").replace("%{", "%%{")
            return f'["{escaped}"]'


def _escaped(character: str) -> str:
    """Return a character of a key; an unprintable one as its code point."""
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\u{code:04x}" if code <= _LAST_OF_FOUR_DIGITS else f"\\U{code:08x}"
