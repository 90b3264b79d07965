"""An execution environment: initialises and invokes a function process, and restarts it after a failure.

https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
"""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from embedded_localstack.runtimes import error_responses, platform_logs
from embedded_localstack.runtimes.process import FunctionProcess
from embedded_localstack.runtimes.runtime_api import (
    Event,
    Exited,
    InitFailed,
    Invocation,
    Ready,
    Responded,
    ResponseTooLarge,
    TimedOut,
)

_SECONDS_TO_INITIALISE = 10.0


@dataclass(frozen=True, kw_only=True)
class SandboxConfig:
    """The settings of a function version; the timeout in seconds, memory in MB."""

    name: str
    version: str
    timeout: float
    memory_size: int
    task_root: Path
    environment: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Result:
    """The outcome of an invocation, with the lines for the function's log."""

    payload: bytes
    is_error: bool
    log: str


class Sandbox:
    """Keeps one process warm between invocations, and replaces it after a failure."""

    def __init__(self, config: SandboxConfig) -> None:
        self._config = config
        self._process: FunctionProcess | None = None
        self._log = ""
        self._init_milliseconds: float | None = None
        self._peak_memory = 0

    @property
    def function_name(self) -> str:
        """The name of the function."""
        return self._config.name

    def initialise(self) -> None:
        """Run the init phase; if it fails, the first invocation runs it again, as on AWS."""
        started = time.monotonic()
        if isinstance(self._start("init", started + _SECONDS_TO_INITIALISE), Ready):
            self._init_milliseconds = _milliseconds_since(started)

    def invoke(self, *, request_id: str, function_arn: str, trace_header: str, payload: bytes) -> Result:
        """Run one invocation, and return its result or its error."""
        started = time.monotonic()
        deadline = started + self._config.timeout
        self._log += platform_logs.start(request_id, self._config.version)
        if self._process and self._process.has_ended:
            self._discard(self._process)
        event = Ready() if self._process else self._start("invoke", deadline)
        if self._process:
            self._process.send(
                Invocation(
                    request_id=request_id,
                    function_arn=function_arn,
                    trace_header=trace_header,
                    deadline_milliseconds=int((time.time() + deadline - time.monotonic()) * 1000),
                    payload=payload,
                )
            )
            event = self._process.next_event(deadline)
            self._freeze_or_discard(event, deadline)
        response, is_error, status = self._outcome(event, request_id)
        return Result(payload=response, is_error=is_error, log=self._close_log(request_id, started, status))

    def kill(self) -> None:
        """Kill the process; the current invocation ends with an exit error."""
        if process := self._process:
            process.kill()

    def freeze(self) -> None:
        """Freeze the process; the current invocation ends with a timeout."""
        if process := self._process:
            process.freeze()

    def stop(self) -> None:
        """Stop the process; its remaining output is lost."""
        if self._process:
            self._discard(self._process)

    def _start(self, phase: str, deadline: float) -> Event:
        """Start a process, and return Ready; after a failure, stop it and return the event."""
        started = time.monotonic()
        process = FunctionProcess(environment=self._config.environment, task_root=self._config.task_root)
        event = process.next_event(deadline)
        if isinstance(event, Ready):
            process.freeze()
            self._process = process
        else:
            self._discard(process)
            self._log += platform_logs.init_report(_milliseconds_since(started), phase, _status(event))
        return event

    def _freeze_or_discard(self, event: Event, deadline: float) -> None:
        """Freeze the process if it waits for its next invocation, else stop it."""
        if process := self._process:
            self._peak_memory = process.peak_memory_megabytes() or self._peak_memory
            if isinstance(event, Responded) and isinstance(process.next_event(deadline), Ready):
                process.freeze()
                self._log += process.output.take()
            else:
                self._discard(process)

    def _discard(self, process: FunctionProcess) -> None:
        process.stop()
        self._process = None
        self._log += process.output.take()

    def _outcome(self, event: Event, request_id: str) -> tuple[bytes, bool, str]:
        """Return the payload, whether it is an error, and the status for the REPORT line."""
        match event:
            case Responded(payload=payload, is_error=is_error):
                return payload, is_error, ""
            case InitFailed(payload=payload):
                return payload, True, _status(event)
            case ResponseTooLarge():
                return error_responses.too_large(), True, ""
            case Exited(code=code):
                return error_responses.exited(request_id, code), True, _status(event)
            case _:
                return error_responses.timed_out(request_id, self._config.timeout), True, _status(event)

    def _close_log(self, request_id: str, started: float, status: str) -> str:
        log, self._log = self._log, ""
        if not log.endswith("\n"):
            log += "\n"
        init_milliseconds, self._init_milliseconds = self._init_milliseconds, None
        return (
            log
            + platform_logs.end(request_id)
            + platform_logs.report(
                request_id,
                milliseconds=_milliseconds_since(started),
                memory_size=self._config.memory_size,
                peak_memory=self._peak_memory,
                init_milliseconds=init_milliseconds,
                status=status,
            )
        )


def _status(event: Event) -> str:
    match event:
        case TimedOut():
            return "Status: timeout"
        case InitFailed(payload=payload):
            return f"Status: error\tError Type: {json.loads(payload)['errorType']}"
        case _:
            return f"Status: error\tError Type: {error_responses.EXIT_ERROR}"


def _milliseconds_since(started: float) -> float:
    return (time.monotonic() - started) * 1000
