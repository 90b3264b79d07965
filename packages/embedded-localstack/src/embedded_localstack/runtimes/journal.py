"""The lines that Lambda writes around what a function writes.

https://docs.aws.amazon.com/lambda/latest/dg/python-logging.html (START, END, REPORT) and
https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html (Status, Error Type, INIT_REPORT)
"""

import math


def start(request_id: str, version: str) -> str:
    """The line before everything the function writes in an invocation."""
    return f"START RequestId: {request_id} Version: {version}\n"


def end(request_id: str) -> str:
    """The line after everything the function writes in an invocation."""
    return f"END RequestId: {request_id}\n"


def report(  # noqa: PLR0913  (the line has that many fields)
    request_id: str,
    *,
    milliseconds: float,
    memory_size: int,
    peak_memory: int,
    init_milliseconds: float | None,
    status: str = "",
) -> str:
    """The line with what the invocation took; durations in milliseconds, memory in MB."""
    fields = [
        f"REPORT RequestId: {request_id}",
        f"Duration: {milliseconds:.2f} ms",
        f"Billed Duration: {math.ceil(milliseconds)} ms",
        f"Memory Size: {memory_size} MB",
        f"Max Memory Used: {min(peak_memory, memory_size)} MB",
    ]
    if init_milliseconds is not None:
        fields.append(f"Init Duration: {init_milliseconds:.2f} ms")
    return "\t".join([*fields, status]).rstrip("\t") + "\n"


def init_report(milliseconds: float, phase: str, status: str) -> str:
    """The line about an initialisation that failed."""
    return f"INIT_REPORT Init Duration: {milliseconds:.2f} ms\tPhase: {phase}\t{status}\n"
