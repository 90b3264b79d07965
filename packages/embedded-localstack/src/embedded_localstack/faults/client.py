"""Switches faults on and off from a test."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatchcase

from embedded_localstack.control_client import request_json
from embedded_localstack.errors import NoSuchCallError
from embedded_localstack.faults.control import PATH
from embedded_localstack.faults.fault import Fault
from embedded_localstack.faults.protocol import has_operation


class Faults:
    """The faults of an embedded LocalStack or of a FaultProxy.

    Args:
        endpoint_url: The address of the LocalStack or of the proxy.
    """

    def __init__(self, endpoint_url: str) -> None:
        self._url = f"{endpoint_url}{PATH}"

    def switch_on(self, *faults: Fault, seed: int = 0) -> None:
        """Replace the active faults; the same seed produces the same failures.

        Raises:
            NoSuchCallError: AWS does not have the service or the operation of a fault.
        """
        for fault in faults:
            if not has_operation(fault.service, lambda name, wanted=fault.operation: fnmatchcase(name, wanted)):  # type: ignore[misc]  # bound now
                raise NoSuchCallError(service=fault.service, operation=fault.operation)
        self._request("PUT", json.dumps({"seed": seed, "faults": [fault.to_json() for fault in faults]}).encode())

    def switch_off(self) -> None:
        """Remove all faults."""
        self.switch_on()

    @contextmanager
    def during(self, *faults: Fault, seed: int = 0) -> Iterator[None]:
        """Activate the faults for a ``with`` block."""
        self.switch_on(*faults, seed=seed)
        try:
            yield
        finally:
            self.switch_off()

    @property
    def injected(self) -> list[int]:
        """The number of injections of each active fault, in the order of the faults."""
        return self._request("GET", None)

    def _request(self, method: str, body: bytes | None) -> list[int]:
        injected: list[int] = request_json(self._url, method=method, body=body)["injected"]
        return injected
