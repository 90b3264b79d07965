"""Reads the catalogue of physical names: the attribute with the name, and the limits of AWS."""

from dataclasses import dataclass
from functools import cache

from terraform_guardrails.data import load


@dataclass(frozen=True, slots=True, kw_only=True)
class NameLimits:
    """The limits for the name of one resource type. The name is unique within `shared_within`."""

    attribute: str
    shared_within: str
    shortest: int | None
    longest: int | None
    pattern: str | None
    source: str


@cache
def name_limits() -> dict[str, NameLimits]:
    """Return the catalogue by resource type."""
    return {type_: NameLimits(**limits) for type_, limits in load("resource_names.json")["names"].items()}


def physical_name_attribute(type_: str) -> str:
    """Return the attribute with the physical name of a resource type."""
    limits = name_limits().get(type_)
    return limits.attribute if limits else "name"
