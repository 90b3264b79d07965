"""The interface of a rule: metadata, the resource types, and the check of one resource."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from terraform_guardrails.finding import Finding, Severity
from terraform_guardrails.terraform.stack import Resource, Stack


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule. `docs/rules.md` is generated from its metadata."""

    id: str
    severity: Severity
    """The highest severity of its findings."""
    summary: str
    """A noun phrase for the mistake that the rule finds."""
    source: str
    """The address of the page that justifies the rule."""
    example: str
    """A configuration in Terraform JSON that the rule rejects."""
    why: str
    remedy: str
    check: Callable[[Resource, Stack], Iterator[Finding]]
    """Yields the findings for one resource; raises UnknownValueError if it needs a value that is not known."""
    types: frozenset[str] | None = None
    """The resource types that the rule checks; None for all types."""
