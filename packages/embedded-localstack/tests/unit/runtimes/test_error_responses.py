import json
import signal

import pytest

from embedded_localstack.runtimes import error_responses as answers


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        pytest.param(0, "Runtime exited without providing a reason", id="an exit without an error"),
        pytest.param(3, "Runtime exited with error: exit status 3", id="an exit code"),
        pytest.param(-signal.SIGKILL, "Runtime exited with error: signal: killed", id="a kill"),
        pytest.param(-signal.SIGSEGV, "Runtime exited with error: signal: segmentation fault", id="a bad access"),
    ],
)
def test_an_exit_is_answered_in_the_words_of_lambda(code: int, reason: str) -> None:
    assert json.loads(answers.exited("id-1", code)) == {
        "errorType": "Runtime.ExitError",
        "errorMessage": f"RequestId: id-1 Error: {reason}",
    }


def test_a_timeout_is_answered_in_the_words_of_lambda() -> None:
    assert json.loads(answers.timed_out("id-1", 3)) == {
        "errorType": "Sandbox.Timedout",
        "errorMessage": "RequestId: id-1 Error: Task timed out after 3.00 seconds",
    }


def test_too_large_a_result_is_answered_in_the_words_of_lambda() -> None:
    assert json.loads(answers.too_large()) == {
        "errorType": "Function.ResponseSizeTooLarge",
        "errorMessage": "Response payload size exceeded maximum allowed payload size (6291556 bytes).",
    }
