"""An AWS API call as an HTTP request and response."""

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
class Response:
    """The response of an AWS endpoint."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
