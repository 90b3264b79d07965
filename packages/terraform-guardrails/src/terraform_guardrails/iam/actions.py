"""The catalogue of IAM actions, and their support for resource-level permissions."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, lru_cache

from terraform_guardrails.data import load
from terraform_guardrails.iam.policies import matches

# Policies repeat the same few actions, and each is compared with every action of its service.
_CACHE_SIZE = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceActions:
    """The actions of one service, with and without support for resource-level permissions."""

    with_resources: frozenset[str]
    without_resources: frozenset[str]


@cache
def _services() -> dict[str, ServiceActions]:
    return {
        prefix: ServiceActions(with_resources=frozenset(with_resources), without_resources=frozenset(without_resources))
        for prefix, (with_resources, without_resources) in load("actions.json")["actions"].items()
    }


@lru_cache(maxsize=_CACHE_SIZE)
def exists(pattern: str) -> bool:
    """Return whether an action exists, or any action that a pattern matches."""
    prefix, _, name = pattern.partition(":")
    return "*" in prefix or any(True for _ in _matching(prefix, name))


def similar(action: str) -> str | None:
    """Return the existing action with the most similar name, if one is similar enough."""
    prefix, _, name = action.partition(":")
    service = _services().get(prefix.lower())
    if service is None:
        return None
    found = get_close_matches(name, service.with_resources | service.without_resources, n=1, cutoff=0.8)
    return f"{prefix}:{found[0]}" if found else None


@lru_cache(maxsize=_CACHE_SIZE)
def has_resource_level_permissions(pattern: str) -> bool:
    """Return whether any action that a pattern matches supports resource-level permissions."""
    prefix, _, name = pattern.partition(":")
    return any(_matching(prefix, name))


def _matching(prefix: str, pattern: str) -> Iterator[bool]:
    """Yield, for each action that a pattern matches, whether it supports resource-level permissions."""
    service = _services().get(prefix.lower())
    if service is not None:
        yield from (True for name in service.with_resources if matches(pattern, name))
        yield from (False for name in service.without_resources if matches(pattern, name))
