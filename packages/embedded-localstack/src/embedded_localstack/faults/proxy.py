"""A reverse proxy that injects faults in front of LocalStack in a container, DynamoDB Local or moto.

The endpoint must not check signatures. AWS does: it rejects a request that was signed for another host.
"""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

import urllib3

from embedded_localstack.faults.call import Call, Response
from embedded_localstack.faults.client import Faults
from embedded_localstack.faults.control import PATH, Control
from embedded_localstack.faults.injection import inject
from embedded_localstack.faults.protocol import recognise

# These headers belong to one connection and are not forwarded.
_HOP_BY_HOP = {"connection", "content-length", "keep-alive", "transfer-encoding"}


class FaultProxy:
    """A reverse proxy on a free port of 127.0.0.1; a context manager.

    Args:
        target_url: The address of the endpoint that receives the requests.
    """

    def __init__(self, target_url: str) -> None:
        self._control = Control()
        self._target_url = target_url.rstrip("/")
        self._pool = urllib3.PoolManager(maxsize=32, retries=False)
        proxy = self

        class Handler(_Handler):
            owner = proxy

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, name="fault-proxy", daemon=True)

    @property
    def endpoint_url(self) -> str:
        """The address for clients."""
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def faults(self) -> Faults:
        """Injects faults into the requests of this proxy."""
        return Faults(self.endpoint_url)

    def handle(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Response | None:
        """Return the response to one request; ``None`` for a request that times out."""
        if target == PATH:
            return Response(status=200, body=self._control.handle(method, body))
        service, operation = recognise(method, target, headers, body)
        call = Call(service=service, operation=operation, method=method, target=target, headers=headers, body=body)
        schedule = self._control.schedule
        return inject(schedule, call, self.forward) if schedule.matches(service, operation) else self.forward(call)

    def forward(self, call: Call) -> Response:
        """Send a request to the target, and return its response."""
        response = self._pool.urlopen(
            call.method,
            self._target_url + call.target,
            body=call.body,
            headers=call.headers,
            redirect=False,
            decode_content=False,
        )
        return Response(status=response.status, headers=dict(response.headers), body=response.data)

    def __enter__(self) -> Self:
        """Start the proxy."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the proxy."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        self._pool.clear()


class _Handler(BaseHTTPRequestHandler):
    owner: FaultProxy
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name: value for name, value in self.headers.items() if name.lower() not in _HOP_BY_HOP}
        response = self.owner.handle(self.command, self.path, headers, body)
        if response is None:
            self.close_connection = True
            return
        self.send_response(response.status)
        for name, value in response.headers.items():
            if name.lower() not in _HOP_BY_HOP:
                self.send_header(name, value)
        # The response to HEAD has the length of a body that it does not contain.
        length = response.headers.get("Content-Length", "0") if self.command == "HEAD" else str(len(response.body))
        self.send_header("Content-Length", length)
        self.end_headers()
        self.wfile.write(response.body)

    do_DELETE = do_GET = do_HEAD = do_POST = do_PUT = _serve  # noqa: N815  (the names that http.server calls)

    def log_message(self, *_: object) -> None:
        """Write no access log: it would flood the output of the test."""
