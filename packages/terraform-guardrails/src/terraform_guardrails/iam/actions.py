"""The IAM actions that exist, and which of them can be narrowed to a resource."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, lru_cache

from terraform_guardrails.data import load
from terraform_guardrails.iam.policies import matches

# The same few actions stand in many policies, and each is compared with every action of its service.
_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceActions:
    """The actions of one service: those that can be narrowed to a resource, and those that know none but `*`."""

    narrowable: frozenset[str]
    everywhere: frozenset[str]


@cache
def _services() -> dict[str, ServiceActions]:
    return {
        prefix: ServiceActions(narrowable=frozenset(narrowable), everywhere=frozenset(everywhere))
        for prefix, (narrowable, everywhere) in load("actions.json")["actions"].items()
    }


@lru_cache(maxsize=_REMEMBERED)
def exists(pattern: str) -> bool:
    """Whether an action, or a pattern with wildcards, means any action that there is."""
    prefix, _, name = pattern.partition(":")
    return "*" in prefix or any(True for _ in _matching(prefix, name))


def similar(action: str) -> str | None:
    """The action that was probably meant, if one is much like it."""
    prefix, _, name = action.partition(":")
    service = _services().get(prefix.lower())
    if service is None:
        return None
    found = get_close_matches(name, service.narrowable | service.everywhere, n=1, cutoff=0.8)
    return f"{prefix}:{found[0]}" if found else None


@lru_cache(maxsize=_REMEMBERED)
def is_narrowable(action: str) -> bool:
    """Whether some action that a pattern means could be narrowed to a resource."""
    prefix, _, name = action.partition(":")
    return any(_matching(prefix, name))


def _matching(prefix: str, pattern: str) -> Iterator[bool]:
    """For each action that a pattern means: whether it can be narrowed."""
    service = _services().get(prefix.lower())
    if service is not None:
        yield from (True for name in service.narrowable if matches(pattern, name))
        yield from (False for name in service.everywhere if matches(pattern, name))
