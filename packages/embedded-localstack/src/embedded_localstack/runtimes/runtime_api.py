"""The Lambda Runtime API for one function process.

https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

import queue
import threading
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_PREFIX = "/2018-06-01/runtime"

# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html (6 MB; the number is in the error message)
LARGEST_RESPONSE = 6_291_556


@dataclass(frozen=True, kw_only=True)
class Invocation:
    """The data of one invocation for the runtime."""

    request_id: str
    function_arn: str
    trace_header: str
    deadline_milliseconds: int
    payload: bytes


@dataclass(frozen=True, kw_only=True)
class Ready:
    """The runtime requested the next invocation: the initialisation or the last invocation has ended."""


@dataclass(frozen=True, kw_only=True)
class Responded:
    """The runtime sent the result or the error of an invocation."""

    payload: bytes
    is_error: bool


@dataclass(frozen=True, kw_only=True)
class ResponseTooLarge:
    """The runtime sent a response that exceeds Lambda's limit."""


@dataclass(frozen=True, kw_only=True)
class InitFailed:
    """The runtime could not load the handler."""

    payload: bytes


@dataclass(frozen=True, kw_only=True)
class Exited:
    """The process exited; a negative code is a signal."""

    code: int


@dataclass(frozen=True, kw_only=True)
class TimedOut:
    """The deadline passed without another event."""


type Event = Ready | Responded | ResponseTooLarge | InitFailed | Exited | TimedOut


class RuntimeApi:
    """Serves the API on a free port of 127.0.0.1, and converts the runtime's requests to events."""

    def __init__(self) -> None:
        self.events: queue.Queue[Event] = queue.Queue()
        self.invocations: queue.Queue[Invocation | None] = queue.Queue()
        api = self

        class Handler(_Handler):
            runtime_api = api

        self._server = _Server(("127.0.0.1", 0), Handler)
        # close() takes up to this long: the default of half a second would delay the response after every crash.
        serve = partial(self._server.serve_forever, poll_interval=0.05)
        threading.Thread(target=serve, name="lambda-runtime-api", daemon=True).start()

    @property
    def address(self) -> str:
        """The value of AWS_LAMBDA_RUNTIME_API."""
        return f"127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        """Stop the server, and release a runtime that waits for its next invocation."""
        self.invocations.put(None)
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Ignore the error: when a process dies during a request, its exit is an event."""


class _Handler(BaseHTTPRequestHandler):
    runtime_api: RuntimeApi
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        if self.path != f"{_PREFIX}/invocation/next":
            self._respond(HTTPStatus.NOT_FOUND)
            return
        self.runtime_api.events.put(Ready())
        invocation = self.runtime_api.invocations.get()
        if invocation is None:
            self.close_connection = True
            return
        self._respond(
            HTTPStatus.OK,
            invocation.payload,
            {
                "Lambda-Runtime-Aws-Request-Id": invocation.request_id,
                "Lambda-Runtime-Deadline-Ms": str(invocation.deadline_milliseconds),
                "Lambda-Runtime-Invoked-Function-Arn": invocation.function_arn,
                "Lambda-Runtime-Trace-Id": invocation.trace_header,
            },
        )

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        match self.path.removeprefix(f"{_PREFIX}/").split("/"):
            case ["init", "error"]:
                event: Event = InitFailed(payload=body)
            case ["invocation", _, "response"] if len(body) > LARGEST_RESPONSE:
                self.runtime_api.events.put(ResponseTooLarge())
                self._respond(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
                return
            case ["invocation", _, "response"]:
                event = Responded(payload=body, is_error=False)
            case ["invocation", _, "error"]:
                event = Responded(payload=body, is_error=True)
            case _:
                self._respond(HTTPStatus.NOT_FOUND)
                return
        self.runtime_api.events.put(event)
        self._respond(HTTPStatus.ACCEPTED)

    def _respond(self, status: HTTPStatus, body: bytes = b"", headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Write no access log: it would flood LocalStack's log."""
