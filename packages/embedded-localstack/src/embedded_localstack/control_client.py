"""Sends requests to the control addresses of the embedded LocalStack and of the fault proxy."""

import json
import urllib.request
from typing import Any

_TIMEOUT_SECONDS = 10


def request_json(url: str, *, method: str = "GET", body: bytes | None = None) -> Any:  # noqa: ANN401 - any JSON
    """Send a request, and return the JSON of its response."""
    request = urllib.request.Request(url, data=body, method=method)  # noqa: S310  (an address of this package)
    # A proxy of the shell cannot reach 127.0.0.1 of this machine.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=_TIMEOUT_SECONDS) as response:
        return json.loads(response.read())
