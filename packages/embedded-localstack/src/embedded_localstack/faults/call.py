"""An AWS call as it travels over HTTP."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Call:
    """A request to an AWS endpoint."""

    service: str
    operation: str
    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The response of an AWS endpoint."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
