"""The START, END, REPORT and INIT_REPORT lines that Lambda adds to the log of a function.

https://docs.aws.amazon.com/lambda/latest/dg/python-logging.html (START, END, REPORT) and
https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html (Status, Error Type, INIT_REPORT)
"""

import math


def start(request_id: str, version: str) -> str:
    """Return the line before the output of an invocation."""
    return f"START RequestId: {request_id} Version: {version}\n"


def end(request_id: str) -> str:
    """Return the line after the output of an invocation."""
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
    """Return the line with the duration and the memory (in MB) of an invocation."""
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
    """Return the line of a failed initialisation."""
    return f"INIT_REPORT Init Duration: {milliseconds:.2f} ms\tPhase: {phase}\t{status}\n"
