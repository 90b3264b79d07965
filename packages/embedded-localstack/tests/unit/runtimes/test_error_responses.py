import json
import signal

import pytest

from embedded_localstack.runtimes import error_responses


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        pytest.param(0, "Runtime exited without providing a reason", id="exit code 0"),
        pytest.param(3, "Runtime exited with error: exit status 3", id="exit code 3"),
        pytest.param(-signal.SIGKILL, "Runtime exited with error: signal: killed", id="SIGKILL"),
        pytest.param(-signal.SIGSEGV, "Runtime exited with error: signal: segmentation fault", id="segmentation fault"),
    ],
)
def test_error_of_an_exit_is_that_of_lambda(code: int, reason: str) -> None:
    assert json.loads(error_responses.exited("id-1", code)) == {
        "errorType": "Runtime.ExitError",
        "errorMessage": f"RequestId: id-1 Error: {reason}",
    }


def test_error_of_a_timeout_is_that_of_lambda() -> None:
    assert json.loads(error_responses.timed_out("id-1", 3)) == {
        "errorType": "Sandbox.Timedout",
        "errorMessage": "RequestId: id-1 Error: Task timed out after 3.00 seconds",
    }


def test_error_of_a_large_response_is_that_of_lambda() -> None:
    assert json.loads(error_responses.too_large()) == {
        "errorType": "Function.ResponseSizeTooLarge",
        "errorMessage": "Response payload size exceeded maximum allowed payload size (6291556 bytes).",
    }
