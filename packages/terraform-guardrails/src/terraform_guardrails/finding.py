"""The results of a rule: a finding, a suppressed finding, or an inconclusive check."""

from dataclasses import dataclass
from typing import Literal

type Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Finding:
    """One problem with a resource, and its remedy."""

    address: str
    rule: str
    severity: Severity
    problem: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Inconclusive:
    """A resource that a rule could not decide on, and the reason."""

    address: str
    rule: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Suppressed:
    """A finding that the user accepts, and the reason."""

    finding: Finding
    reason: str
