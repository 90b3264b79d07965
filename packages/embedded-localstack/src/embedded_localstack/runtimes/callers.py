"""Maps access keys to function processes, to find the function that made an API call."""

import re

from embedded_localstack.runtimes.sandbox import Sandbox

_ACCESS_KEY = re.compile(r"Credential=([^/]+)/")

_sandboxes: dict[str, Sandbox] = {}


def register(access_key: str, sandbox: Sandbox) -> None:
    """Add a sandbox, which signs its requests with this key."""
    _sandboxes[access_key] = sandbox


def unregister(access_key: str) -> None:
    """Remove the sandbox with this key."""
    _sandboxes.pop(access_key, None)


def caller_of(authorization: str) -> Sandbox | None:
    """Return the sandbox that signed a request with this Authorization header, or None."""
    access_key = _ACCESS_KEY.search(authorization)
    return _sandboxes.get(access_key[1]) if access_key else None
