"""Asking the embedded LocalStack, or a proxy in front of one, for what no AWS service has."""

import json
import urllib.request
from typing import Any

_ANSWER_SECONDS = 10


def ask(url: str, *, method: str = "GET", body: bytes | None = None) -> Any:  # noqa: ANN401 - whatever the JSON says
    """Return the JSON that is answered at an address."""
    request = urllib.request.Request(url, data=body, method=method)  # noqa: S310  (an address of ours)
    # No proxy: the environment's may not know the way to 127.0.0.1.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=_ANSWER_SECONDS) as response:
        return json.loads(response.read())
