"""Which function process uses which access key, to know a function by the calls it makes."""

import re

from embedded_localstack.runtimes.sandbox import Sandbox

_ACCESS_KEY = re.compile(r"Credential=([^/]+)/")

_sandboxes: dict[str, Sandbox] = {}


def register(access_key: str, sandbox: Sandbox) -> None:
    """Remember that this sandbox, and no other, signs with this key."""
    _sandboxes[access_key] = sandbox


def forget(access_key: str) -> None:
    """Forget a sandbox that has ended."""
    _sandboxes.pop(access_key, None)


def caller_of(authorization: str) -> Sandbox | None:
    """Return the sandbox that signed a request with this Authorization header, if any did."""
    access_key = _ACCESS_KEY.search(authorization)
    return _sandboxes.get(access_key[1]) if access_key else None
