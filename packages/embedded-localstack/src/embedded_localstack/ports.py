"""Finds a free port and checks a given one."""

import contextlib
import random
import socket

from embedded_localstack.errors import PortBusyError

# These ports are below the range that kernels use for outgoing connections (32768 and up on Linux, 49152 and up
# elsewhere), so that no connection takes the port between the check and the start of LocalStack.
_CANDIDATES = range(20_000, 32_000)


def free_port() -> int:
    """Return a free port on 127.0.0.1."""
    while True:
        port = random.choice(_CANDIDATES)  # noqa: S311  (not a secret)
        with contextlib.suppress(PortBusyError):
            assert_free(port)
            return port


def assert_free(port: int) -> None:
    """Raise PortBusyError if the port is in use."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise PortBusyError(port=port) from error
