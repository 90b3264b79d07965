"""Faults in front of any AWS endpoint that does not check signatures: LocalStack in a container, DynamoDB Local, moto.

Real AWS checks that the signed host is its own, so it cannot be reached through another address.
"""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

import urllib3

from embedded_localstack.faults.call import Answer, Call
from embedded_localstack.faults.client import Faults
from embedded_localstack.faults.control import PATH, Control
from embedded_localstack.faults.injection import inject
from embedded_localstack.faults.protocol import recognise

# What belongs to one connection and is not passed on.
_HOP_BY_HOP = {"connection", "content-length", "keep-alive", "transfer-encoding"}


class FaultProxy:
    """A reverse proxy on a free port of 127.0.0.1; a context manager."""

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
        """What clients use in place of the target's address."""
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def faults(self) -> Faults:
        """The switch."""
        return Faults(self.endpoint_url)

    def handle(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Answer | None:
        """Answer one request; nothing for one that times out."""
        if target == PATH:
            return Answer(status=200, body=self._control.answer(method, body))
        service, operation = recognise(method, target, headers, body)
        call = Call(service=service, operation=operation, method=method, target=target, headers=headers, body=body)
        plan = self._control.plan
        return inject(plan, call, self._forward) if plan.concerns(service, operation) else self._forward(call)

    def _forward(self, call: Call) -> Answer:
        response = self._pool.urlopen(
            call.method,
            self._target_url + call.target,
            body=call.body,
            headers=call.headers,
            redirect=False,
            decode_content=False,
        )
        return Answer(status=response.status, headers=dict(response.headers), body=response.data)

    def __enter__(self) -> Self:
        """Start serving."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop serving."""
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
        answer = self.owner.handle(self.command, self.path, headers, body)
        if answer is None:
            self.close_connection = True
            return
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            if name.lower() not in _HOP_BY_HOP:
                self.send_header(name, value)
        # The answer to HEAD tells the length of what it does not carry.
        length = answer.headers.get("Content-Length", "0") if self.command == "HEAD" else str(len(answer.body))
        self.send_header("Content-Length", length)
        self.end_headers()
        self.wfile.write(answer.body)

    do_DELETE = do_GET = do_HEAD = do_POST = do_PUT = _serve  # noqa: N815  (the names that http.server calls)

    def log_message(self, *_: object) -> None:
        """Say nothing: a line for each call would drown the test's own output."""
