"""What every rule is: a name, the types of resource that it looks at, and a check of one of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from terraform_guardrails.finding import Finding
from terraform_guardrails.terraform.stack import Resource, Stack


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule; `check` raises UnknownValueError where it lacks a value, and is then counted as not judged."""

    name: str
    check: Callable[[Resource, Stack], Iterator[Finding]]
    types: frozenset[str] | None = None
    """The types that it looks at; None for all."""
