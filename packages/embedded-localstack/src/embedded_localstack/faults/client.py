"""Switching faults on and off from a test."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatchcase

from embedded_localstack.control_client import ask
from embedded_localstack.errors import NoSuchCallError
from embedded_localstack.faults.control import PATH
from embedded_localstack.faults.fault import Fault
from embedded_localstack.faults.protocol import has_operation


class Faults:
    """The faults of an embedded LocalStack, or of a FaultProxy.

    Args:
        endpoint_url: Of the one or of the other.
    """

    def __init__(self, endpoint_url: str) -> None:
        self._url = f"{endpoint_url}{PATH}"

    def switch_on(self, *faults: Fault, seed: int = 0) -> None:
        """Put these faults in force, in place of all others; the same seed gives the same failures.

        Raises:
            NoSuchCallError: A fault names a service or an operation that AWS does not have.
        """
        for fault in faults:
            if not has_operation(fault.service, lambda name, wanted=fault.operation: fnmatchcase(name, wanted)):  # type: ignore[misc]  # bound now
                raise NoSuchCallError(service=fault.service, operation=fault.operation)
        self._call("PUT", json.dumps({"seed": seed, "faults": [fault.to_json() for fault in faults]}).encode())

    def switch_off(self) -> None:
        """Let everything work again."""
        self.switch_on()

    @contextmanager
    def during(self, *faults: Fault, seed: int = 0) -> Iterator[None]:
        """Put these faults in force for the length of a ``with`` block."""
        self.switch_on(*faults, seed=seed)
        try:
            yield
        finally:
            self.switch_off()

    @property
    def injected(self) -> list[int]:
        """How often each fault in force has happened, in the order in which they were given."""
        return self._call("GET", None)

    def _call(self, method: str, body: bytes | None) -> list[int]:
        injected: list[int] = ask(self._url, method=method, body=body)["injected"]
        return injected
