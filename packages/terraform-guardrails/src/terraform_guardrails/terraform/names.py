"""What AWS allows as the physical name of a resource, and which attribute holds it."""

from dataclasses import dataclass
from functools import cache

from terraform_guardrails.data import load


@dataclass(frozen=True, slots=True, kw_only=True)
class NameLimits:
    """The limits of one type's name; `shared_within` says where no other may have the same one."""

    attribute: str
    shared_within: str
    shortest: int | None
    longest: int | None
    pattern: str | None
    source: str


@cache
def name_limits() -> dict[str, NameLimits]:
    """The limits of every type in the catalogue."""
    return {type_: NameLimits(**limits) for type_, limits in load("resource_names.json")["names"].items()}


def physical_name_attribute(type_: str) -> str:
    """The attribute that holds the name by which AWS knows a resource of a type."""
    limits = name_limits().get(type_)
    return limits.attribute if limits else "name"
