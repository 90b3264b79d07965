"""What a rule says, and what it says instead when it cannot know."""

from dataclasses import dataclass
from typing import Literal

type Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Finding:
    """One thing that will not deploy, or will not work."""

    address: str
    rule: str
    severity: Severity
    problem: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Unjudged:
    """A resource about which a rule could not decide, and the value that it lacked."""

    address: str
    rule: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Suppressed:
    """A finding that someone accepted, with their reason."""

    finding: Finding
    reason: str
