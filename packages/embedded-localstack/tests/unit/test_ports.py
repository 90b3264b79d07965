import socket

import pytest

from embedded_localstack import PortBusyError
from embedded_localstack.ports import assert_free, free_port


def test_free_port_can_be_used() -> None:
    port = free_port()

    with socket.socket() as server:
        server.bind(("127.0.0.1", port))
        server.listen()


def test_port_in_use_is_an_error() -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        port = server.getsockname()[1]

        with pytest.raises(PortBusyError, match=f"Port {port} on 127.0.0.1 is in use"):
            assert_free(port)
