"""Which function process uses which access key, to know a function by the calls it makes."""

from harness.localstack.functions.sandbox import Sandbox

_sandboxes: dict[str, Sandbox] = {}


def register(access_key: str, sandbox: Sandbox) -> None:
    """Remember that this sandbox, and no other, signs with this key."""
    _sandboxes[access_key] = sandbox


def forget(access_key: str) -> None:
    """Forget a sandbox that has ended."""
    _sandboxes.pop(access_key, None)


def caller_with(access_key: str) -> Sandbox | None:
    """Return the sandbox that signs with this key, if any does."""
    return _sandboxes.get(access_key)
