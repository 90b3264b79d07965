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
    """What the runtime receives for one invocation."""

    request_id: str
    function_arn: str
    trace_header: str
    deadline_milliseconds: int
    payload: bytes


@dataclass(frozen=True, kw_only=True)
class Ready:
    """The runtime asked for the next invocation: initialisation, or the last invocation, is over."""


@dataclass(frozen=True, kw_only=True)
class Answered:
    """The runtime delivered the result of an invocation, or its error."""

    payload: bytes
    is_error: bool


@dataclass(frozen=True, kw_only=True)
class AnswerTooLarge:
    """The runtime tried to deliver more than Lambda takes."""


@dataclass(frozen=True, kw_only=True)
class InitFailed:
    """The runtime could not load the handler."""

    payload: bytes


@dataclass(frozen=True, kw_only=True)
class Exited:
    """The process ended; a negative code is a signal."""

    code: int


@dataclass(frozen=True, kw_only=True)
class TimedOut:
    """Nothing happened in time."""


type Event = Ready | Answered | AnswerTooLarge | InitFailed | Exited | TimedOut


class RuntimeApi:
    """Serves the API on a free port of 127.0.0.1 and turns the runtime's calls into events."""

    def __init__(self) -> None:
        self.events: queue.Queue[Event] = queue.Queue()
        self.invocations: queue.Queue[Invocation | None] = queue.Queue()
        api = self

        class Handler(_Handler):
            runtime_api = api

        self._server = _Server(("127.0.0.1", 0), Handler)
        # How long close() may take; half a second, the default, would be added to the answer about every crash.
        serve = partial(self._server.serve_forever, poll_interval=0.05)
        threading.Thread(target=serve, name="lambda-runtime-api", daemon=True).start()

    @property
    def address(self) -> str:
        """The value of AWS_LAMBDA_RUNTIME_API."""
        return f"127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        """Stop serving, and release a runtime that waits for its next invocation."""
        self.invocations.put(None)
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Say nothing: a process that dies in the middle of a call is noticed by its exit."""


class _Handler(BaseHTTPRequestHandler):
    runtime_api: RuntimeApi
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        if self.path != f"{_PREFIX}/invocation/next":
            self._answer(HTTPStatus.NOT_FOUND)
            return
        self.runtime_api.events.put(Ready())
        invocation = self.runtime_api.invocations.get()
        if invocation is None:
            self.close_connection = True
            return
        self._answer(
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
                self.runtime_api.events.put(AnswerTooLarge())
                self._answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
                return
            case ["invocation", _, "response"]:
                event = Answered(payload=body, is_error=False)
            case ["invocation", _, "error"]:
                event = Answered(payload=body, is_error=True)
            case _:
                self._answer(HTTPStatus.NOT_FOUND)
                return
        self.runtime_api.events.put(event)
        self._answer(HTTPStatus.ACCEPTED)

    def _answer(self, status: HTTPStatus, body: bytes = b"", headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing: a line for each call would drown LocalStack's log."""
