"""The error payloads of Lambda for functions that time out, exit or return too much.

The texts are those of AWS: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
(failures during the invoke phase) and https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html.
"""

import json
import signal

from embedded_localstack.runtimes.runtime_api import LARGEST_RESPONSE

EXIT_ERROR = "Runtime.ExitError"


def timed_out(request_id: str, seconds: float) -> bytes:
    """Return the error of a function that exceeded its timeout."""
    return _error("Sandbox.Timedout", f"RequestId: {request_id} Error: Task timed out after {seconds:.2f} seconds")


def exited(request_id: str, code: int) -> bytes:
    """Return the error of a process that exited before it responded; a negative code is a signal."""
    if code == 0:
        reason = "Runtime exited without providing a reason"
    elif code > 0:
        reason = f"Runtime exited with error: exit status {code}"
    else:
        reason = f"Runtime exited with error: signal: {(signal.strsignal(-code) or str(-code)).lower()}"
    return _error(EXIT_ERROR, f"RequestId: {request_id} Error: {reason}")


def too_large() -> bytes:
    """Return the error of a function whose response exceeds Lambda's limit."""
    return _error(
        "Function.ResponseSizeTooLarge",
        f"Response payload size exceeded maximum allowed payload size ({LARGEST_RESPONSE} bytes).",
    )


def _error(error_type: str, message: str) -> bytes:
    return json.dumps({"errorType": error_type, "errorMessage": message}).encode()
