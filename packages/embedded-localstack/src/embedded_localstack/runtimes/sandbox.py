"""One execution environment: a function process, initialised, invoked, and begun again after a failure.

https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
"""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from embedded_localstack.runtimes import error_responses as answers
from embedded_localstack.runtimes import journal
from embedded_localstack.runtimes.process import FunctionProcess
from embedded_localstack.runtimes.runtime_api import (
    Answered,
    AnswerTooLarge,
    Event,
    Exited,
    InitFailed,
    Invocation,
    Ready,
    TimedOut,
)

_SECONDS_TO_INITIALISE = 10.0


@dataclass(frozen=True, kw_only=True)
class SandboxConfig:
    """What distinguishes one function version from another; the timeout in seconds, memory in MB."""

    name: str
    version: str
    timeout: float
    memory_size: int
    task_root: Path
    environment: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Result:
    """The outcome of an invocation, with everything that belongs into the function's log."""

    payload: bytes
    is_error: bool
    log: str


class Sandbox:
    """Keeps one process warm between invocations and replaces it when it has failed."""

    def __init__(self, config: SandboxConfig) -> None:
        self._config = config
        self._process: FunctionProcess | None = None
        self._log = ""
        self._init_milliseconds: float | None = None
        self._peak_memory = 0

    @property
    def function_name(self) -> str:
        """The function whose code runs here."""
        return self._config.name

    def initialise(self) -> None:
        """Run the init phase; where it fails, the first invocation runs it again, as on AWS."""
        started = time.monotonic()
        if isinstance(self._start("init", started + _SECONDS_TO_INITIALISE), Ready):
            self._init_milliseconds = _milliseconds_since(started)

    def invoke(self, *, request_id: str, function_arn: str, trace_header: str, payload: bytes) -> Result:
        """Run one invocation to its end, whatever that is."""
        started = time.monotonic()
        deadline = started + self._config.timeout
        self._log += journal.start(request_id, self._config.version)
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
            self._settle(event, deadline)
        answer, is_error, status = self._judge(event, request_id)
        return Result(payload=answer, is_error=is_error, log=self._close_log(request_id, started, status))

    def kill(self) -> None:
        """Kill the process in the middle of what it does; the invocation that runs ends with an exit error."""
        if process := self._process:
            process.kill()

    def freeze(self) -> None:
        """Hold the process in the middle of what it does; the invocation that runs ends with a timeout."""
        if process := self._process:
            process.freeze()

    def end(self) -> None:
        """End the process; what it still had to say is lost."""
        if self._process:
            self._discard(self._process)

    def _start(self, phase: str, deadline: float) -> Event:
        """Start a process and return Ready, or what went wrong with the process already gone."""
        started = time.monotonic()
        process = FunctionProcess(environment=self._config.environment, task_root=self._config.task_root)
        event = process.next_event(deadline)
        if isinstance(event, Ready):
            process.freeze()
            self._process = process
        else:
            self._discard(process)
            self._log += journal.init_report(_milliseconds_since(started), phase, _status(event))
        return event

    def _settle(self, event: Event, deadline: float) -> None:
        """Keep the process if it is waiting for its next invocation, and else end it."""
        if process := self._process:
            self._peak_memory = process.peak_memory_megabytes() or self._peak_memory
            if isinstance(event, Answered) and isinstance(process.next_event(deadline), Ready):
                process.freeze()
                self._log += process.output.take()
            else:
                self._discard(process)

    def _discard(self, process: FunctionProcess) -> None:
        process.end()
        self._process = None
        self._log += process.output.take()

    def _judge(self, event: Event, request_id: str) -> tuple[bytes, bool, str]:
        """Return the payload, whether it is an error, and the status for the REPORT line."""
        match event:
            case Answered(payload=payload, is_error=is_error):
                return payload, is_error, ""
            case InitFailed(payload=payload):
                return payload, True, _status(event)
            case AnswerTooLarge():
                return answers.too_large(), True, ""
            case Exited(code=code):
                return answers.exited(request_id, code), True, _status(event)
            case _:
                return answers.timed_out(request_id, self._config.timeout), True, _status(event)

    def _close_log(self, request_id: str, started: float, status: str) -> str:
        log, self._log = self._log, ""
        if not log.endswith("\n"):
            log += "\n"
        init_milliseconds, self._init_milliseconds = self._init_milliseconds, None
        return (
            log
            + journal.end(request_id)
            + journal.report(
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
            return f"Status: error\tError Type: {answers.EXIT_ERROR}"


def _milliseconds_since(started: float) -> float:
    return (time.monotonic() - started) * 1000
