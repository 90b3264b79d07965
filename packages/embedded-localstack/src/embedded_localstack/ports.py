"""Choosing a port to listen on."""

import contextlib
import random
import socket

from embedded_localstack.errors import PortBusyError

# Below the range from which kernels take the ports of outgoing connections (32768 and up on Linux, 49152 and up
# elsewhere), so that no connection can take the port between our look at it and LocalStack's start.
_CANDIDATES = range(20_000, 32_000)


def free_port() -> int:
    """Return a port of 127.0.0.1 on which nobody listens."""
    while True:
        port = random.choice(_CANDIDATES)  # noqa: S311  (not a secret)
        with contextlib.suppress(PortBusyError):
            assert_free(port)
            return port


def assert_free(port: int) -> None:
    """Raise PortBusyError if somebody holds the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise PortBusyError(port=port) from error
